#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws whether two phones behind one NAT meet: a matrix of NATs and strategies for each policy."""

import argparse

import nat_results as results
import p2pim_style as style

import matplotlib.pyplot as plt

POLICIES = ["Allowed", "Hairpinned", "Barred"]


class Panel:
    """A results file: the GGSN's policy, and its sessions."""

    def __init__(self, path):
        database = style.open_results(path)
        configuration = dict(database.execute("SELECT key, value FROM configuration"))
        self.policy = configuration.get("Ggsn.MsToMs", "Allowed")
        try:
            self.sessions = results.read_sessions(database)
        except style.FigureError as error:
            raise style.FigureError(f"{path}: {error}") from error
        self.caption = results.make_caption(database, self.sessions)
        database.close()


def main():
    """Reads the results, draws the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", nargs="+",
                        help="results of nat-same-operator.ini, one file for each policy")
    parser.add_argument("--output", default="results/nat-same-operator.png",
                        help="the PNG to write (default: %(default)s)")
    arguments = parser.parse_args()
    panels = sorted(map(Panel, arguments.results),
                    key=lambda panel: (POLICIES + [panel.policy]).index(panel.policy))
    figure, axes = plt.subplots(1, len(panels), figsize=(1.2 + 4.2 * len(panels), 4.1),
                                squeeze=False, layout="constrained")
    for each, panel in zip(axes.flat, panels):
        results.draw_matrix(each, results.group(panel.sessions, "target", "scheme"),
                            results.list_values(panel.sessions, "target"),
                            results.list_values(panel.sessions, "scheme"), fontsize=7)
        each.set_title(f"MS to MS: {panel.policy}")
    style.add_caption(figure, "Chats that succeed, in %, and the median time from the button to the "
                      f"first message.\n{panels[0].caption}")
    style.save(figure, arguments.output)
    print(arguments.output)


if __name__ == "__main__":
    style.run(main)
