#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws what a round trip over GPRS takes: over the size of its packets, and part by part over the
state that the phone was in before."""

import argparse

import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch

# How the results spell a state -> words, in the order from warm to cold.
STATES = {
    "open": "downlink TBF open",
    "ready": "READY, no TBF",
    "standby": "STANDBY",
    "detached": "not attached",
    "as-is": "as it was left",
}
DIRECTIONS = {"ping": "from the phone", "push": "to the phone"}
# What a part of the time goes into -> (words, colour), in the order of the way.
PARTS = {
    "attach": ("GPRS attach", "#332288"),
    "context": ("PDP context activation", "#88CCEE"),
    "paging": ("paging", "#CC6677"),
    "uplink": ("access, uplink TBF", "#E69F00"),
    "downlink": ("assignment, downlink TBF", "#DDCC77"),
    "blocks": ("radio blocks", "#117733"),
    "core": ("core network, server, phone", "#BBBBBB"),
}
MARKERS = "osD^vP"


class Ping:
    """A session that succeeded: (scheme, state), octets, round trip and its steps in s."""

    def __init__(self, scheme, state, octets, round_trip):
        self.kind = (scheme, state)
        self.octets = octets
        self.round_trip = round_trip
        self.steps = []


def read_pings(path):
    """All pings of a file that had their echo."""
    database = style.open_results(path)
    pings = {}
    query = ("SELECT run_id, session.idx, scheme, bearer, octets, first_message_ns FROM session"
             " JOIN run ON run.id = run_id JOIN message USING (run_id)"
             " WHERE session_idx = session.idx AND message.idx = 0 AND session.succeeded"
             " AND scheme IN ('ping', 'push') ORDER BY run_id, session.idx")
    for run_id, idx, scheme, state, octets, time in database.execute(query):
        pings[run_id, idx] = Ping(scheme, state, octets, time / 1e9)
    query = "SELECT run_id, session_idx, name, time_ns FROM step ORDER BY run_id, session_idx, ordinal"
    for run_id, idx, name, time in database.execute(query):
        if (run_id, idx) in pings:
            pings[run_id, idx].steps.append((name, time / 1e9))
    if not pings:
        raise style.FigureError(f"{path}: no ping had its echo")
    return list(pings.values())


def get_part(before, step, names):
    """What the time from one step to the next went into; names: those from here on."""
    if "attached" in names:
        return "attach"
    if "context_active" in names:
        return "context"
    if before == "paged":
        return "paging"
    if step.endswith(("_requested", "_open")):
        return step.split("_", 1)[0]
    return "blocks" if step.endswith("_delivered") else "core"


def measure_parts(pings):
    """The mean of each part, s; they make up the mean round trip."""
    sums = dict.fromkeys(PARTS, 0.0)
    for ping in pings:
        names = [name for name, _ in ping.steps]
        for place, ((before, start), (step, end)) in enumerate(zip(ping.steps, ping.steps[1:])):
            sums[get_part(before, step, names[place + 1:])] += end - start
    return {part: time / len(pings) for part, time in sums.items()}


def group(pings, key):
    """The pings by key, in the order of schemes and states."""
    groups = {}
    for ping in sorted(pings, key=lambda ping: (ping.kind[0], list(STATES).index(ping.kind[1]))):
        groups.setdefault(key(ping), []).append(ping)
    return groups


def fit_line(sizes, times):
    """Least squares: (s at no octets, s an octet, R²)."""
    slope, start = np.polyfit(sizes, times, 1)
    rest = np.sum((np.array(times) - (start + slope * np.array(sizes))) ** 2)
    return start, slope, 1 - rest / np.sum((np.array(times) - np.mean(times)) ** 2)


def draw_sizes(axes, pings):
    """Means over sizes with the middle 90 %, and the line through them, of each kind that has it."""
    drawn = 0
    for kind, members in group(pings, lambda ping: ping.kind).items():
        by_size = {}
        for ping in members:
            by_size.setdefault(ping.octets, []).append(ping.round_trip)
        if len(by_size) < 3:
            continue
        sizes = sorted(by_size)
        means = [float(np.mean(by_size[size])) for size in sizes]
        low, high = zip(*[np.quantile(by_size[size], (0.05, 0.95)) for size in sizes])
        start, slope, determination = fit_line(sizes, means)
        colour = style.SCHEME_COLOURS[drawn % len(style.SCHEME_COLOURS)]
        axes.vlines(sizes, low, high, color=colour, linewidth=1)
        axes.plot(sizes, means, color=colour, marker=MARKERS[drawn % len(MARKERS)], markersize=4.5,
                  linewidth=0, label=f"{DIRECTIONS[kind[0]]}, {STATES[kind[1]]}: {start:.2f} s + "
                  f"{1000 * slope:.2f} ms an octet, R\N{SUPERSCRIPT TWO} {determination:.4f}")
        ends = np.array([0, sizes[-1]])
        axes.plot(ends, start + slope * ends, color=colour, linewidth=0.9, linestyle=(0, (4, 2)))
        drawn += 1
    if drawn == 0:
        raise style.FigureError("--sizes: no state has packets of three sizes")
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.25 * axes.get_ylim()[1])
    axes.set_xlabel("payload of the packet, octets")
    axes.set_ylabel("round trip (s)")
    axes.set_title("Over the size: mean, and the middle 90 %")
    axes.legend(loc="upper left")


def draw_states(axes, pings):
    """A bar of parts for each kind."""
    rows = group(pings, lambda ping: ping.kind)
    for place, members in enumerate(rows.values()):
        at = 0.0
        for part, time in measure_parts(members).items():
            axes.barh(place, time, left=at, height=0.62, color=PARTS[part][1])
            at += time
        low, high = np.quantile([ping.round_trip for ping in members], (0.05, 0.95))
        axes.plot([low, high], [place, place], color="#222222", linewidth=1)
        axes.annotate(f"{at:.2f} s", (max(at, high), place), xytext=(4, 0),
                      textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(rows)),
                    [f"{DIRECTIONS[scheme]}: {STATES[state]}" for scheme, state in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1.1 * axes.get_xlim()[1])
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("mean time from the first packet to the echo (s)")
    axes.set_title("Over the state of the phone before")
    used = {part for members in rows.values()
            for part, time in measure_parts(members).items() if time > 0}
    axes.legend(handles=[Patch(color=colour, label=words)
                         for part, (words, colour) in PARTS.items() if part in used],
                loc="upper right", bbox_to_anchor=(1.02, -0.55 / len(rows) - 0.06), ncols=3,
                title="bar: mean; line: 5 % to 95 % of the pings", title_fontsize=8)


def main():
    """Reads the results, draws the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", nargs="+", help="results of gprs-ping.ini, of packets of one size")
    parser.add_argument("--sizes", nargs="+", default=[], metavar="RESULTS",
                        help="results with packets of three sizes or more, in all")
    parser.add_argument("--output", default="plots/gprs-round-trip.png", help="the figure")
    arguments = parser.parse_args()
    pings = [ping for path in arguments.results for ping in read_pings(path)]
    sized = [ping for path in arguments.sizes for ping in read_pings(path)]
    octets = sorted({ping.octets for ping in pings})
    if len(octets) > 1:
        raise style.FigureError("packets of several sizes ("
                                + ", ".join(map(str, octets)) + " octets): give them by --sizes")
    height = 1.3 + 0.36 * len({ping.kind for ping in pings})
    if sized:
        figure, (sizes, states) = plt.subplots(2, 1, figsize=(7.6, 4.2 + height),
                                               height_ratios=(3.4, height), layout="constrained")
        draw_sizes(sizes, sized)
    else:
        figure, states = plt.subplots(figsize=(7.6, 0.8 + height), layout="constrained")
    draw_states(states, pings)
    figure.suptitle(f"Round trips over GPRS: {len(pings) + len(sized):,} pings; below, of "
                    f"{octets[0]} octets of payload" if sized else
                    f"Round trips over GPRS: {len(pings):,} pings of {octets[0]} octets of payload",
                    fontsize=10.5, x=0.01, ha="left")
    style.save(figure, arguments.output)
    print(arguments.output)


if __name__ == "__main__":
    style.run(main)
