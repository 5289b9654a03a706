# SPDX-License-Identifier: GPL-2.0-only
"""What tests of figures share: a folder, results files; plots/ is to be on the path."""

import json
import pathlib
import re
import sqlite3
import tempfile
import unittest
import zlib

import p2pim_style

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "src" / "campaign" / "results-schema.h"


class FigureTest(unittest.TestCase):
    """Has a folder of its own, and places in it for a results file and a figure."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.results = self.folder / "results.sqlite"
        self.png = self.folder / "figure.png"


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


def insert_counters(database, run, element, counters):
    """The counters of a run: all of one element, by name."""
    names = sorted(counters)
    list_id = zlib.crc32(repr((element, names)).encode())
    database.executemany("INSERT OR IGNORE INTO counter_name VALUES (?, ?, ?, ?)",
                         [(list_id, ordinal, element, name)
                          for ordinal, name in enumerate(names)])
    database.execute("INSERT INTO counter_list VALUES (?, ?, ?)",
                     (run, list_id, json.dumps([counters[name] for name in names])))
