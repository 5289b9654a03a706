#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws what a cell's SDCCHs carry: blocking and delay against the offered load."""

import argparse

import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, PercentFormatter

MARKERS = "osD^vP"


class Point:
    """A run: SDCCHs of its cells, fresh load of each, blocking, and the messages' times."""

    def __init__(self, path):
        database = style.open_results(path)
        configuration = dict(database.execute("SELECT key, value FROM configuration"))
        counters = {(element, name): value for element, name, value in
                    database.execute("SELECT element, name, avg(value) FROM counters"
                                     " GROUP BY element, name")}
        if ("derived", "sdcch_offered") not in counters:
            raise style.FigureError(f"{path}: not the results of a scenario of short messages")
        self.sdcchs = int(configuration["GsmCell.SdcchCount"])
        self.offered = counters["derived", "sdcch_offered"]
        self.blocked = counters.get(("derived", "sdcch_blocked_share"), 0.0)
        times = [time / 1e9 for time, in database.execute(
            "SELECT first_message_ns FROM session WHERE first_message_ns IS NOT NULL")]
        sessions, = database.execute("SELECT count(*) FROM session").fetchone()
        self.failed = 1 - len(times) / sessions
        self.median = float(np.median(times)) if times else np.nan
        self.late = float(np.quantile(times, 0.95)) if times else np.nan


def erlang_b(load, servers):
    """Erlang's B formula: the share of calls that is lost."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def draw_blocking(axes, groups, colours, end):
    """Measured shares as marks, Erlang B as lines."""
    loads = np.linspace(0.02, end, 200)
    for (sdcchs, points), marker in zip(groups.items(), MARKERS):
        axes.plot(loads, [erlang_b(load * sdcchs, sdcchs) for load in loads],
                  color=colours[sdcchs], linewidth=1.1, linestyle=(0, (4, 2)))
        axes.plot([point.offered for point in points], [point.blocked for point in points],
                  color=colours[sdcchs], marker=marker, markersize=5, linewidth=0.6)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_ylabel("requests without a free SDCCH")
    axes.set_title("Blocking")
    marks = [Line2D([], [], color=colours[sdcchs], marker=marker, linewidth=0.6, markersize=5,
                    label=f"{sdcchs} SDCCHs")
             for sdcchs, marker in zip(groups, MARKERS)]
    marks.append(Line2D([], [], color="#444444", linewidth=1.1, linestyle=(0, (4, 2)),
                        label="Erlang B: nobody tries again"))
    axes.legend(handles=marks, loc="upper left")


def draw_delay(axes, groups, colours):
    """Median and 95 % quantile of the messages that arrived."""
    for (sdcchs, points), marker in zip(groups.items(), MARKERS):
        loads = [point.offered for point in points]
        axes.plot(loads, [point.median for point in points], color=colours[sdcchs],
                  marker=marker, markersize=5, linewidth=1.1)
        axes.plot(loads, [point.late for point in points], color=colours[sdcchs],
                  marker=marker, markersize=5, markerfacecolor="white", linewidth=0.9,
                  linestyle=(0, (1, 1.5)))
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(FixedLocator([5, 10, 20, 50, 100, 200, 500, 1000, 2000]))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.set_ylabel("button to target's phone (s)")
    axes.set_title("Delay of the messages that arrived")
    axes.legend(handles=[Line2D([], [], color="#444444", marker="o", markersize=5, label="median"),
                         Line2D([], [], color="#444444", marker="o", markersize=5,
                                markerfacecolor="white", linestyle=(0, (1, 1.5)),
                                label="95 % quantile")], loc="upper left")


def draw_failures(axes, groups, colours):
    """The share of messages that never arrive."""
    for (sdcchs, points), marker in zip(groups.items(), MARKERS):
        axes.plot([point.offered for point in points], [point.failed for point in points],
                  color=colours[sdcchs], marker=marker, markersize=5, linewidth=1.1)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_ylabel("messages lost")
    axes.set_xlabel("offered load per SDCCH: fresh messages only (Erlang)")
    axes.set_title("Messages that never arrive")


def main():
    """Reads the results, draws the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", nargs="+", help="results of sms-load.ini, one file for each load")
    parser.add_argument("--output", default="plots/sms-load.png", help="the figure")
    arguments = parser.parse_args()
    points = sorted((Point(path) for path in arguments.results),
                    key=lambda point: (point.sdcchs, point.offered))
    groups = {}
    for point in points:
        groups.setdefault(point.sdcchs, []).append(point)
    if len(groups) > len(MARKERS):
        raise style.FigureError(f"more than {len(MARKERS)} numbers of SDCCHs: "
                                + ", ".join(map(str, groups)))
    colours = dict(zip(groups, style.SCHEME_COLOURS))
    figure, (blocking, delay, failures) = plt.subplots(
        3, 1, figsize=(7.2, 9.4), height_ratios=(1.3, 1.15, 0.85), sharex=True,
        layout="constrained")
    end = 1.06 * max(point.offered for point in points)
    draw_blocking(blocking, groups, colours, end)
    draw_delay(delay, groups, colours)
    draw_failures(failures, groups, colours)
    failures.set_xlim(0, end)
    figure.suptitle("Short messages in a cell with few SDCCHs", fontsize=10.5, x=0.01, ha="left")
    style.save(figure, arguments.output)
    print(arguments.output)


if __name__ == "__main__":
    style.run(main)
