#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of plots/distribution.py, on results files that the built program is asked about."""

import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "plots" / "distribution.py"
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "plots"), str(ROOT / "tests" / "plots")]

import distribution  # noqa: E402
import results_file  # noqa: E402
import study  # noqa: E402
from study_test import make_study  # noqa: E402


class DistributionTest(results_file.FigureTest):
    """Runs the script as a user does, and its parts as a module."""

    def run_script(self, *arguments):
        return subprocess.run(["/usr/bin/python3", "-B", str(SCRIPT), str(self.results),
                               f"--output={self.png}", *arguments],
                              capture_output=True, text=True, check=False)

    def ask(self, **options):
        return study.query(str(self.results), {**options, "distribution": True},
                           study.find_program())

    def test_draws_the_same_octets_each_time(self):
        make_study(self.results)
        done = self.run_script("--metric=setup", "--by=scheme")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        octets = self.png.read_bytes()
        self.assertTrue(octets.startswith(b"\x89PNG"))
        self.assertEqual(self.run_script("--metric=setup", "--by=scheme").returncode, 0)
        self.assertEqual(self.png.read_bytes(), octets)

    # Two seeds of 8 sessions, from 12 to 12.7 s; the band is sqrt(ln 40 / 32) = 0.3395 to either
    # side.
    def test_curves_rise_at_the_values(self):
        make_study(self.results)
        figure = distribution.draw(self.ask(metric="setup", x="pdchs", by="scheme"))
        self.addCleanup(study.plt.close, figure)
        self.assertEqual([axes.get_title(loc="left") for axes in figure.axes],
                         ["pdchs = 1", "pdchs = 2", "pdchs = 4"])
        line = figure.axes[2].get_lines()[0]
        self.assertEqual((line.get_label(), line.get_drawstyle()), ("p2p", "steps-post"))
        self.assertEqual([round(x, 1) for x in line.get_xdata()],
                         [12.0, 12.0, 12.1, 12.2, 12.3, 12.4, 12.5, 12.6, 12.7])
        self.assertEqual(list(line.get_ydata()), [i / 8 for i in range(9)])
        heights = figure.axes[2].collections[0].get_paths()[0].vertices[:, 1]
        for expected in (0.3395, 0.5 + 0.3395, 0.5 - 0.3395, 1 - 0.3395):
            self.assertLess(min(abs(heights - expected)), 1e-4)
        self.assertEqual((min(heights), max(heights)), (0, 1))

    # 199 values of 1 to 2 s, and one of 50 s.
    def test_a_long_tail_is_cut_off_and_named(self):
        figure, axes = study.plt.subplots()
        self.addCleanup(study.plt.close, figure)
        curve = {"value": [1 + i / 198 for i in range(199)] + [50],
                 "share": [(i + 1) / 200 for i in range(200)]}
        note = distribution.finish_scale(axes, [curve], "s")
        self.assertAlmostEqual(axes.get_xlim()[1], 1.05 * (1 + 197 / 198))
        self.assertEqual(note, "\nNot shown: values above 2.09 s, at most 1 % of a curve.")
        curve["value"][-1] = 2.5
        self.assertEqual(distribution.finish_scale(axes, [curve], "s"), "")

    def test_a_mistake_is_one_line(self):
        make_study(self.results, values=[str(i) for i in range(13)], seeds=1)
        for words, line in (
                (["--metric=setup,first_message"], "--metric: one at a time"),
                (["--metric=setup.p95"], "--metric: 'setup.p95': a distribution is of all values; "
                                         "leave the statistic out"),
                (["--warm-up=8"], "nothing of what is asked for is in the file"),
                ([], "13 values of pdchs: 12 panels at most; --where picks some")):
            done = self.run_script(*words)
            self.assertEqual((done.returncode, done.stderr), (2, f"distribution.py: {line}\n"))
        self.assertFalse(self.png.exists())


if __name__ == "__main__":
    unittest.main()
