# SPDX-License-Identifier: GPL-2.0-only
"""The command deps: installs the Debian packages that packages.txt lists."""

import os
import shutil
import subprocess
import sys

from waflib import Context, Logs

INSTALL = ["apt-get", "install", "-qy", "--no-install-recommends"]


def listed(text):
    """Returns the packages' names: the first word of each line that is not a comment."""
    lines = (line.split() for line in text.splitlines())
    return [words[0] for words in lines if words and not words[0].startswith("#")]


def missing(packages):
    """Returns those of the packages that are not installed."""
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"] + packages
    answer = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [name for name in packages if f"{name} installed" not in answer.stdout.splitlines()]


def become_root():
    """Returns the words before a command that make it run as root; None if there are none."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    return None


class DepsContext(Context.Context):
    """installs the packages listed in packages.txt that are missing"""

    cmd = "deps"

    def execute(self):
        packages = listed(self.path.find_node("packages.txt").read())
        if not (shutil.which("apt-get") and shutil.which("dpkg-query")):
            self.fatal(f"deps: no apt-get here; install what stands for: {' '.join(packages)}")
        wanted = missing(packages)
        if not wanted:
            Logs.info("deps: all %d packages are there", len(packages))
            return
        by_hand = "apt-get update && " + " ".join(INSTALL + wanted)
        root = become_root()
        if root is None:
            self.fatal(f"deps: packages are missing, and there is no sudo; as root:\n{by_hand}")
        Logs.info("deps: installing %s", " ".join(wanted))
        apt = root + ["env", "DEBIAN_FRONTEND=noninteractive"]
        # A foreign source that does not answer is no reason to stop: the installation decides.
        subprocess.run(apt + ["apt-get", "update", "-q"])
        if subprocess.run(apt + INSTALL + wanted).returncode:
            self.fatal(f"deps: apt-get failed; to see why, as root:\n{by_hand}")
