#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of plots/setup_time.py, on results files of a few sessions."""

import pathlib
import sqlite3
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "plots" / "setup_time.py"
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "plots"))

import p2pim_style  # noqa: E402
import results_file  # noqa: E402
import setup_time  # noqa: E402

SECOND = 10**9


def make_results(path, sessions):
    """A results file; a session is (scheme, bearer, steps), its time that of first_received."""
    database = results_file.create(path, meta=[("scenario", "SetupTime"),
                                               ("program_version", "0.1.0"),
                                               ("status", "complete")])
    runs = {}
    for idx, (scheme, bearer, steps) in enumerate(sessions):
        if scheme not in runs:
            runs[scheme] = database.execute("INSERT INTO run VALUES (NULL, 0, ?, 1, 0, 0, 0)",
                                            (scheme,)).lastrowid
        received = dict(steps).get("first_received")
        first = None if received is None else round((received - steps[0][1]) * SECOND)
        database.execute("INSERT INTO session VALUES (?, ?, ?, ?, '', '', '', '', NULL, ?)",
                         (runs[scheme], idx, bearer, first is not None, first))
        for ordinal, (name, time) in enumerate(steps):
            database.execute("INSERT INTO step VALUES (?, ?, ?, ?, ?)",
                             (runs[scheme], idx, ordinal, name, round(time * SECOND)))
    database.commit()
    database.close()


SESSIONS = [
    ("p2p", "cold", [("pressed", 5), ("attached", 7), ("ready", 15), ("first_received", 16)]),
    ("p2p", "cold", [("pressed", 5), ("attached", 8), ("ready", 18), ("first_received", 18),
                     ("last_received", 90)]),
    ("p2p", "warm", [("pressed", 5), ("ready", 10), ("first_received", 11)]),
    ("p2p", "warm", [("pressed", 5), ("attached", 50)]),
    ("sip-message", "cold", [("pressed", 1), ("attached", 3), ("first_received", 4)]),
]


class SetupTimeTest(results_file.FigureTest):
    """Runs the script as a user does, and its reading of a file as a module."""

    def run_script(self, *arguments):
        return subprocess.run(["/usr/bin/python3", "-B", str(SCRIPT), *map(str, arguments)],
                              capture_output=True, text=True, check=False)

    def expect_error(self, words, *arguments):
        done = self.run_script(*arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(words, done.stderr)

    def read_groups(self):
        database = p2pim_style.open_results(str(self.results))
        self.addCleanup(database.close)
        return {group.label: group for group in setup_time.read_groups(database)}

    def test_draws_the_same_octets_each_time(self):
        make_results(self.results, SESSIONS)
        done = self.run_script(self.results, "--output", self.png)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        octets = self.png.read_bytes()
        self.assertTrue(octets.startswith(b"\x89PNG"))
        self.assertEqual(self.run_script(self.results, "--output", self.png).returncode, 0)
        self.assertEqual(self.png.read_bytes(), octets)
        self.assertNotIn(b"Software", octets)

    def test_phases_end_with_the_first_message_and_add_up_to_its_time(self):
        make_results(self.results, SESSIONS)
        groups = self.read_groups()
        cold = groups["p2p, cold"]
        self.assertEqual(cold.mean(), 12)  # (11 + 13) / 2
        self.assertEqual(cold.mean_phase("attached"), 2.5)
        self.assertEqual(cold.mean_phase("ready"), 9)
        self.assertNotIn("last_received", cold.phases)
        self.assertAlmostEqual(sum(map(cold.mean_phase, cold.phases)), cold.mean())

    def test_failed_sessions_count_in_the_share_only(self):
        make_results(self.results, SESSIONS)
        warm = self.read_groups()["p2p, warm"]
        self.assertEqual(warm.sessions, 2)
        self.assertEqual(warm.times, [6])
        self.assertEqual(warm.mean_phase("attached"), 0)

    def test_phases_that_take_no_time_are_not_drawn(self):
        sessions = [("p2p", "cold", [("pressed", 0), ("listening", 0), ("zzz", 4),
                                     ("attached", 9), ("ready", 9.01), ("first_received", 10)])]
        make_results(self.results, sessions)
        groups = list(self.read_groups().values())
        self.assertEqual(setup_time.choose_phases(groups), ["attached", "first_received", "zzz"])

    def test_interval_is_that_of_the_normal_distribution(self):
        group = setup_time.Group("p2p", "cold")
        group.times = [1.0, 3.0] * 50  # s = 1.00504, n = 100
        self.assertAlmostEqual(group.half_interval(), 1.96 * 1.00504 / 10, places=4)

    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    def test_band_is_wilsons(self):
        low, high = setup_time.style.make_band(setup_time.np.array([0.0, 81 / 263]), 263)
        self.assertAlmostEqual(low[0], 0)
        self.assertAlmostEqual(low[1], 0.2553, places=4)
        self.assertAlmostEqual(high[1], 0.3662, places=4)

    def test_missing_file(self):
        self.expect_error("there is no such file", self.folder / "none.sqlite")

    def test_files_that_are_not_results(self):
        self.results.write_bytes(b"")
        self.expect_error("is empty", self.results)
        self.results.write_text("scheme,seed\n" * 100, encoding="utf-8")
        self.expect_error("not a results file of p2pim", self.results)
        self.expect_error("not a results file of p2pim", self.folder)
        self.results.unlink()
        other = sqlite3.connect(self.results)
        other.execute("CREATE TABLE other (a)")
        other.close()
        self.expect_error("not a results file of p2pim", self.results)

    def test_another_schema(self):
        make_results(self.results, SESSIONS)
        database = sqlite3.connect(self.results)
        database.execute("PRAGMA user_version = 99")
        database.close()
        self.expect_error("version 99", self.results)

    def test_no_sessions(self):
        make_results(self.results, [])
        self.expect_error("no session in this file has a first message", self.results,
                          "--output", self.png)
        self.assertFalse(self.png.exists())

    def test_folder_that_is_missing(self):
        make_results(self.results, SESSIONS)
        self.expect_error("cannot be written: No such file or directory", self.results,
                          "--output", self.folder / "none" / "figure.png")


if __name__ == "__main__":
    unittest.main()
