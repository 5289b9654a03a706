# SPDX-License-Identifier: GPL-2.0-only
"""The launcher ./waf and the command deps, each in an empty folder."""

import os
import shutil
import subprocess
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNPACKED = os.path.join(TOP, ".waf")


class Sandbox(unittest.TestCase):
    """A folder with the launcher in it."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.bin = os.path.join(self.folder, "bin")
        os.mkdir(self.bin)
        shutil.copy(os.path.join(TOP, "waf"), self.folder)

    def command(self, name, script):
        """Puts a shell script on PATH."""
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + script)
        os.chmod(path, 0o755)

    def waf(self, *arguments):
        """Runs the launcher with nothing on PATH but the test's own commands."""
        return subprocess.run(
            ["/bin/sh", os.path.join(self.folder, "waf"), *arguments],
            cwd=self.folder,
            env={"PATH": self.bin},
            capture_output=True,
            text=True,
        )


class Launcher(Sandbox):
    def test_waf_on_path_comes_first(self):
        self.command("python3", 'exec /usr/bin/python3 "$@"\n')
        self.command("waf", 'echo "the real one: $*"\n')
        self.assertEqual(self.waf("build", "test").stdout, "the real one: build test\n")

    @unittest.skipIf(os.path.isdir("/usr/lib/python3/dist-packages/xpdeint"), "xmds2 is installed")
    def test_says_what_to_install_when_nothing_helps(self):
        self.command("python3", 'exec /usr/bin/python3 "$@"\n')
        done = self.waf("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install xmds2", done.stderr)


@unittest.skipUnless(os.path.isdir(UNPACKED), "waflib is not in .waf/")
class Deps(Sandbox):
    """With a dpkg-query that knows `here` and an apt-get that writes down what it is told."""

    def setUp(self):
        super().setUp()
        os.symlink(UNPACKED, os.path.join(self.folder, ".waf"))
        os.symlink(os.path.join(TOP, "waf-tools"), os.path.join(self.folder, "waf-tools"))
        with open(os.path.join(self.folder, "wscript"), "w", encoding="utf-8") as file:
            file.write("def options(opt):\n    opt.load('deps', tooldir='waf-tools')\n")
        self.command("python3", 'exec /usr/bin/python3 "$@"\n')
        self.command("env", 'exec /usr/bin/env "$@"\n')
        self.command("sudo", '[ "$1" = -n ] && shift; exec "$@"\n')
        self.command("dpkg-query", "echo here installed; echo removed config-files\n")

    def deps(self, packages, apt_get):
        """Runs ./waf deps; returns what it did and the command lines that apt-get was given."""
        with open(os.path.join(self.folder, "packages.txt"), "w", encoding="utf-8") as file:
            file.write(packages)
        self.command("apt-get", 'echo "$@" >>apt.log\n' + apt_get)
        done = self.waf("deps")
        log = os.path.join(self.folder, "apt.log")
        lines = []
        if os.path.exists(log):
            with open(log, encoding="utf-8") as file:
                lines = file.read().splitlines()
        return done, lines

    def test_does_nothing_when_all_is_there(self):
        done, lines = self.deps("# a comment\nhere  for this\n\n", "exit 1\n")
        self.assertEqual((done.returncode, lines), (0, []), done.stderr)

    def test_installs_only_what_is_missing(self):
        done, lines = self.deps("here  for this\nremoved  for that\nnew  for more\n", "exit 0\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(lines[0], "update -q")
        self.assertEqual(lines[1], "install -qy --no-install-recommends removed new")

    def test_says_how_to_get_what_it_cannot_install(self):
        done, _ = self.deps("new  for more\n", "exit 100\n")
        self.assertEqual(done.returncode, 1)
        by_hand = "apt-get update && apt-get install -qy --no-install-recommends new"
        self.assertIn(by_hand, done.stderr)


if __name__ == "__main__":
    unittest.main()
