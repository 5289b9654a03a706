#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of the figures of chats through NATs, on results files of a few sessions."""

import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "plots"))

import nat_population  # noqa: E402
import nat_results  # noqa: E402
import nat_timers  # noqa: E402
import p2pim_style  # noqa: E402
import results_file  # noqa: E402

SECOND = 10**9


def make_results(path, sessions, policy="Allowed"):
    """A results file; a session is (scheme, bearer, initiator, target, diagnosis, relayed, time to
    the first message or None, delay of the answer or None)."""
    database = results_file.create(path, [("Ggsn.MsToMs", policy)],
                                   [("status", "complete"), ("scenario", "NatScenario"),
                                    ("program_version", "1.0")])
    runs = {}
    for idx, (scheme, bearer, initiator, target, diagnosis, relayed, first,
              delay) in enumerate(sessions):
        if scheme not in runs:
            runs[scheme] = database.execute("INSERT INTO run VALUES (NULL, 0, ?, 1, 0, 0, 0)",
                                            (scheme,)).lastrowid
        key = (runs[scheme], idx)
        database.execute(
            "INSERT INTO session (run_id, idx, bearer, succeeded, cause, diagnosis,"
            " initiator_access, target_access, first_message_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, bearer, first is not None, "" if first else "not traversed", diagnosis,
             initiator, target, None if first is None else round(first * SECOND)))
        if delay is not None:
            steps = [("answer_submitted", 10), ("answer_delivered", 10 + delay)]
            if first is not None:
                steps.append(("ready", 12 + delay))
            for ordinal, (name, time) in enumerate(steps):
                database.execute("INSERT INTO step VALUES (?, ?, ?, ?, ?)",
                                 (*key, ordinal, name, time * SECOND))
        if relayed:
            database.execute("INSERT INTO attempt VALUES (?, ?, 0, 1, 'relay', '', '', 1, 0, 1, '')",
                             key)
    database.commit()
    database.close()


SESSIONS = [
    ("punch", "warm", "open", "65s", "", False, 12, 20),
    ("punch", "warm-other", "open", "65s", "", False, 14, 24),
    ("punch", "warm", "open", "65s", "filtered", False, None, 71),
    ("relay", "warm", "open", "open", "", True, 16, 20),
    ("relay", "warm-other", "open", "65s", "", False, None, None),
]


class NatPlotsTest(results_file.FigureTest):
    """Has a folder of its own."""

    def read(self, sessions):
        make_results(self.results, sessions)
        database = p2pim_style.open_results(str(self.results))
        self.addCleanup(database.close)
        return nat_results.read_sessions(database)

    def run_script(self, name, *arguments):
        return subprocess.run(["/usr/bin/python3", "-B", ROOT / "plots" / name, *map(str, arguments)],
                              capture_output=True, text=True, check=False, cwd=self.folder)

    def test_share_and_median_are_of_the_group(self):
        groups = nat_results.group(self.read(SESSIONS), "scheme", "target")
        self.assertAlmostEqual(nat_results.get_share(groups["punch", "65s"]), 2 / 3)
        self.assertEqual(nat_results.get_median(groups["punch", "65s"]), 13)
        self.assertIsNone(nat_results.get_median(groups["relay", "65s"]))

    def test_outcome_is_the_diagnosis_or_what_the_phone_saw(self):
        self.assertEqual([nat_population.get_outcome(each) for each in self.read(SESSIONS)],
                         ["direct connection", "direct connection", "filtered", "over the relay",
                          "not traversed"])

    def test_delays_fall_into_bins_of_five_seconds(self):
        sessions = self.read(SESSIONS)
        bins = nat_timers.bin_sessions(sessions[:3])
        self.assertEqual([(delay, len(each)) for delay, each in bins], [(22.5, 2), (72.5, 1)])
        self.assertEqual([nat_timers.get_wait(each) for each in sessions], [2, 2, None, 2, None])
        self.assertEqual(nat_timers.get_lifetime("65s"), 65)
        self.assertIsNone(nat_timers.get_lifetime("open"))

    def test_each_draws(self):
        make_results(self.results, SESSIONS)
        make_results(self.folder / "b.sqlite", SESSIONS, "Barred")
        for script, *more in (("nat_matrix.py",), ("nat_timers.py",), ("nat_population.py",),
                              ("nat_same_operator.py", "b.sqlite")):
            done = self.run_script(script, "results.sqlite", *more, "--output", "a.png")
            self.assertEqual((done.returncode, done.stderr, done.stdout), (0, "", "a.png\n"))
            self.assertTrue((self.folder / "a.png").read_bytes().startswith(b"\x89PNG"))

    def test_refuses_other_results_in_one_line(self):
        make_results(self.results, [("p2p", "warm", "", "", "", False, 5, None)])
        for script in ("nat_matrix.py", "nat_timers.py", "nat_population.py",
                       "nat_same_operator.py"):
            done = self.run_script(script, "results.sqlite")
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr, f"{script}: results.sqlite: no session tells what its "
                                          "phones are behind\n")


if __name__ == "__main__":
    unittest.main()
