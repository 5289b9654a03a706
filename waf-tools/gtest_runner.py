# SPDX-License-Identifier: GPL-2.0-only
"""Runs tests, GoogleTest's and Python's, spread over the cores, and counts them."""

import collections
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import tempfile

PYTHON = "/usr/bin/python3"  # the one that Debian's matplotlib is for
CHUNKS_PER_CORE = 4
LIMIT_SECONDS = 600  # for one process: a test that hangs is one that failed


class Tally(collections.namedtuple("Tally", "passed failed skipped", defaults=(0, 0, 0))):
    """How many tests did what."""

    def __add__(self, other):
        return Tally(*map(sum, zip(self, other)))

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def parse_list(text):
    """Returns the tests' full names in the output of --gtest_list_tests."""
    names, suite = [], ""
    for line in text.splitlines():
        name = line.split("#")[0].rstrip()
        if name.startswith("  "):
            names.append(suite + name.strip())
        elif name.endswith("."):
            suite = name
    return names


def said_by(name, output):
    """Returns what a program printed during one test; all of it if that cannot be told apart."""
    begin = rf"^\[ RUN      \] {re.escape(name)}\n"
    lines = re.search(begin + r".*?(?=\[ RUN      \]|\[-----|\Z)", output, re.M | re.S)
    return (lines.group() if lines else output).rstrip()


def count_report(report, output):
    """Returns the tally of gtest's JSON report, after printing what the tests that failed said."""
    tally = Tally()
    for suite in report["testsuites"]:
        for test in suite["testsuite"]:
            name = f"{suite['name']}.{test['name']}"
            if test.get("failures"):
                print(said_by(name, output), flush=True)
                tally += Tally(failed=1)
            elif test.get("result") == "COMPLETED":
                tally += Tally(passed=1)
            else:
                print(f"skipped: {name}", flush=True)
                tally += Tally(skipped=1)
    return tally


class Runner:
    """Runs tests in a folder, with additions to the environment."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = {**os.environ, **environment}

    def run(self, command):
        """Returns a command's exit status, None if it was too slow, and what it printed."""
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=LIMIT_SECONDS,
            )
        except subprocess.TimeoutExpired as slow:
            return None, (slow.stdout or b"").decode(errors="replace")
        return done.returncode, done.stdout.decode(errors="replace")

    def run_chunk(self, program, names):
        """Runs some tests of a gtest program, in a new process after each that ends its process."""
        tally = Tally()
        while names:
            status, output, counted = self.run_process(program, names)
            if counted:
                return tally + counted
            begun = re.findall(r"^\[ RUN      \] (\S+)$", output, re.M)
            why = "took too long" if status is None else f"exit status {status}"
            if not begun or begun[-1] not in names:
                print(f"{output}\n{program} ended before any test: {why}", flush=True)
                return tally + Tally(failed=len(names))
            print(f"{said_by(begun[-1], output)}\n{begun[-1]} ended the process: {why}", flush=True)
            tally += Tally(failed=1)
            names = [name for name in names if name != begun[-1]]  # those before it run again
        return tally

    def run_process(self, program, names):
        """Returns the exit status, the output and the tally; None for it if gtest did not end."""
        with tempfile.TemporaryDirectory() as scratch:
            file = os.path.join(scratch, "report.json")
            only = f"--gtest_filter={':'.join(names)}"
            report = f"--gtest_output=json:{file}"
            status, output = self.run([program, only, report, "--gtest_color=no"])
            if not os.path.exists(file):
                return status, output, None
            with open(file, encoding="utf-8") as text:
                counted = count_report(json.load(text), output)
        if status and not counted.failed:  # such as a leak that is found at the end
            print(f"{output}\nexit status {status} after the tests", flush=True)
            counted += Tally(failed=1)
        return status, output, counted

    def run_unittests(self, tests):
        """Runs the Python tests of a folder, *_test.py."""
        discover = ["-m", "unittest", "discover", "-s", tests, "-p", "*_test.py"]
        status, output = self.run([PYTHON, "-B", *discover])
        if status != 0:
            print(f"{tests}:\n{output}", flush=True)
        ran = re.search(r"^Ran (\d+) tests? in .*\n\n(.*)", output, re.M)
        if not ran:
            return Tally(failed=1)
        counts = dict(re.findall(r"(failures|errors|skipped)=(\d+)", ran.group(2)))
        skipped = int(counts.get("skipped", 0))
        failed = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
        if status and not failed:
            failed = 1
        return Tally(max(0, int(ran.group(1)) - failed - skipped), failed, skipped)

    def run_all(self, program, pattern, cores):
        """Runs the tests whose names fit gtest's pattern; the Python tests if it is empty."""
        status, listing = self.run(
            [program, "--gtest_list_tests", f"--gtest_filter={pattern or '*'}"]
        )
        if status != 0:
            print(f"{listing}\n{program} cannot list its tests: exit status {status}", flush=True)
            return Tally(failed=1)
        names = parse_list(listing)
        chunks = min(len(names), CHUNKS_PER_CORE * cores)
        jobs = [(self.run_chunk, program, names[i::chunks]) for i in range(chunks)]
        if not pattern:
            files = glob.glob(f"{self.folder}/tests/**/*_test.py", recursive=True)
            folders = sorted({os.path.dirname(file) for file in files})
            jobs += [(self.run_unittests, folder) for folder in folders]
        with concurrent.futures.ThreadPoolExecutor(cores) as pool:
            done = [pool.submit(*job) for job in jobs]
            return sum((job.result() for job in done), Tally())
