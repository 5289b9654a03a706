# SPDX-License-Identifier: GPL-2.0-only
"""Results files for the tests of figures; plots/ is to be on the path."""

import pathlib
import re
import sqlite3

import p2pim_style

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "src" / "campaign" / "results-schema.h"


def create(path, settings=(), meta=()):
    """A new file with the tables as the program makes them, its (key, value)s, and no runs."""
    database = sqlite3.connect(path)
    header = SCHEMA.read_text(encoding="utf-8")
    database.executescript(re.search(r'R"sql\((.*)\)sql"', header, re.DOTALL).group(1))
    database.execute(f"PRAGMA application_id = {p2pim_style.APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {p2pim_style.SCHEMA_VERSION}")
    database.executemany("INSERT INTO meta VALUES (?, ?)", meta)
    database.executemany("INSERT INTO configuration VALUES (?, ?, 0)", settings)
    return database
