#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws port prediction against the load of a NAT: success, its theory, and what it costs."""

import argparse
import re

import nat_results as results
import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, PercentFormatter
from scipy.stats import poisson

ROLES = {"initiator": "The initiator is behind the NAT that counts",
         "target": "The target is behind the NAT that counts"}
CONTACTS = 4  # with the STUN server, one after the other: three that classify, and the samples
SAMPLE_GAP = 0.04  # s between two samples: a SYN's time on two timeslots of CS-2


def get_role(session):
    """Who is behind the NAT that counts."""
    return "initiator" if session.initiator else "target"


def get_load(kind):
    """Mappings of others a second, from the name of the kind."""
    found = re.fullmatch(r"([0-9]+)-per-min", kind)
    if not found:
        raise style.FigureError(f"'{kind}': no load; kinds have names like 60-per-min")
    return int(found.group(1)) / 60


def get_drift(session):
    """How long others could take ports, from the last sample to the SYN, s; None if unknown.

    A contact with the STUN server takes two round trips, as long as the last sample's answer and
    the SYN take together from and to the NAT, about.
    """
    steps = session.steps
    if session.initiator:
        names = ("listening", "gathered", "answer_delivered")
    else:
        names = ("target_bearer_up", "target_gathered", "target_gathered")
    if any(name not in steps for name in names):
        return None
    begin, gathered, dialled = (steps[name] for name in names)
    return (gathered - begin) / CONTACTS + dialled - gathered


def calculate_steps(load):
    """The chance of each step to be told, from 1 on: the greatest common divisor of two advances."""
    mean = load * SAMPLE_GAP
    advances = np.arange(1, int(mean + 6 * np.sqrt(mean)) + 6)
    chances = poisson.pmf(advances - 1, mean)
    steps = np.gcd.outer(advances, advances).ravel()
    return np.bincount(steps, np.outer(chances, chances).ravel())[1:]


def calculate_success(load, drifts, window):
    """Theory: the port is one of those that are dialled; the mean over the times."""
    success = 0.0
    for step, chance in enumerate(calculate_steps(load), 1):
        if chance > 1e-5:
            taken = step * np.arange(1, window + 1) - 1  # by others, for each port dialled
            success += chance * poisson.pmf(taken[:, None], load * drifts).sum(axis=0).mean()
    return success


def read_window(database):
    """How many ports were dialled."""
    row = database.execute("SELECT value FROM configuration"
                           " WHERE key = 'PeerToPeerClient.PredictedPorts'").fetchone()
    if not row:
        raise style.FigureError("does not tell PeerToPeerClient.PredictedPorts")
    return int(row[0])


def read_tries(database):
    """Attempts to reach the other end, repeated ones included, of each chat that has some."""
    return dict(((run_id, idx), tries) for run_id, idx, tries in database.execute(
        "SELECT run_id, session_idx, sum(tries) FROM attempt WHERE candidate <> 'stun'"
        " AND outcome <> 'no route' GROUP BY run_id, session_idx"))


def read_costs(database):
    """Mean attempts of a chat, by (role, load); empty if the file has none."""
    tries = read_tries(database)
    costs = {}
    if tries:
        for run_id, idx, initiator, target in database.execute(
                "SELECT run_id, idx, initiator_access, target_access FROM session"):
            key = ("initiator" if initiator else "target", initiator or target)
            costs.setdefault(key, []).append(tries.get((run_id, idx), 0))
    return {(role, get_load(kind)): float(np.mean(each)) for (role, kind), each in costs.items()}


def draw_success(axes, groups, window, colour):
    """Shares with their intervals, and theory's curve."""
    loads = sorted(groups)
    shares = np.array([results.get_share(groups[load]) for load in loads])
    low, high = style.make_band(shares, np.array([len(groups[load]) for load in loads]))
    axes.errorbar(loads, shares, (np.maximum(shares - low, 0), np.maximum(high - shares, 0)),
                  color=colour, marker="o", markersize=3.5, linestyle="", elinewidth=0.9)
    drifts = [get_drift(session) for load in loads for session in groups[load]]
    drifts = [drift for drift in drifts if drift is not None]
    if drifts:
        drifts = np.quantile(drifts, np.linspace(0.05, 0.95, 10))
        fine = np.concatenate(([0], np.geomspace(0.02, max(max(loads), 1), 120)))
        axes.plot(fine, [calculate_success(load, drifts, window) for load in fine], color=colour,
                  linewidth=1.1)


def draw_time(axes, groups, colour):
    """The median time to the first message of the chats that begin."""
    points = [(load, results.get_median(groups[load])) for load in sorted(groups)]
    points = [(load, median) for load, median in points if median is not None]
    axes.plot([load for load, _ in points], [median for _, median in points], color=colour,
              marker="o", markersize=3.5, linewidth=0.9)


def finish_axes(grid, has_costs):
    """Scales and labels."""
    for axes in grid.flat:
        axes.set_xscale("symlog", linthresh=0.1, linscale=0.5)
        axes.set_xlim(-0.02, None)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda load, _: f"{load:g}"))
        axes.minorticks_off()
    for axes, role in zip(grid[0], ROLES):
        axes.set_title(ROLES[role])
        axes.set_ylim(-0.03, 1.03)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    for axes in grid[-1]:
        axes.set_xlabel("new mappings of others a second")
    grid[0, 0].set_ylabel("chats that begin directly")
    grid[1, 0].set_ylabel("median time to the first message (s)")
    grid[1, 0].set_ylim(0, 1.05 * max(axes.dataLim.ymax for axes in grid[1]))
    if has_costs:
        grid[2, 0].set_ylabel("attempts of both ends, mean")
        grid[2, 0].set_yscale("log")
        for set_formatter in (grid[2, 0].yaxis.set_major_formatter,
                              grid[2, 0].yaxis.set_minor_formatter):
            set_formatter(FuncFormatter(lambda count, _: f"{count:g}"))


def draw(files, path):
    """Draws the figure; a file is (window, sessions, costs)."""
    has_costs = any(costs for _, _, costs in files)
    rows = 3 if has_costs else 2
    figure, grid = plt.subplots(rows, 2, figsize=(9.6, 1.4 + 2.6 * rows), squeeze=False,
                                sharex=True, sharey="row", layout="constrained")
    marks = []
    for place, (window, sessions, costs) in enumerate(sorted(files, key=lambda each: each[0])):
        colour = style.SCHEME_COLOURS[place % len(style.SCHEME_COLOURS)]
        marks.append(Line2D([], [], color=colour, marker="o", markersize=3.5,
                            label=f"{window} ports dialled"))
        for column, role in enumerate(ROLES):
            groups = {}
            for session in sessions:
                if get_role(session) == role:
                    load = get_load(session.initiator or session.target)
                    groups.setdefault(load, []).append(session)
            if not groups:
                continue
            draw_success(grid[0, column], groups, window, colour)
            draw_time(grid[1, column], groups, colour)
            loads = [load for load in sorted(groups) if (role, load) in costs]
            if loads:
                grid[2, column].plot(loads, [costs[role, load] for load in loads], color=colour,
                                     marker="o", markersize=3.5, linewidth=0.9)
    finish_axes(grid, has_costs)
    grid[0, 0].legend(handles=marks, loc="upper right")
    return figure


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", nargs="+",
                        help="results of nat-cgn-load.ini, each with another window")
    parser.add_argument("--output", default="results/nat-cgn-load.png",
                        help="the PNG to write (default: %(default)s)")
    arguments = parser.parse_args()
    files = []
    for name in arguments.results:
        database = style.open_results(name)
        try:
            sessions = results.read_sessions(database)
            files.append((read_window(database), sessions, read_costs(database)))
            caption = results.make_caption(database, sessions)
            for session in sessions:
                get_load(session.initiator or session.target)
        except style.FigureError as error:
            raise style.FigureError(f"{name}: {error}") from error
        finally:
            database.close()
    figure = draw(files, arguments.output)
    style.add_caption(figure, f"{caption}\nBars: 95 % confidence (Wilson). Lines: theory (Poisson), "
                      "the chance that the port of the SYN is among those dialled;\nthe time in "
                      "which others take ports is estimated from the steps, some 10 % too long for "
                      "the target.")
    style.save(figure, arguments.output)
    plt.close(figure)
    print(arguments.output)


if __name__ == "__main__":
    style.run(main)
