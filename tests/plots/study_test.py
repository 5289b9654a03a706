#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of plots/study.py, on results files of a few sessions that the built program is asked about."""

import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "plots" / "study.py"
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "plots"))

import p2pim_style  # noqa: E402
import results_file  # noqa: E402
import study  # noqa: E402

SECOND = 10**9


def make_study(path, values=("1", "2", "4"), schemes=("p2p", "sip-message"), seeds=2):
    """A study of one variable: set-up takes 10 s with p2p and 1 s with others, and x s more."""
    database = results_file.create(path, meta=[("scenario", "Chat"), ("program_version", "0.1.0"),
                                               ("scenario_file", "x.ini"), ("status", "complete")])
    database.execute("INSERT INTO variable VALUES (0, 'pdchs', 'GprsCell.Pdchs')")
    for point, value in enumerate(values):
        database.execute("INSERT INTO point VALUES (?)", (point,))
        database.execute("INSERT INTO parameter VALUES (?, 0, ?)", (point, value))
    run = 0
    for seed in range(1, seeds + 1):
        for point in range(len(values)):
            for scheme in schemes:
                run += 1
                time = (10 if scheme == "p2p" else 1) + point
                database.execute("INSERT INTO plan VALUES (?, ?, ?, ?)", (run, point, scheme, seed))
                database.execute("INSERT INTO run VALUES (?, ?, ?, ?, 0, 8, 8)",
                                 (run, point, scheme, seed))
                for session in range(8):
                    setup = round((time + 0.1 * session) * SECOND)
                    database.execute(
                        "INSERT INTO session VALUES (?, ?, 'cold', 1, '', '', '', '', ?, ?)",
                        (run, session, setup, setup))
    database.commit()
    database.close()


class StudyTest(results_file.FigureTest):
    """Runs the script as a user does, and its parts as a module."""

    def run_script(self, *arguments):
        return subprocess.run(["/usr/bin/python3", "-B", str(SCRIPT), *map(str, arguments)],
                              capture_output=True, text=True, check=False)

    def ask(self, **options):
        return study.query(str(self.results), options, study.find_program())

    def test_draws_the_same_octets_each_time(self):
        make_study(self.results)
        words = [self.results, "--metric=setup.median,success", "--output", self.png]
        done = self.run_script(*words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        octets = self.png.read_bytes()
        self.assertTrue(octets.startswith(b"\x89PNG"))
        self.assertEqual(self.run_script(*words).returncode, 0)
        self.assertEqual(self.png.read_bytes(), octets)

    def test_lines_are_those_of_the_query(self):
        make_study(self.results)
        answer = self.ask(metric="setup.max", x="pdchs", by="scheme")
        value, low, _ = study.read_line(answer["metrics"][0], "sip-message", ["1", "2", "4"])
        self.assertEqual(list(value), [1.7, 2.7, 3.7])  # session 7 of 0 to 7
        self.assertTrue(all(study.np.isnan(low)))  # a greatest value has no interval
        figure = study.draw(answer)
        axes = figure.axes[0]
        self.assertEqual(axes.get_title(loc="left"), "Greatest set-up time (s)")
        self.assertEqual(axes.get_xlabel(), "pdchs: GprsCell.Pdchs")
        self.assertEqual([line.get_label() for line in axes.get_legend().get_lines()],
                         ["p2p", "sip-message"])
        study.plt.close(figure)

    def test_options_are_those_of_the_query(self):
        make_study(self.results)
        answer = self.ask(metric="setup", x="scheme", by="none", where="pdchs=2", per="run",
                          **{"warm-up": "3"})
        self.assertIsNone(answer["by"])
        figures = [field["figure"] for field in answer["metrics"][0]["fields"]]
        self.assertAlmostEqual(figures[0]["value"], 11.5)  # sessions 3 to 7: 11 + 0.5
        self.assertEqual(figures[0]["n"], 2)
        caption = study.make_caption(answer, study.describe_points(answer))
        self.assertIn("n = 2 seeds a point", caption)
        self.assertIn("Only pdchs = 2.", caption)
        self.assertIn("first 3 sessions", caption)
        self.assertNotIn("PARTIAL", caption)
        study.plt.close(study.draw(answer))

    def test_caption_tells_that_runs_are_missing(self):
        make_study(self.results)
        answer = self.ask()
        answer["provenance"].update(status="partial", runs=11)
        self.assertIn("PARTIAL: 1 of 12 planned runs are missing", study.make_caption(answer, ""))

    def test_caption_tells_which_warm_up_was_found(self):
        make_study(self.results)
        answer = self.ask()
        self.assertNotIn("MSER", study.make_caption(answer, ""))
        answer["warm_up_found"] = {"series": 6, "too_short": 2}
        self.assertIn("\nMSER-5 finds no warm-up.\nToo short to see a steady state: 2 of 6 series.",
                      study.make_caption(answer, ""))
        answer["warm_up_s"] = 12.5
        self.assertIn("begin in the first 12.5 s, as MSER-5 finds.",
                      study.make_caption(answer, ""))

    def test_numbers_have_one_unit(self):
        self.assertEqual(study.read_numbers(["1", "2.5", "-1e3"]), ([1, 2.5, -1000], ""))
        self.assertEqual(study.read_numbers(["1s", "20s"]), ([1, 20], "s"))
        self.assertIsNone(study.read_numbers(["1s", "20ms"]))
        self.assertIsNone(study.read_numbers(["CS-1", "CS-2"]))

    def test_scale_is_of_numbers_where_the_values_are(self):
        choice = {"name": "t", "attribute": "", "values": ["1s", "5s", "50s"]}
        scale = study.Scale(choice, 3)
        self.assertEqual((list(scale.places), scale.is_log, scale.label), ([1, 5, 50], True, "t (s)"))
        self.assertEqual(list(scale.shifts), [0, 0, 0])
        words = study.Scale({"name": "cs", "attribute": "cs", "values": ["CS-1", "CS-2"]}, 3)
        self.assertEqual((list(words.places), words.is_log, words.label), ([0, 1], False, "cs"))
        self.assertLess(words.shifts[0], words.shifts[2])

    def test_a_mistake_is_the_line_of_the_query(self):
        make_study(self.results)
        for words, line in (
                (["--x=pdhcs"], "study.py: --x: 'pdhcs': nothing of this name varies in the file; "
                                "did you mean pdchs?\n"),
                (["--program=/none"], "study.py: /none: cannot be run: No such file or directory; "
                                      "build it, or name it with --program\n"),
                (["--metric=first_message", "--warm-up=8"],
                 "study.py: nothing of what is asked for is in the file\n")):
            done = self.run_script(self.results, "--output", self.png, *words)
            self.assertEqual((done.returncode, done.stderr), (2, line))
        self.assertFalse(self.png.exists())
        done = self.run_script(self.folder / "none.sqlite")
        self.assertEqual(done.returncode, 2)
        self.assertIn("No such file or directory", done.stderr)

    def test_colours_of_an_ordered_variable_go_from_dark_to_light(self):
        ordered = study.choose_colours({"name": "n", "values": ["1", "2", "3"]})
        self.assertEqual([round(sum(colour[:3]), 1) for colour in ordered],
                         sorted(round(sum(colour[:3]), 1) for colour in ordered))
        schemes = study.choose_colours({"name": "scheme", "values": ["a", "b"]})
        self.assertEqual(schemes, p2pim_style.SCHEME_COLOURS[:2])


if __name__ == "__main__":
    unittest.main()
