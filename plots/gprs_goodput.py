#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws what a bulk transfer over TCP gets of each coding scheme and number of timeslots, beside
what RLC could carry at most."""

import argparse

import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, MultipleLocator, PercentFormatter

# Octets of RLC data of a radio block (TS 44.060 10.2.1, 10.3a), of which each timeslot has 50 a
# second.
RLC_OCTETS = {"CS-1": 20, "CS-2": 30, "CS-3": 36, "CS-4": 50, "MCS-1": 22, "MCS-2": 28, "MCS-3": 37,
              "MCS-4": 44, "MCS-5": 56, "MCS-6": 74, "MCS-7": 112, "MCS-8": 136, "MCS-9": 148}
# Timeslots of a multislot class, down and up (TS 45.002 annex B).
SLOTS = {"1": (1, 1), "2": (2, 1), "3": (2, 2), "4": (3, 1), "5": (2, 2), "6": (3, 2), "7": (3, 3),
         "8": (4, 1), "9": (3, 2), "10": (4, 2), "11": (4, 3), "12": (4, 4)}
DIRECTIONS = {"download": 0, "upload": 1}
MARKERS = "osD^vP"


def get_header_efficiency(segment):
    """TCP payload of an LLC frame's octets: 40 of TCP and IP; SNDCP cuts what has more than 496
    (TS 44.065 7.2: 4 octets, then 3), each part has 6 of LLC (TS 44.064 6)."""
    packet = segment + 40
    more = max(0, -(-(packet - 496) // 497))
    return segment / (packet + 4 + 6 + 9 * more)


class Point:
    """The transfers of a file that arrived: where they went, and their goodput in bit/s."""

    def __init__(self, path):
        database = style.open_results(path)
        settings = dict(database.execute("SELECT key, value FROM configuration"))
        query = ("SELECT scheme, octets, sent_ns, received_ns FROM message"
                 " JOIN run ON run.id = run_id WHERE received_ns IS NOT NULL")
        transfers = [row for row in database.execute(query) if row[0] in DIRECTIONS]
        if not transfers:
            raise style.FigureError(f"{path}: no bulk transfer that arrived")
        schemes = {scheme for scheme, *_ in transfers}
        if len(schemes) > 1:
            raise style.FigureError(f"{path}: transfers in both directions; give each its own file")
        self.direction = schemes.pop()
        self.coding = settings["GprsCell.CodingScheme"]
        slots = settings["GprsMobileStation.MultislotClass"]
        if slots not in SLOTS:
            raise style.FigureError(f"{path}: multislot class {slots}: only 1 to 12 are drawn")
        self.slots = SLOTS[slots][DIRECTIONS[self.direction]]
        self.errors = float(settings["GprsCell.BlockErrorRate"])
        self.goodputs = [8 * octets / ((received - sent) / 1e9)
                         for _, octets, sent, received in transfers]
        self.goodput = float(np.mean(self.goodputs))
        rate = RLC_OCTETS[self.coding] * 8 * 50 * self.slots
        segment = int(settings.get("PeerTcpSocket.MaximumSegmentSize", 1360))
        self.limit = rate * get_header_efficiency(segment) * (1 - self.errors)


def draw_goodput(axes, points, places, styles):
    """Measured goodput as marks, the limits as dashes."""
    width = 0.8 / len(styles)
    for point in points:
        place, look = get_place(point, places, styles, width)
        axes.hlines(point.limit / 1e3, place - 0.45 * width, place + 0.45 * width, color="#444444",
                    linewidth=1.1)
        axes.plot([place] * len(point.goodputs), np.array(point.goodputs) / 1e3, **look)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(FixedLocator([5, 10, 20, 50, 100, 200]))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.set_ylabel("goodput of TCP (kbit/s)")
    axes.set_title("Goodput, and what RLC could carry of it")
    marks = [Line2D([], [], label=describe(key), **look) for key, look in styles.items()]
    marks.append(Line2D([], [], color="#444444", linewidth=1.1,
                        label="RLC rate \N{MULTIPLICATION SIGN} headers' efficiency "
                              "\N{MULTIPLICATION SIGN} (1 \N{MINUS SIGN} block error rate)"))
    axes.legend(handles=marks, loc="upper left", ncols=1 if len(marks) < 6 else 2)
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top * (top / bottom) ** 0.25)


def draw_shares(axes, points, places, styles):
    """The same as a share of the limit."""
    width = 0.8 / len(styles)
    axes.axhline(1, color="#444444", linewidth=1.1)
    axes.axhline(0.85, color="#999999", linewidth=0.9, linestyle=(0, (4, 2)))
    for point in points:
        place, look = get_place(point, places, styles, width)
        axes.plot(place, point.goodput / point.limit, **look)
    axes.yaxis.set_major_locator(MultipleLocator(0.05))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_ylabel("of the limit")
    axes.set_title("Share of the limit; dashes: 85 %")
    axes.set_ylim(min(0.8, axes.get_ylim()[0]), 1.02)


def get_key(point):
    """What has a colour and a mark of its own."""
    return point.slots, point.direction, point.errors


def describe(key):
    """The words for a key."""
    slots, direction, errors = key
    words = f"{slots} timeslot{'s' if slots > 1 else ''}"
    words += ", up" if direction == "upload" else ""
    return words + (f", {100 * errors:g} % of the blocks lost" if errors > 0 else "")


def make_looks():
    """Marks that can be told apart: filled ones, then hollow ones."""
    marks = list(zip(style.SCHEME_COLOURS, MARKERS))
    return [{"color": colour, "marker": marker, "markersize": 4.5, "linewidth": 0,
             "markerfacecolor": face or colour} for face in (None, "white")
            for colour, marker in marks]


def get_place(point, places, styles, width):
    """Where a point stands, and how it looks."""
    key = get_key(point)
    offset = (list(styles).index(key) - (len(styles) - 1) / 2) * width
    return places[point.coding] + offset, styles[key]


def main():
    """Reads the results, draws the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", nargs="+",
                        help="results of gprs-transfer.ini, a file for each coding and class")
    parser.add_argument("--output", default="plots/gprs-goodput.png", help="the figure")
    arguments = parser.parse_args()
    points = [Point(path) for path in arguments.results]
    codings = [coding for coding in RLC_OCTETS if any(point.coding == coding for point in points)]
    places = {coding: place for place, coding in enumerate(codings)}
    keys = sorted({get_key(point) for point in points}, key=lambda key: (key[2], key[1], key[0]))
    styles = dict(zip(keys, make_looks()))
    if len(styles) < len(keys):
        raise style.FigureError(f"more than {len(styles)} kinds of transfers: "
                                + "; ".join(map(describe, keys)))
    figure, (goodput, shares) = plt.subplots(2, 1, figsize=(7.4, 7.2), height_ratios=(1.6, 1),
                                             sharex=True, layout="constrained")
    draw_goodput(goodput, points, places, styles)
    draw_shares(shares, points, places, styles)
    shares.set_xticks(range(len(codings)), codings)
    shares.set_xlim(-0.5, len(codings) - 0.5)
    for axes in (goodput, shares):
        axes.grid(axis="x", visible=False)
    transfers = sum(len(point.goodputs) for point in points)
    figure.suptitle(f"Bulk transfers over TCP and GPRS: {transfers:,} transfers", fontsize=10.5,
                    x=0.01, ha="left")
    style.save(figure, arguments.output)
    print(arguments.output)


if __name__ == "__main__":
    style.run(main)
