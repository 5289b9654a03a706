#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of plots/sms_latency.py and plots/sms_load.py, on results files of a few messages."""

import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "plots"))

import p2pim_style  # noqa: E402
import results_file  # noqa: E402
import sms_latency  # noqa: E402
import sms_load  # noqa: E402

SECOND = 10**9
WAY = ["submitted", "mo_channel", "mo_ciphered", "mo_forwarded", "stored", "accepted",
       "routing_requested", "mt_forwarded", "paged", "mt_channel", "mt_ciphered", "received"]


def make_results(path, sessions, sdcchs=8, derived=()):
    """A results file; a session is (succeeded, [(hop, time)])."""
    database = results_file.create(path, [("GsmCell.SdcchCount", sdcchs)])
    run = database.execute("INSERT INTO run VALUES (NULL, 0, 'sms', 1, 0, 0, 0)").lastrowid
    results_file.insert_counters(database, run, "derived", dict(derived))
    for idx, (succeeded, hops) in enumerate(sessions):
        first = round((hops[-1][1] - hops[0][1]) * SECOND) if succeeded else None
        database.execute("INSERT INTO session VALUES (?, ?, 'first', ?, '', '', '', '', NULL, ?)",
                         (run, idx, succeeded, first))
        for ordinal, (name, time) in enumerate(hops):
            database.execute("INSERT INTO step VALUES (?, ?, ?, ?, ?)",
                             (run, idx, ordinal, name, round(time * SECOND)))
    database.commit()
    database.close()


def make_way(start, pace):
    """A message whose hops come `pace` seconds apart."""
    return [(hop, start + place * pace) for place, hop in enumerate(WAY)]


class PlotTest(results_file.FigureTest):
    """Has a folder of its own."""

    def run_script(self, name, *arguments):
        return subprocess.run(["/usr/bin/python3", "-B", ROOT / "plots" / name, *map(str, arguments)],
                              capture_output=True, text=True, check=False, cwd=self.folder)


class SmsLatencyTest(PlotTest):
    """Where the seconds go."""

    def test_means_and_quantiles_are_those_of_the_hops(self):
        path = self.folder / "a.sqlite"
        make_results(path, [(True, make_way(5, 1)), (True, make_way(9, 2))])
        rows = sms_latency.measure(sms_latency.read_messages(p2pim_style.open_results(path)))
        self.assertEqual([row[0] for row in rows], list(sms_latency.HOPS)[1:])
        channel = rows[0]
        self.assertAlmostEqual(channel[2] - channel[1], 1.5)
        self.assertAlmostEqual(channel[3], 1.05)
        self.assertAlmostEqual(channel[4], 1.95)
        # from "stored", not from "accepted", which is no hop of the way
        attempt = dict((row[0], row) for row in rows)["routing_requested"]
        self.assertAlmostEqual(attempt[2] - attempt[1], 3)
        self.assertAlmostEqual(rows[-1][2], 11 * 1.5)

    def test_only_messages_that_arrive_at_once_count(self):
        path = self.folder / "a.sqlite"
        retried = make_way(0, 1) + [("routing_requested", 300)]
        make_results(path, [(True, make_way(5, 1)), (False, make_way(5, 3)[:4]), (True, retried)])
        messages = sms_latency.read_messages(p2pim_style.open_results(path))
        self.assertEqual(len(messages), 1)

    def test_draws_the_same_octets_each_time(self):
        make_results(self.folder / "a.sqlite", [(True, make_way(5, 1)), (True, make_way(9, 2))])
        figures = []
        for name in ("a.png", "b.png"):
            done = self.run_script("sms_latency.py", "a.sqlite", "--output", name)
            self.assertEqual(done.returncode, 0, done.stderr)
            figures.append((self.folder / name).read_bytes())
        self.assertEqual(figures[0], figures[1])

    def test_refuses_results_without_messages_in_one_line(self):
        make_results(self.folder / "a.sqlite", [(False, make_way(0, 1)[:2])])
        done = self.run_script("sms_latency.py", "a.sqlite")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, "sms_latency.py: a.sqlite: no message with hops arrived at "
                                      "its first attempt\n")


class SmsLoadTest(PlotTest):
    """Blocking and delay."""

    def test_erlang_b_is_the_textbooks(self):
        # Erlang's table: 2 servers at 1 Erlang lose 20 %, 10 at 5 lose 1.84 %
        self.assertAlmostEqual(sms_load.erlang_b(1, 2), 0.2)
        self.assertAlmostEqual(sms_load.erlang_b(5, 10), 0.0184, places=4)

    def test_reads_a_run(self):
        path = self.folder / "a.sqlite"
        make_results(path, [(True, make_way(5, 1)), (False, make_way(5, 1)[:3])], sdcchs=4,
                     derived=[("sdcch_offered", 0.7), ("sdcch_blocked_share", 0.25)])
        point = sms_load.Point(path)
        self.assertEqual((point.sdcchs, point.offered, point.blocked, point.failed),
                         (4, 0.7, 0.25, 0.5))
        self.assertAlmostEqual(point.median, 11)

    def test_draws_several_runs(self):
        for n, sdcchs in enumerate((2, 8)):
            make_results(self.folder / f"{n}.sqlite", [(True, make_way(5, 1))], sdcchs=sdcchs,
                         derived=[("sdcch_offered", 0.3 + n), ("sdcch_blocked_share", 0.1)])
        done = self.run_script("sms_load.py", "0.sqlite", "1.sqlite", "--output", "load.png")
        self.assertEqual((done.returncode, done.stdout), (0, "load.png\n"), done.stderr)
        self.assertTrue((self.folder / "load.png").read_bytes().startswith(b"\x89PNG"))

    def test_refuses_other_results_in_one_line(self):
        make_results(self.folder / "a.sqlite", [(True, make_way(5, 1))])
        for file, cause in (("a.sqlite", "not the results of a scenario of short messages"),
                            ("b.sqlite", "there is no such file")):
            done = self.run_script("sms_load.py", file)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr, f"sms_load.py: {file}: {cause}\n")


if __name__ == "__main__":
    unittest.main()
