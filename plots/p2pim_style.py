# SPDX-License-Identifier: GPL-2.0-only
"""What the figures of p2pim have in common: look, colours, reading of results, errors."""

import os
import sqlite3
import sys
from statistics import NormalDist

import matplotlib
import numpy as np

matplotlib.use("Agg")

APPLICATION_ID = 0x70327069
SCHEMA_VERSION = 3

# Okabe and Ito's palette without yellow and black: told apart also by the colour-blind.
SCHEME_COLOURS = ["#D55E00", "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]

# Steps in the order in which a chat passes them: what the phase that each one ends is, and its
# colour. After Paul Tol's "muted" palette: blue for bearers, green for servers, red for the SMS,
# purple for the chat itself; within a hue told apart by lightness.
PHASES = {
    "attached": ("GPRS attach", "#332288"),
    "pdp_up": ("PDP context activation", "#88CCEE"),
    "registered": ("SIP registration", "#117733"),
    "connected": ("connection to the server", "#44AA99"),
    "logged_in": ("log-in at the server", "#999933"),
    "listening": ("start of listening", "#BBCC33"),
    "gathered": ("own addresses", "#6699CC"),
    "sms_submitted": ("invitation written", "#FFAABB"),
    "sms_accepted": ("SMS to the SMSC", "#CC6677"),
    "sms_delivered": ("SMS to the target", "#882255"),
    "target_bearer_up": ("target's bearer", "#4477AA"),
    "target_gathered": ("target's addresses", "#999999"),
    "syn_sent": ("target's reaction", "#EE8866"),
    "answer_submitted": ("answer written", "#F2CBC4"),
    "answer_delivered": ("SMS to the initiator", "#661100"),
    "established": ("TCP connection", "#AA4499"),
    "ready": ("both sides ready", "#DDB7DD"),
    "first_sent": ("message written", "#EEEEBB"),
    "first_received": ("first message", "#DDCC77"),
}
UNKNOWN_COLOUR = "#777777"
OTHER_COLOUR = "#BBBBBB"

RC_PARAMS = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.hashsalt": "p2pim",
}
matplotlib.rcParams.update(RC_PARAMS)


class FigureError(Exception):
    """A user's mistake; its text is one line."""


def open_results(path):
    """Opens a results file for reading; raises FigureError if it is none."""
    if not os.path.exists(path):
        raise FigureError(f"{path}: there is no such file")
    if not os.path.isfile(path):
        raise FigureError(f"{path}: not a results file of p2pim")
    if not os.access(path, os.R_OK):
        raise FigureError(f"{path}: cannot be read: permission denied")
    if os.path.getsize(path) == 0:
        raise FigureError(f"{path}: is empty")
    try:
        database = sqlite3.connect(path)
        application = database.execute("PRAGMA application_id").fetchone()[0]
        version = database.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise FigureError(f"{path}: not a results file of p2pim") from error
    if application != APPLICATION_ID:
        raise FigureError(f"{path}: not a results file of p2pim")
    if version != SCHEMA_VERSION:
        raise FigureError(f"{path}: has version {version} of the results schema; "
                          f"this script reads version {SCHEMA_VERSION}")
    return database


def read_meta(database):
    """The table meta as a dictionary."""
    return dict(database.execute("SELECT key, value FROM meta"))


def get_phase_label(step):
    """The words for the phase that a step ends."""
    return PHASES[step][0] if step in PHASES else step.replace("_", " ")


def get_phase_colour(step):
    """The colour of the phase that a step ends."""
    return PHASES[step][1] if step in PHASES else UNKNOWN_COLOUR


def make_band(share, n):
    """Wilson's 95 % interval of each share of n."""
    z = NormalDist().inv_cdf(0.975)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half


def describe_seeds(seeds):
    """Such as "seeds 1-5"."""
    seeds = sorted(seeds)
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if seeds == list(range(seeds[0], seeds[-1] + 1)):
        return f"seeds {seeds[0]}\N{EN DASH}{seeds[-1]}"
    return "seeds " + ", ".join(map(str, seeds))


def add_caption(figure, text):
    """Writes below a figure what it is of."""
    figure.supxlabel(text, fontsize=8, color="#444444", x=0.01, ha="left")


def save(figure, path):
    """Writes a PNG whose octets depend on the figure only."""
    try:
        figure.savefig(path, dpi=200, metadata={"Software": None}, format="png")
    except OSError as error:
        raise FigureError(f"{path}: cannot be written: {error.strerror}") from error


def run(main):
    """Runs a script: a mistake of the user is one line on stderr and exit status 2."""
    try:
        main()
    except (FigureError, sqlite3.DatabaseError) as error:
        print(f"{os.path.basename(sys.argv[0])}: {error}", file=sys.stderr)
        sys.exit(2)
