# SPDX-License-Identifier: GPL-2.0-only
"""What ./waf test counts, tried on a program that behaves like one of GoogleTest's."""

import contextlib
import io
import os
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "waf-tools"))

import gtest_runner  # noqa: E402
from gtest_runner import Tally  # noqa: E402

# The tests of the stand-in are named for what they do.
PROGRAM = """#!/usr/bin/python3
import json, os, sys
options = dict(word.lstrip("-").split("=", 1) for word in sys.argv[1:] if "=" in word)
names = os.environ["NAMES"].split()
if "--gtest_list_tests" in sys.argv:
    if "unlisted" in names:
        sys.exit(3)
    print("Running main() from gtest_main.cc\\nSuite.")
    for name in names:
        print("  " + name)
    sys.exit()
report = []
for full in options["gtest_filter"].split(":"):
    name = full.split(".")[1]
    print(f"[ RUN      ] {full}\\nthe words of {name}", flush=True)
    if name == "crash":
        os.abort()
    test = {"name": name, "result": "SKIPPED" if name == "skip" else "COMPLETED"}
    if name == "fail":
        test["failures"] = [{"failure": "so"}]
    report.append(test)
with open(options["gtest_output"].removeprefix("json:"), "w") as file:
    json.dump({"testsuites": [{"name": "Suite", "testsuite": report}]}, file)
sys.exit("fail" in [test["name"] for test in report] or "leak" in names)
"""


class GtestRunner(unittest.TestCase):
    def run_all(self, *names):
        """Returns the tally of a program with these tests, and what was printed."""
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(folder, "program")
            with open(program, "w", encoding="utf-8") as file:
                file.write(PROGRAM)
            os.chmod(program, 0o755)
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                runner = gtest_runner.Runner(folder, {"NAMES": " ".join(names)})
                tally = runner.run_all(program, "", cores=1)
            return tally, said.getvalue()

    def test_counts_each_kind(self):
        tally, said = self.run_all("good", "skip", "fail", "fine")
        self.assertEqual(tally, Tally(2, 1, 1))
        self.assertEqual(str(tally), "2 passed, 1 failed, 1 skipped")
        self.assertIn("the words of fail", said)
        self.assertNotIn("the words of good", said)

    def test_more_tests_than_processes(self):
        tally, _ = self.run_all(*[f"good{n}" for n in range(50)], "fail")
        self.assertEqual(tally, Tally(50, 1, 0))

    def test_crash_fails_one_test_and_the_others_still_run(self):
        names = ["good0", "good1", "crash", "good2"] + [f"more{n}" for n in range(16)]
        tally, said = self.run_all(*names)
        self.assertEqual(tally, Tally(19, 1, 0))
        self.assertIn("Suite.crash ended the process", said)

    def test_bad_exit_status_after_good_tests_is_a_failure(self):
        tally, _ = self.run_all("leak")
        self.assertEqual(tally, Tally(1, 1, 0))

    def test_program_that_cannot_list_is_a_failure(self):
        tally, _ = self.run_all("unlisted")
        self.assertEqual(tally, Tally(0, 1, 0))

    def test_parameterised_names(self):
        listing = "Main\nSuite.\n  Plain\nAll/Grid.\n  Holds/0  # GetParam() = 4\n  Holds/1  # 5\n"
        self.assertEqual(
            gtest_runner.parse_list(listing),
            ["Suite.Plain", "All/Grid.Holds/0", "All/Grid.Holds/1"],
        )

    def test_python_tests(self):
        source = "import unittest\nclass T(unittest.TestCase):\n"
        source += "    def test_a(self): pass\n    def test_b(self): self.fail()\n"
        source += "    def test_c(self): self.skipTest('why')\n"
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "it_test.py"), "w", encoding="utf-8") as file:
                file.write(source)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                tally = gtest_runner.Runner(folder, {}).run_unittests(folder)
        self.assertEqual(tally, Tally(1, 1, 1))
        self.assertIn("test_b", said.getvalue())


if __name__ == "__main__":
    unittest.main()
