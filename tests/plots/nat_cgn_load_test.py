#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of plots/nat_cgn_load.py, on results files of a few chats and on its theory."""

import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "plots"))

import nat_cgn_load  # noqa: E402
import nat_results  # noqa: E402
import numpy as np  # noqa: E402
import p2pim_style  # noqa: E402
import results_file  # noqa: E402

SECOND = 10**9
STEPS = {"initiator": [("listening", 0), ("gathered", 6), ("answer_delivered", 26)],
         "target": [("target_bearer_up", 10), ("target_gathered", 16)]}


def make_results(path, window, kinds):
    """A results file with a chat for each (role, kind, success, SYNs)."""
    database = results_file.create(path, [("PeerToPeerClient.PredictedPorts", window)],
                                   [("status", "complete"), ("scenario", "NatScenario"),
                                    ("program_version", "1.0")])
    run = database.execute("INSERT INTO run VALUES (NULL, 0, 'predicted-punch', 1, 0, 0, 0)").lastrowid
    for idx, (role, kind, success, tries) in enumerate(kinds):
        access = (kind, "") if role == "initiator" else ("", kind)
        database.execute(
            "INSERT INTO session (run_id, idx, bearer, succeeded, cause, diagnosis,"
            " initiator_access, target_access, first_message_ns) VALUES (?, ?, '', ?, '', '', ?, ?, ?)",
            (run, idx, success, *access, 30 * SECOND if success else None))
        for ordinal, (name, time) in enumerate(STEPS[role]):
            database.execute("INSERT INTO step VALUES (?, ?, ?, ?, ?)",
                             (run, idx, ordinal, name, time * SECOND))
        if tries:
            database.execute("INSERT INTO attempt VALUES (?, ?, 0, 1, 'srflx', '', '', ?, 0, 1, '')",
                             (run, idx, tries))
    database.commit()
    database.close()


class NatCgnLoadTest(results_file.FigureTest):
    """Has a folder of its own."""

    def run_script(self, *arguments):
        return subprocess.run(["/usr/bin/python3", "-B", ROOT / "plots" / "nat_cgn_load.py",
                               *map(str, arguments)],
                              capture_output=True, text=True, check=False, cwd=self.folder)

    def test_without_load_the_port_is_always_met(self):
        self.assertAlmostEqual(nat_cgn_load.calculate_success(0, np.array([20.0]), 1), 1)

    def test_a_told_step_is_the_divisor_of_two_advances(self):
        # 1 + N for each, N being Poisson with mean 1 at 25/s: both even with probability
        # ((1 - exp(-2)) / 2)^2 = 0.187, and hardly ever told as more than 2 then
        chances = nat_cgn_load.calculate_steps(25)
        self.assertAlmostEqual(sum(chances), 1, places=6)
        self.assertAlmostEqual(sum(chances[1::2]), 0.1869, places=3)

    def test_a_window_is_met_by_the_tail_of_poisson(self):
        # e^-2 (1 + 2 + 2 + 4/3) = 0.857 for fewer than four, with mean 2
        success = nat_cgn_load.calculate_success(0.1, np.array([20.0]), 4)
        self.assertAlmostEqual(success, 0.857, places=2)

    def test_the_time_of_others_goes_from_the_samples_to_the_syn(self):
        make_results(self.folder / "a.sqlite", 8, [("initiator", "60-per-min", True, 0),
                                                   ("target", "60-per-min", True, 0)])
        sessions = nat_results.read_sessions(
            p2pim_style.open_results(str(self.folder / "a.sqlite")))
        self.assertEqual([nat_cgn_load.get_drift(each) for each in sessions], [21.5, 1.5])
        self.assertEqual([nat_cgn_load.get_role(each) for each in sessions], ["initiator", "target"])
        self.assertEqual(nat_cgn_load.get_load("60-per-min"), 1)

    def test_draws_with_and_without_attempts(self):
        for tries in (0, 12):
            make_results(self.folder / f"{tries}.sqlite", 8 + tries,
                         [(role, kind, kind[0] == "0", tries) for role in STEPS
                          for kind in ("0-per-min", "600-per-min")])
            done = self.run_script(f"{tries}.sqlite", "--output", "a.png")
            self.assertEqual((done.returncode, done.stderr, done.stdout), (0, "", "a.png\n"))
            self.assertTrue((self.folder / "a.png").read_bytes().startswith(b"\x89PNG"))

    def test_refuses_other_results_in_one_line(self):
        make_results(self.folder / "a.sqlite", 8, [("initiator", "open", True, 0)])
        done = self.run_script("a.sqlite")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, "nat_cgn_load.py: a.sqlite: 'open': no load; kinds have names "
                                      "like 60-per-min\n")


if __name__ == "__main__":
    unittest.main()
