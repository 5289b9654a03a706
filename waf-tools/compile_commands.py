# SPDX-License-Identifier: GPL-2.0-only
"""Writes compile_commands.json, for editors and clang-tidy, before anything is compiled."""

import json

from waflib import Task

Task.Task.keep_last_cmd = True


def write(bld):
    """Asks each task of the build that compiles for its command, without running it."""
    database = []
    for group in bld.groups:
        for generator in group:
            generator.post()
            for task in getattr(generator, "compiled_tasks", []):
                task.exec_command = lambda *_, **__: 0
                task.run()
                del task.exec_command
                database.append(
                    {
                        "directory": bld.variant_dir,
                        "arguments": task.last_cmd,
                        "file": task.inputs[0].abspath(),
                    }
                )
    file = bld.bldnode.make_node("compile_commands.json")
    text = json.dumps(database, indent=2)
    if not file.exists() or file.read() != text:
        file.write(text)


def build(bld):
    bld.add_pre_fun(write)
