#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws for how long a hole lets in an answer by SMS: success against the answer's delay."""

import argparse
import re

import nat_results as results
import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter

BIN = 5  # s


def get_delay(session):
    """How long the answer took; None if it did not arrive."""
    begin, end = session.steps.get("answer_submitted"), session.steps.get("answer_delivered")
    return None if begin is None or end is None else end - begin


def get_wait(session):
    """From the answer's arrival to the connection; None if there is none."""
    begin, end = session.steps.get("answer_delivered"), session.steps.get("ready")
    return None if begin is None or end is None else end - begin


def get_lifetime(kind):
    """The life time in the name of a kind, s; None if there is none."""
    found = re.search(r"(\d+)s$", kind)
    return int(found.group(1)) if found else None


def bin_sessions(sessions):
    """Delay at the middle of each bin, and the sessions in it; empty bins are left out."""
    bins = {}
    for session in sessions:
        delay = get_delay(session)
        if delay is not None:
            bins.setdefault(int(delay // BIN), []).append(session)
    return [((place + 0.5) * BIN, bins[place]) for place in sorted(bins)]


def draw_success(axes, kinds, colours):
    """Shares with their intervals, and where a hole closes."""
    for kind, sessions in kinds.items():
        bins = bin_sessions(sessions)
        delays = [delay for delay, _ in bins]
        shares = np.array([results.get_share(each) for _, each in bins])
        low, high = style.make_band(shares, np.array([len(each) for _, each in bins]))
        axes.errorbar(delays, shares, (np.maximum(shares - low, 0), np.maximum(high - shares, 0)),
                      color=colours[kind], marker="o", markersize=3, linewidth=1,
                      elinewidth=0.6, label=f"hole lives {kind}")
        lifetime = get_lifetime(kind)
        if lifetime is not None:
            axes.axvline(lifetime, color=colours[kind], linewidth=0.9, linestyle=(0, (4, 2)))
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_ylabel("chats that succeed")


def draw_wait(axes, kinds, colours):
    """What the initiator waits for after the answer: each session a dot."""
    for kind, sessions in kinds.items():
        waits = [(get_delay(each), get_wait(each)) for each in sessions]
        waits = [each for each in waits if None not in each]
        axes.plot([delay for delay, _ in waits], [wait for _, wait in waits], ".",
                  color=colours[kind], markersize=2.5, alpha=0.6)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("answer to connection (s)")
    axes.set_xlabel("delay of the answer's SMS (s)")


def draw(database, path):
    """Draws the figure: a column for each scheme."""
    sessions = results.read_sessions(database)
    if not any(get_delay(session) is not None for session in sessions):
        raise style.FigureError("no session has an answer by SMS")
    targets = sorted(results.list_values(sessions, "target"),
                     key=lambda kind: (get_lifetime(kind) or 0, kind))
    colours = {kind: style.SCHEME_COLOURS[i % len(style.SCHEME_COLOURS)]
               for i, kind in enumerate(targets)}
    schemes = results.group(sessions, "scheme")
    figure, grid = plt.subplots(2, len(schemes), figsize=(2.2 + 4.8 * len(schemes), 6.6),
                                squeeze=False, sharex=True, height_ratios=(1.3, 1),
                                layout="constrained")
    for (scheme, chosen), (success, wait) in zip(schemes.items(), grid.T):
        groups = results.group(chosen, "target")
        kinds = {kind: groups[kind] for kind in targets if kind in groups}
        draw_success(success, kinds, colours)
        draw_wait(wait, kinds, colours)
        success.set_title(scheme)
    grid[0, -1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
    style.add_caption(figure, f"{results.make_caption(database, sessions)}\nBars: 95 % confidence "
                      f"(Wilson), bins of {BIN} s. Dashed: the hole's life time, where theory has "
                      "the knee.")
    style.save(figure, path)
    plt.close(figure)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="results of nat-timers.ini")
    parser.add_argument("--output", default="results/nat-timers.png",
                        help="the PNG to write (default: %(default)s)")
    arguments = parser.parse_args()
    results.draw_file(draw, arguments.results, arguments.output)


if __name__ == "__main__":
    style.run(main)
