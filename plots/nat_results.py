# SPDX-License-Identifier: GPL-2.0-only
"""What the figures of chats through NATs have in common: reading, and matrices of shares."""

from collections import namedtuple

import p2pim_style as style

import numpy as np

Session = namedtuple("Session", "scheme bearer initiator target succeeded relayed failure"
                                " first_message steps")

QUERY = """
SELECT run_id, session.idx, scheme, bearer, initiator_access, target_access, session.succeeded,
       CASE diagnosis WHEN '' THEN cause ELSE diagnosis END, first_message_ns,
       EXISTS (SELECT * FROM attempt WHERE attempt.run_id = session.run_id
               AND session_idx = session.idx AND candidate = 'relay' AND from_initiator
               AND outcome = '' AND end_ns IS NOT NULL)
FROM session JOIN run ON run.id = run_id ORDER BY run_id, session.idx"""


def read_sessions(database):
    """All sessions, in the order of the file; times in seconds."""
    steps = {}
    for run_id, idx, name, time in database.execute(
            "SELECT run_id, session_idx, name, time_ns FROM step"
            " ORDER BY run_id, session_idx, ordinal"):
        steps.setdefault((run_id, idx), {})[name] = time / 1e9
    sessions = []
    for (run_id, idx, scheme, bearer, initiator, target, succeeded, failure, first,
         relayed) in database.execute(QUERY):
        sessions.append(Session(scheme, bearer, initiator, target, bool(succeeded), bool(relayed),
                                failure, None if first is None else first / 1e9,
                                steps.get((run_id, idx), {})))
    if not any(session.initiator for session in sessions):
        raise style.FigureError("no session tells what its phones are behind")
    return sessions


def list_values(sessions, field):
    """The values of a field, in the order in which they come."""
    return list(dict.fromkeys(getattr(session, field) for session in sessions))


def group(sessions, *fields):
    """The sessions by the values of some fields."""
    groups = {}
    for session in sessions:
        key = tuple(getattr(session, field) for field in fields)
        groups.setdefault(key if len(fields) > 1 else key[0], []).append(session)
    return groups


def get_share(sessions):
    """The share of sessions that succeeded."""
    return sum(session.succeeded for session in sessions) / len(sessions)


def get_median(sessions):
    """The median time to the first message of those that succeeded; None without any."""
    times = [session.first_message for session in sessions if session.succeeded]
    return float(np.median(times)) if times else None


def draw_matrix(axes, cells, rows, columns, fontsize=5.5):
    """Shares as colours; in each cell the share in %, and below it the median time in s."""
    shares = np.full((len(rows), len(columns)), np.nan)
    for (row, column), sessions in cells.items():
        i, j = rows.index(row), columns.index(column)
        share, median = get_share(sessions), get_median(sessions)
        shares[i, j] = share
        text = f"{100 * share:.0f}" if median is None else f"{100 * share:.0f}\n{median:.1f} s"
        axes.text(j, i, text, ha="center", va="center", fontsize=fontsize, linespacing=1.1,
                  color="white" if share > 0.55 else "black")
    axes.imshow(shares, cmap="Blues", vmin=-0.1, vmax=1.15, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=45, ha="right", rotation_mode="anchor",
                    fontsize=fontsize + 1.5)
    axes.set_yticks(range(len(rows)), rows, fontsize=fontsize + 1.5)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(False)
    axes.grid(True, which="minor", color="white", linewidth=1)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)


def make_caption(database, sessions):
    """Where the figure comes from, and how much is behind it."""
    meta = style.read_meta(database)
    seeds = [seed for seed, in database.execute("SELECT DISTINCT seed FROM run")]
    counts = sorted({len(each) for each in group(sessions, "scheme").values()})
    size = "\N{EN DASH}".join(map(str, counts[:1] + counts[1:][-1:]))
    status = "" if meta["status"] == "complete" else ", PARTIAL: planned runs are missing"
    return (f"{meta['scenario']}, p2pim {meta['program_version']}: n = {size} sessions per scheme, "
            f"{style.describe_seeds(seeds)}{status}.")


def draw_file(draw, path, output):
    """Calls draw(database, output); a fault of the results has the file's name."""
    database = style.open_results(path)
    try:
        draw(database, output)
    except style.FigureError as error:
        message = str(error)
        raise style.FigureError(message if message.startswith(output) else f"{path}: {message}")
    finally:
        database.close()
    print(output)
