#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of plots/gprs_round_trip.py, gprs_goodput.py and gprs_cell_load.py, on results files of a few sessions."""

import io
import os
import pathlib
import sqlite3
import subprocess
import sys
import unittest
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "plots"))

import gprs_cell_load  # noqa: E402
import gprs_goodput  # noqa: E402
import gprs_round_trip  # noqa: E402
import p2pim_style  # noqa: E402
import results_file  # noqa: E402

SECOND = 10**9
# a phone in STANDBY that is sent a packet: when it passes each step, in s
COLD = [("started", 0), ("sent", 0), ("paged", 0.1), ("uplink_queued", 0.7),
        ("uplink_requested", 0.7), ("uplink_open", 0.9), ("uplink_delivered", 0.95),
        ("downlink_queued", 1.1), ("downlink_requested", 1.1), ("downlink_open", 1.3),
        ("downlink_delivered", 1.35), ("received", 1.4), ("uplink_queued", 1.4),
        ("uplink_requested", 1.4), ("uplink_open", 1.7), ("uplink_delivered", 1.8),
        ("echo_received", 2)]
# one that was never attached, and pings
DETACHED = [("started", 0), ("uplink_requested", 0), ("uplink_open", 0.2), ("uplink_delivered", 0.3),
            ("attached", 2), ("uplink_open", 2.5), ("context_active", 3), ("sent", 3),
            ("uplink_queued", 3), ("uplink_delivered", 3.2), ("received", 3.4),
            ("downlink_delivered", 3.6), ("echo_received", 3.7)]


def make_results(path, scheme, sessions, settings=()):
    """A results file; a session is (state, octets, steps, sent, received); received None: failed."""
    database = results_file.create(path, settings)
    run = database.execute("INSERT INTO run VALUES (NULL, 0, ?, 1, 0, 0, 0)", (scheme,)).lastrowid
    for idx, (state, octets, steps, sent, received) in enumerate(sessions):
        end = None if received is None else round(received * SECOND)
        took = None if received is None else round((steps[-1][1] - steps[0][1]) * SECOND)
        database.execute("INSERT INTO session VALUES (?, ?, ?, ?, '', '', '', '', 0, ?)",
                         (run, idx, state, received is not None, took))
        database.execute("INSERT INTO message VALUES (?, ?, 0, 1, ?, ?, ?)",
                         (run, idx, octets, round(sent * SECOND), end))
        for ordinal, (name, time) in enumerate(steps):
            database.execute("INSERT INTO step VALUES (?, ?, ?, ?, ?)",
                             (run, idx, ordinal, name, round(time * SECOND)))
    database.commit()
    database.close()


def make_round_trip(octets, seconds):
    """A ping whose echo comes after some seconds."""
    return ("ready", octets, [("started", 1), ("sent", 1), ("echo_received", 1 + seconds)], 1, 1)


class PlotTest(results_file.FigureTest):
    """Has a folder of its own."""

    def run_script(self, name, *arguments):
        return subprocess.run(["/usr/bin/python3", "-B", ROOT / "plots" / name, *arguments],
                              capture_output=True, text=True, check=False, cwd=self.folder)

    def call(self, module, *arguments):
        """The script without a process of its own: (status, stdout, stderr)."""
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        out, err = io.StringIO(), io.StringIO()
        argv = [f"{module.__name__}.py", *arguments]
        with mock.patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
            try:
                p2pim_style.run(module.main)
                status = 0
            except SystemExit as end:
                status = end.code
        return status, out.getvalue(), err.getvalue()

    def check_refused(self, done, message):
        self.assertEqual(done, (2, "", message + "\n"))


class RoundTripTest(PlotTest):
    """The parts of a round trip, and its line."""

    def test_parts_are_what_the_time_went_into(self):
        path = self.folder / "a.sqlite"
        make_results(path, "push", [("standby", 32, COLD, 0, 1.4)])
        parts = gprs_round_trip.measure_parts(gprs_round_trip.read_pings(path))
        expected = {"attach": 0, "context": 0, "paging": 0.6, "uplink": 0.2 + 0.3, "downlink": 0.2,
                    "blocks": 0.05 + 0.05 + 0.1, "core": 0.1 + 0.15 + 0.05 + 0.2}
        for part, time in expected.items():
            self.assertAlmostEqual(parts[part], time, msg=part)
        self.assertAlmostEqual(sum(parts.values()), 2)

    def test_what_attach_takes_of_the_radio_is_part_of_attach(self):
        path = self.folder / "a.sqlite"
        make_results(path, "ping", [("detached", 32, DETACHED, 3, 3.4)])
        parts = gprs_round_trip.measure_parts(gprs_round_trip.read_pings(path))
        self.assertAlmostEqual(parts["attach"], 2)
        self.assertAlmostEqual(parts["context"], 1)
        self.assertAlmostEqual(parts["blocks"], 0.2 + 0.2)
        self.assertAlmostEqual(sum(parts.values()), 3.7)

    def test_line_is_that_of_least_squares(self):
        start, slope, determination = gprs_round_trip.fit_line([0, 100, 200], [1, 2, 3])
        self.assertAlmostEqual(start, 1)
        self.assertAlmostEqual(slope, 0.01)
        self.assertAlmostEqual(determination, 1)
        # by hand: mean 2, slope 0.01, residuals 0.5, -1, 0.5, so R² = 1 - 1.5 / 3.5
        start, slope, determination = gprs_round_trip.fit_line([0, 100, 200], [1.5, 1, 3.5])
        self.assertAlmostEqual(slope, 0.01)
        self.assertAlmostEqual(determination, 1 - 1.5 / 3.5)

    def test_draws_the_same_octets_each_time(self):
        make_results(self.folder / "a.sqlite", "push", [("standby", 32, COLD, 0, 1.4)])
        make_results(self.folder / "b.sqlite", "ping",
                     [make_round_trip(octets, octets / 1000) for octets in (10, 500, 900)])
        figures = []
        for name in ("a.png", "b.png"):
            done = self.run_script("gprs_round_trip.py", "a.sqlite", "--sizes", "b.sqlite",
                                   "--output", name)
            self.assertEqual(done.returncode, 0, done.stderr)
            figures.append((self.folder / name).read_bytes())
        self.assertEqual(figures[0], figures[1])

    def test_refuses_what_it_cannot_draw_in_one_line(self):
        make_results(self.folder / "failed.sqlite", "ping", [("ready", 32, COLD[:2], 0, None)])
        make_results(self.folder / "two.sqlite", "ping",
                     [make_round_trip(octets, 1) for octets in (10, 20)])
        make_results(self.folder / "one.sqlite", "ping", [make_round_trip(10, 1)])
        self.check_refused(self.call(gprs_round_trip, "failed.sqlite"),
                           "gprs_round_trip.py: failed.sqlite: no ping had its echo")
        self.check_refused(self.call(gprs_round_trip, "two.sqlite"),
                           "gprs_round_trip.py: packets of several sizes (10, 20 octets): give them "
                           "by --sizes")
        self.check_refused(
            self.call(gprs_round_trip, "one.sqlite", "--sizes", "two.sqlite"),
            "gprs_round_trip.py: --sizes: no state has packets of three sizes")


def make_transfer(path, scheme, coding, slots, errors, goodput):
    """Results with a transfer of 100000 octets, at `goodput` bit/s, and one that failed."""
    make_results(path, scheme,
                 [("ready", 100000, COLD, 5, 5 + 8 * 100000 / goodput),
                  ("ready", 100000, COLD, 5, None)],
                 [("GprsCell.CodingScheme", coding), ("GprsMobileStation.MultislotClass", slots),
                  ("GprsCell.BlockErrorRate", errors), ("PeerTcpSocket.MaximumSegmentSize", "1360")])


class GoodputTest(PlotTest):
    """Goodput and its limit."""

    def test_header_efficiency_is_that_of_the_standards(self):
        # 1400 octets of IP: three LLC frames of 6 octets of header, SNDCP's 4 + 3 + 3
        self.assertAlmostEqual(gprs_goodput.get_header_efficiency(1360), 1360 / 1428)
        # 496 octets of IP are one frame, 497 are two
        self.assertAlmostEqual(gprs_goodput.get_header_efficiency(456), 456 / 506)
        self.assertAlmostEqual(gprs_goodput.get_header_efficiency(457), 457 / (497 + 10 + 9))

    def test_limit_follows_coding_slots_and_errors(self):
        path = self.folder / "a.sqlite"
        make_transfer(path, "download", "CS-4", "8", "0.1", 60000)
        point = gprs_goodput.Point(path)
        self.assertAlmostEqual(point.limit, 4 * 20000 * 1360 / 1428 * 0.9)
        self.assertEqual(len(point.goodputs), 1)
        self.assertAlmostEqual(point.goodput, 60000, places=3)
        path = self.folder / "b.sqlite"
        make_transfer(path, "upload", "MCS-9", "10", "0", 60000)
        self.assertAlmostEqual(gprs_goodput.Point(path).limit, 2 * 59200 * 1360 / 1428)

    def test_draws_several_runs(self):
        for n, (coding, slots) in enumerate((("CS-1", "1"), ("MCS-9", "8"))):
            make_transfer(self.folder / f"{n}.sqlite", "download", coding, slots, "0", 7000)
        done = self.call(gprs_goodput, "0.sqlite", "1.sqlite", "--output", "a.png")
        self.assertEqual(done, (0, "a.png\n", ""))
        self.assertTrue((self.folder / "a.png").read_bytes().startswith(b"\x89PNG"))

    def test_refuses_what_it_cannot_draw_in_one_line(self):
        make_results(self.folder / "a.sqlite", "ping", [make_round_trip(10, 1)])
        make_transfer(self.folder / "b.sqlite", "download", "CS-1", "10:2+1", "0", 7000)
        self.check_refused(self.call(gprs_goodput, "a.sqlite"),
                           "gprs_goodput.py: a.sqlite: no bulk transfer that arrived")
        self.check_refused(self.call(gprs_goodput, "b.sqlite"),
                           "gprs_goodput.py: b.sqlite: multislot class 10:2+1: only 1 to 12 are "
                           "drawn")


def make_load(path, offered, goodputs, coding="CS-2"):
    """Results of a cell with a run for each goodput, and the same other figures in each."""
    make_results(path, "download", [], [("GprsCell.CodingScheme", coding), ("GprsCell.Pdchs", "4"),
                                        ("CellularNetwork.Cells", "1")])
    database = sqlite3.connect(path)
    for seed, goodput in enumerate(goodputs, 1):
        run = 1
        if seed > 1:
            run = database.execute("INSERT INTO run VALUES (NULL, 0, 'download', ?, 0, 0, 0)",
                                   (seed,)).lastrowid
        results_file.insert_counters(
            database, run, "derived",
            {"offered_bit_s": offered, "carried_bit_s": offered / 2, "goodput_bit_s": goodput,
             "downlink_pdch_share": 0.5, "downlink_payload_share": 0.9})
    database.commit()
    database.close()


class CellLoadTest(PlotTest):
    """What phones get over the load."""

    def test_interval_is_students(self):
        # mean 2, standard deviation 1, 3 values: 4.303 / sqrt(3) by the table of t at 97.5 %
        mean, half = gprs_cell_load.get_interval([1, 2, 3])
        self.assertAlmostEqual(mean, 2)
        self.assertAlmostEqual(half, 4.3027 / 3**0.5, places=4)
        self.assertEqual(gprs_cell_load.get_interval([5]), (5, 0))

    def test_reads_the_runs_of_a_file(self):
        path = self.folder / "a.sqlite"
        make_load(path, 20000, [10000, 12000, 14000])
        point = gprs_cell_load.Point(path)
        self.assertEqual((point.offered, point.seeds), (20000, 3))
        self.assertAlmostEqual(point.figures["goodput_bit_s"][0], 12000)
        self.assertAlmostEqual(point.figures["goodput_bit_s"][1], 2000 * 4.3027 / 3**0.5, places=0)
        # four PDCHs of 50 blocks of 30 octets a second
        self.assertAlmostEqual(point.get_rlc_rate(), 48000)

    def test_draws_the_same_octets_each_time(self):
        for n, offered in enumerate((50000, 10000)):
            make_load(self.folder / f"{n}.sqlite", offered, [9000, 8000])
        figures = []
        for name in ("a.png", "b.png"):
            done = self.run_script("gprs_cell_load.py", "0.sqlite", "1.sqlite", "--output", name)
            self.assertEqual(done.returncode, 0, done.stderr)
            figures.append((self.folder / name).read_bytes())
        self.assertEqual(figures[0], figures[1])

    def test_refuses_what_it_cannot_draw_in_one_line(self):
        make_results(self.folder / "a.sqlite", "ping", [make_round_trip(10, 1)])
        make_load(self.folder / "b.sqlite", 10000, [9000])
        make_load(self.folder / "c.sqlite", 10000, [9000], coding="CS-1")
        self.check_refused(self.call(gprs_cell_load, "a.sqlite"),
                           "gprs_cell_load.py: a.sqlite: not the results of transfers with a "
                           "ThinkTime")
        self.check_refused(self.call(gprs_cell_load, "b.sqlite", "c.sqlite"),
                           "gprs_cell_load.py: results of different PDCHs or coding schemes")


if __name__ == "__main__":
    unittest.main()
