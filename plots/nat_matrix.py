#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws who gets through to whom: a matrix of kinds of NAT for each strategy."""

import argparse
import functools

import nat_results as results
import p2pim_style as style

import matplotlib.pyplot as plt

SIDES = {"same": "one operator", "other": "two operators"}


def get_side(session):
    """Whether both phones have the same operator."""
    return "other" if session.bearer.endswith("-other") else "same"


def draw(database, path, columns):
    """Draws the figure: strategies in reading order, both sides of each next to each other."""
    sessions = results.read_sessions(database)
    initiators = results.list_values(sessions, "initiator")
    targets = results.list_values(sessions, "target")
    schemes = results.list_values(sessions, "scheme")
    panels = [(scheme, side) for scheme in schemes for side in SIDES
              if any(get_side(session) == side for session in sessions)]
    rows = -(-len(panels) // columns)
    width = 0.75 + 0.32 * len(targets)
    height = 1.0 + 0.29 * len(initiators)
    figure, grid = plt.subplots(rows, columns, figsize=(columns * width, rows * height + 0.9),
                                squeeze=False, layout="constrained")
    groups = {}
    for session in sessions:
        groups.setdefault((session.scheme, get_side(session)), []).append(session)
    for axes, panel in zip(grid.flat, panels):
        chosen = groups.get(panel, [])
        results.draw_matrix(axes, results.group(chosen, "initiator", "target"), initiators, targets)
        axes.set_title(f"{panel[0]}, {SIDES[panel[1]]}: "
                       f"{100 * results.get_share(chosen):.0f} %" if chosen else panel[0])
    for axes in list(grid.flat)[len(panels):]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("initiator")
    figure.suptitle(
        "Chats that succeed, in %, and the median time from the button to the first message\n"
        f"Rows: the initiator is behind; columns: the target.  {results.make_caption(database, sessions)}",
        fontsize=9.5, x=0.01, ha="left")
    style.save(figure, path)
    plt.close(figure)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="results of nat-matrix.ini")
    parser.add_argument("--columns", type=int, default=4, help="matrices side by side (default: 4)")
    parser.add_argument("--output", default="results/nat-matrix.png",
                        help="the PNG to write (default: %(default)s)")
    arguments = parser.parse_args()
    results.draw_file(functools.partial(draw, columns=max(arguments.columns, 1)),
                      arguments.results, arguments.output)


if __name__ == "__main__":
    style.run(main)
