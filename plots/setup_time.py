#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws the time to the first message: its distribution, and the phases that it consists of."""

import argparse
import math
from statistics import NormalDist

import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

LINE_STYLES = {"cold": "-", "warm": (0, (4, 1.6))}
MOST_PHASES = 12
SMALL_SHARE = 0.015  # of the longest bar; phases below it everywhere are "other"


class Group:
    """The sessions of one scheme that began with one kind of bearer."""

    def __init__(self, scheme, bearer):
        self.scheme = scheme
        self.bearer = bearer
        self.sessions = 0
        self.times = []   # seconds to the first message, of the sessions that have one
        self.phases = {}  # step -> seconds, added up over these sessions

    @property
    def label(self):
        return f"{self.scheme}, {self.bearer}"

    def mean_phase(self, step):
        return self.phases.get(step, 0) / len(self.times) if self.times else 0.0

    def mean(self):
        return sum(self.times) / len(self.times)

    def half_interval(self):
        """Half of the 95 % interval of the mean, by the central limit theorem; 0 if n < 30."""
        n = len(self.times)
        if n < 30:
            return 0.0
        return NormalDist().inv_cdf(0.975) * np.std(self.times, ddof=1) / math.sqrt(n)


def read_groups(database):
    """Groups by (scheme, bearer), schemes in the order of the file, cold before warm."""
    groups = {}
    sessions = {}
    query = ("SELECT run_id, session.idx, scheme, bearer, first_message_ns FROM session"
             " JOIN run ON run.id = run_id ORDER BY run_id, session.idx")
    for run_id, idx, scheme, bearer, first_message in database.execute(query):
        group = groups.setdefault((scheme, bearer), Group(scheme, bearer))
        group.sessions += 1
        if first_message is not None:
            group.times.append(first_message / 1e9)
            sessions[run_id, idx] = (group, first_message)
    add_phases(database, sessions)
    schemes = list(dict.fromkeys(scheme for scheme, _ in groups))
    return sorted(groups.values(), key=lambda group: (schemes.index(group.scheme), group.bearer))


def add_phases(database, sessions):
    """Adds up the phases until the first message, which ends the bars."""
    session = begin = previous = None
    query = ("SELECT run_id, session_idx, name, time_ns FROM step"
             " ORDER BY run_id, session_idx, ordinal")
    for run_id, idx, name, time in database.execute(query):
        if session != (run_id, idx):
            session, begin, previous = (run_id, idx), time, time
        if session in sessions:
            group, first_message = sessions[session]
            if time - begin <= first_message:
                duration = (time - previous) / 1e9
                group.phases[name] = group.phases.get(name, 0.0) + duration
        previous = time


def choose_phases(groups):
    """The steps whose phases are drawn, in the order of the chat; the others are too short."""
    longest = max(group.mean() for group in groups)
    size = {}
    for group in groups:
        for step in group.phases:
            size[step] = max(size.get(step, 0.0), group.mean_phase(step))
    large = [step for step in size if size[step] >= SMALL_SHARE * longest]
    large = sorted(large, key=lambda step: -size[step])[:MOST_PHASES]
    known = list(style.PHASES)
    return sorted(large, key=lambda step: (known.index(step) if step in known else len(known),
                                           step))


def draw_distributions(axes, groups, colours):
    """Empirical distribution functions with their pointwise 95 % bands."""
    end = 1.04 * max(max(group.times) for group in groups)
    for group in groups:
        times = np.sort(group.times)
        x = np.concatenate(([0.0], times, [end]))
        y = np.append(np.arange(len(times) + 1), len(times)) / group.sessions
        colour = colours[group.scheme]
        axes.fill_between(x, *style.make_band(y, group.sessions), step="post", color=colour,
                          alpha=0.18, linewidth=0)
        axes.step(x, y, where="post", color=colour, linewidth=1.6,
                  linestyle=LINE_STYLES.get(group.bearer, ":"))
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1.015)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{share} %" for share in range(0, 101, 20)])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, steps=[1, 2, 5, 10]))
    axes.set_xlabel("time from the press of the button to the first message's arrival (s)")
    axes.set_ylabel("share of all sessions")
    axes.set_title("Distribution")
    draw_curve_legend(axes, groups, colours)


def draw_curve_legend(axes, groups, colours):
    """One legend for the colours, and one for the line styles."""
    schemes = [Line2D([], [], color=colour, linewidth=1.6, label=scheme)
               for scheme, colour in colours.items()]
    bearers = [Line2D([], [], color="#444444", linewidth=1.6, label=f"{bearer} bearer",
                      linestyle=LINE_STYLES.get(bearer, ":"))
               for bearer in dict.fromkeys(group.bearer for group in groups)]
    place = {"loc": "upper left", "handlelength": 2.6, "borderaxespad": 0}
    axes.add_artist(axes.legend(handles=schemes, ncol=3, bbox_to_anchor=(0, -0.19), **place))
    axes.legend(handles=bearers, ncol=3, bbox_to_anchor=(0, -0.265), **place)


def get_text_colour(colour):
    """Black or white, whichever can be read on a colour."""
    red, green, blue = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.55 else "white"


def draw_bar(axes, row, group, phases, unit):
    """One stacked bar; segments that are wide enough say how long they are."""
    segments = [(group.mean_phase(step), style.get_phase_colour(step)) for step in phases]
    rest = group.mean() - sum(length for length, _ in segments)
    segments.append((max(rest, 0.0), style.OTHER_COLOUR))
    left = 0.0
    for length, colour in segments:
        if length > 0:
            axes.barh(row, length, left=left, height=0.68, color=colour, edgecolor="white",
                      linewidth=0.6)
        if length > 0.04 * unit:
            axes.text(left + length / 2, row, f"{length:.1f}", ha="center", va="center",
                      fontsize=7.5, color=get_text_colour(colour))
        left += length
    half = group.half_interval()
    interval = f" \N{PLUS-MINUS SIGN} {half:.2f}" if half > 0 else ""
    total = axes.annotate(f"{left:.2f}", (left, row), xytext=(4, 0), va="center",
                          textcoords="offset points", fontweight="bold")
    axes.annotate(interval, (1, 0.5), xycoords=total, va="center", fontsize=8)


def draw_phases(axes, groups):
    """Mean phases of each group, stacked to the mean time to the first message."""
    phases = choose_phases(groups)
    unit = max(group.mean() for group in groups)
    row = 0.0
    rows = []
    for i, group in enumerate(groups):
        row += 0.35 if i > 0 and group.scheme != groups[i - 1].scheme else 0.0
        draw_bar(axes, row, group, phases, unit)
        rows.append(row)
        row += 1
    axes.set_yticks(rows, [group.label for group in groups])
    axes.set_ylim(rows[-1] + 0.6, -0.6)
    axes.set_xlim(0, 1.24 * unit)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, steps=[1, 2, 5, 10]))
    axes.set_xlabel("mean time (s)")
    axes.set_title("Phases")
    handles = [Patch(color=style.get_phase_colour(step), label=style.get_phase_label(step))
               for step in phases]
    if any(group.mean() - sum(map(group.mean_phase, phases)) > 1e-9 for group in groups):
        handles.append(Patch(color=style.OTHER_COLOUR, label="other"))
    axes.legend(handles=handles, loc="upper right", bbox_to_anchor=(1.02, -0.165), ncol=3,
                handlelength=1.1, handleheight=0.9, columnspacing=1.3)


def make_caption(database, groups):
    """Where the figure comes from, and how much is behind it."""
    meta = style.read_meta(database)
    seeds = [seed for seed, in database.execute("SELECT DISTINCT seed FROM run")]
    per_scheme = {}
    for group in groups:
        per_scheme[group.scheme] = per_scheme.get(group.scheme, 0) + group.sessions
    counts = set(per_scheme.values())
    if len(counts) == 1:
        size = f"n = {counts.pop()} sessions per scheme"
    else:
        size = "n = " + ", ".join(f"{n} ({scheme})" for scheme, n in per_scheme.items())
    status = "" if meta["status"] == "complete" else ", PARTIAL: planned runs are missing"
    return (f"{meta['scenario']}, p2pim {meta['program_version']}: {size}, "
            f"{style.describe_seeds(seeds)}{status}.\n"
            "Bands and \N{PLUS-MINUS SIGN}: 95 % confidence (Wilson, pointwise; normal).\n"
            "Bars: mean over the sessions whose first message arrived.")


def draw(database, path):
    """Draws the figure."""
    groups = [group for group in read_groups(database) if group.times]
    if not groups:
        raise style.FigureError("no session in this file has a first message")
    schemes = list(dict.fromkeys(group.scheme for group in groups))
    colours = {scheme: style.SCHEME_COLOURS[i % len(style.SCHEME_COLOURS)]
               for i, scheme in enumerate(schemes)}
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5.1), width_ratios=(1, 1.12))
    figure.subplots_adjust(left=0.065, right=0.985, top=0.93, bottom=0.345, wspace=0.31)
    draw_distributions(left, groups, colours)
    draw_phases(right, groups)
    figure.text(0.065, 0.025, make_caption(database, groups), fontsize=8, color="#444444",
                linespacing=1.5)
    style.save(figure, path)
    plt.close(figure)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="results file of `p2pim compare`")
    parser.add_argument("--output", default="results/setup-time.png",
                        help="the PNG to write (default: %(default)s)")
    arguments = parser.parse_args()
    database = style.open_results(arguments.results)
    try:
        draw(database, arguments.output)
    except style.FigureError as error:
        message = str(error)
        is_named = message.startswith(arguments.output)
        raise style.FigureError(message if is_named else f"{arguments.results}: {message}")
    finally:
        database.close()


if __name__ == "__main__":
    style.run(main)
