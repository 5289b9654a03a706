# SPDX-License-Identifier: GPL-2.0-only
"""What a module's wscript expects of ns-3's build, for a module that is built outside its tree."""

import os

from waflib import TaskGen
from waflib.Configure import conf


@conf
def ns3_uselib(_, module):
    """Returns the name under which the flags of one of ns-3's modules are kept."""
    return "NS3_" + module.upper().replace("-", "_")


@conf
def create_ns3_module(bld, name, dependencies):
    """Returns the task generator of the shared library lib<name>.so; the caller sets its source."""
    return bld(
        features="cxx cxxshlib",
        target=f"{bld.srcnode.path_from(bld.path)}/{name}",  # beside the programs
        name=name,
        includes=[bld.ns3_include_folder()],
        export_includes=[bld.ns3_include_folder()],
        use=[bld.ns3_uselib(dependency) for dependency in dependencies],
    )


@conf
def ns3_include_folder(bld):
    """Returns the folder that is on the include path; its folder ns3/ has the modules' headers."""
    return bld.root.make_node(bld.out_dir).make_node("include")


@TaskGen.feature("ns3header")
@TaskGen.before_method("process_source")
def forward_headers(self):
    """Makes `#include "ns3/name.h"` find the module's header, wherever in the module it lies.

    A file of one line forwards to the header, so compilers name the header itself in what they
    say. They are written at once: the scanner for dependencies has to see them.
    """
    folder = self.bld.ns3_include_folder().make_node("ns3")
    folder.mkdir()
    forwarders = {}
    for node in self.to_nodes(self.source):
        if node.name in forwarders:
            self.bld.fatal(f"two headers of the name {node.name}: {node.abspath()}")
        forwarders[node.name] = f'#include "{node.path_from(folder)}"\n'
    self.source = []
    for name in set(os.listdir(folder.abspath())) - set(forwarders):
        folder.make_node(name).delete()
    for name, text in forwarders.items():
        forwarder = folder.make_node(name)
        if not forwarder.exists() or forwarder.read() != text:
            forwarder.write(text)
