#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws where the seconds of a short message go: hop by hop, and how they are distributed."""

import argparse

import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

# Hop -> (what its time is spent on, leg of the way), in the order of the way.
HOPS = {
    "submitted": ("button pressed", "sender"),
    "mo_channel": ("random access, SDCCH", "sender"),
    "mo_ciphered": ("authentication, ciphering", "sender"),
    "mo_forwarded": ("RP-DATA to the MSC", "sender"),
    "stored": ("MO-ForwardSM, storage", "core"),
    "routing_requested": ("wait for the first attempt", "core"),
    "mt_forwarded": ("routing information (HLR)", "core"),
    "paged": ("MT-ForwardSM to the MSC", "core"),
    "mt_channel": ("paging, random access, SDCCH", "target"),
    "mt_ciphered": ("authentication, ciphering", "target"),
    "received": ("RP-DATA to the phone", "target"),
}
LEGS = {
    "sender": ("sender's radio", "#0072B2"),
    "core": ("SMSC, HLR, MSC", "#E69F00"),
    "target": ("target's radio", "#009E73"),
}


def read_messages(database):
    """The hops of each message that arrived at its first attempt: hop -> s since the button."""
    messages = []
    current = None
    query = ("SELECT run_id, session_idx, name, time_ns FROM step"
             " JOIN session USING (run_id) WHERE session.idx = session_idx AND succeeded"
             " ORDER BY run_id, session_idx, ordinal")
    key = None
    for run_id, idx, name, time in database.execute(query):
        if key != (run_id, idx):
            key, start, current = (run_id, idx), time, {}
            messages.append(current)
        if name in HOPS:
            current[name] = None if name in current else (time - start) / 1e9
    return [hops for hops in messages
            if "received" in hops and all(time is not None for time in hops.values())]


def measure(messages):
    """Rows of (hop, mean start, mean end, 5 % and 95 % quantile of the duration)."""
    rows = []
    at = 0.0
    names = list(HOPS)
    for before, hop in zip(names, names[1:]):
        durations = [hops[hop] - hops[before] for hops in messages
                     if hop in hops and before in hops]
        if durations:
            mean = float(np.mean(durations))
            rows.append((hop, at, at + mean, *np.quantile(durations, (0.05, 0.95))))
            at += mean
    return rows


def draw_way(axes, rows):
    """A bar from each hop's mean start to its end, one below the other."""
    for place, (hop, start, end, low, high) in enumerate(rows):
        words, leg = HOPS[hop]
        axes.barh(place, end - start, left=start, height=0.62, color=LEGS[leg][1])
        axes.plot([start + low, start + high], [place, place], color="#222222", linewidth=1)
        axes.annotate(f"{end - start:.2f} s", (max(end, start + high), place),
                      xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(rows)), [HOPS[row[0]][0] for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1.12 * max(start + high for _, start, _, _, high in rows))
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, steps=[1, 2, 5, 10]))
    axes.set_xlabel("mean time since the button was pressed (s)")
    axes.set_title("Where the time goes")
    legs = [Patch(color=colour, label=words) for words, colour in LEGS.values()]
    axes.legend(handles=legs, loc="lower left", title="bar: mean; line: 5 % to 95 % of the messages",
                title_fontsize=8, alignment="left")


def draw_distribution(axes, messages):
    """The empirical distribution of the whole time, with its mean and two quantiles."""
    times = np.sort([hops["received"] for hops in messages])
    axes.step(np.concatenate(([0], times)), np.arange(len(times) + 1) / len(times), where="post",
              color="#444444", linewidth=1.6)
    marks = [(np.quantile(times, 0.5), 0.5, "median"), (np.quantile(times, 0.95), 0.95, "95 %")]
    for time, share, words in marks:
        axes.plot([0, time, time], [share, share, 0], color="#999999", linewidth=0.8,
                  linestyle=(0, (3, 2)))
        axes.annotate(f"{words} {time:.1f} s", (time, share), xytext=(-6, 4), ha="right",
                      textcoords="offset points", fontsize=8)
    axes.set_xlim(0, 1.04 * times[-1])
    axes.set_ylim(0, 1.03)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{share} %" for share in range(0, 101, 20)])
    axes.set_xlabel("time from the button to the target's phone (s)")
    axes.set_ylabel("share of the messages")
    axes.set_title("Distribution")


def main():
    """Reads the results, draws the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="results of a scenario of short messages, with steps")
    parser.add_argument("--output", default="plots/sms-latency.png", help="the figure")
    arguments = parser.parse_args()
    database = style.open_results(arguments.results)
    messages = read_messages(database)
    if not messages:
        raise style.FigureError(f"{arguments.results}: no message with hops arrived at its first "
                                "attempt")
    figure, (way, distribution) = plt.subplots(
        2, 1, figsize=(7.6, 7.6), height_ratios=(1.25, 1), layout="constrained")
    draw_way(way, measure(messages))
    draw_distribution(distribution, messages)
    figure.suptitle(f"A short message from phone to phone: {len(messages):,} messages that arrived "
                    "at the first attempt", fontsize=10.5, x=0.01, ha="left")
    style.save(figure, arguments.output)
    print(arguments.output)


if __name__ == "__main__":
    style.run(main)
