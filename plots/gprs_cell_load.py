#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws what the phones of a cell get of its PDCHs, over what they would ask for."""

import argparse

import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter
from scipy import stats

# Octets of RLC data of a radio block (TS 44.060 10.2.1), of which each PDCH has 50 a second.
RLC_OCTETS = {"CS-1": 20, "CS-2": 30, "CS-3": 36, "CS-4": 50}
FIGURES = ("offered_bit_s", "carried_bit_s", "goodput_bit_s", "downlink_pdch_share",
           "downlink_payload_share")


def get_interval(values):
    """Mean and half of its 95 % confidence interval; 0 of a single value."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, 0.0
    deviation = float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return mean, float(stats.t.ppf(0.975, len(values) - 1)) * deviation


class Point:
    """The runs of a file, one for each seed: the mean of each figure and its interval."""

    def __init__(self, path):
        database = style.open_results(path)
        settings = dict(database.execute("SELECT key, value FROM configuration"))
        values = {name: [] for name in FIGURES}
        for name, value in database.execute(
                "SELECT name, value FROM counters WHERE element = 'derived' ORDER BY run_id"):
            values.get(name, []).append(value)
        if not all(values.values()):
            raise style.FigureError(f"{path}: not the results of transfers with a ThinkTime")
        self.figures = {name: get_interval(each) for name, each in values.items()}
        self.offered = self.figures["offered_bit_s"][0]
        cells = int(settings["CellularNetwork.Cells"])
        self.pdchs = cells * int(settings["GprsCell.Pdchs"])
        self.coding = settings["GprsCell.CodingScheme"]
        self.slots = self.coding, self.pdchs
        self.seeds = len(values["offered_bit_s"])

    def get_rlc_rate(self):
        """bit/s that the PDCHs carry, and None of a coding scheme that is not drawn."""
        octets = RLC_OCTETS.get(self.coding)
        return octets and octets * 8 * 50 * self.pdchs


def draw(axes, points, name, scale, look):
    """A figure over the load, with its intervals."""
    loads = [point.offered / 1e3 for point in points]
    means = np.array([point.figures[name][0] for point in points]) / scale
    halves = np.array([point.figures[name][1] for point in points]) / scale
    axes.errorbar(loads, means, yerr=halves, capsize=2.5, elinewidth=0.9, linewidth=1.1,
                  markersize=4.5, **look)


def main():
    """Reads the results, draws the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", nargs="+",
                        help="results of gprs-cell-load.ini, a file for each ThinkTime")
    parser.add_argument("--output", default="plots/gprs-cell-load.png", help="the figure")
    arguments = parser.parse_args()
    points = sorted((Point(path) for path in arguments.results), key=lambda point: point.offered)
    if len({point.slots for point in points}) > 1:
        raise style.FigureError("results of different PDCHs or coding schemes")
    colours = style.SCHEME_COLOURS
    figure, (rates, shares) = plt.subplots(2, 1, figsize=(7.2, 7.2), sharex=True,
                                           height_ratios=(1.4, 1), layout="constrained")
    limit = points[0].get_rlc_rate()
    if limit:
        rates.axhline(limit / 1e3, color="#444444", linewidth=1.1, linestyle=(0, (4, 2)),
                      label=f"RLC rate of {points[0].pdchs} PDCHs with {points[0].coding}")
    draw(rates, points, "carried_bit_s", 1e3,
         {"color": colours[1], "marker": "o", "label": "carried for all phones together"})
    draw(rates, points, "goodput_bit_s", 1e3,
         {"color": colours[0], "marker": "s", "label": "goodput of a transfer while it lasts"})
    rates.set_ylabel("TCP payload (kbit/s)")
    rates.set_title("What the phones get")
    rates.set_ylim(bottom=0)
    rates.legend(loc="center right")
    draw(shares, points, "downlink_pdch_share", 1,
         {"color": colours[1], "marker": "o", "label": "blocks in use, of those there are"})
    draw(shares, points, "downlink_payload_share", 1,
         {"color": colours[2], "marker": "^",
          "label": "payload in the octets of LLC: the rest is headers and sent in vain"})
    shares.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    shares.set_ylim(0, 1.02)
    shares.set_ylabel("share")
    shares.set_xlabel("offered load: what they would ask for if they had it at once (kbit/s)")
    shares.set_title("The PDCHs")
    shares.legend(loc="lower right")
    shares.set_xscale("log")
    ticks = [load for load in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
             if points[0].offered / 1.3e3 < load < points[-1].offered * 1.3e-3]
    shares.set_xticks(ticks, [f"{load:g}" for load in ticks])
    shares.minorticks_off()
    seeds = {point.seeds for point in points}
    words = f"{min(seeds)} seed{'s' if max(seeds) > 1 else ''} each" if len(seeds) == 1 else \
        f"{min(seeds)} to {max(seeds)} seeds each"
    figure.suptitle(f"Phones that share a cell: {words}, bars are 95 % intervals", fontsize=10.5,
                    x=0.01, ha="left")
    style.save(figure, arguments.output)
    print(arguments.output)


if __name__ == "__main__":
    style.run(main)
