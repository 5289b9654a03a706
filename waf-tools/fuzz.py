# SPDX-License-Identifier: GPL-2.0-only
"""The command fuzz: builds the libFuzzer targets of tests/fuzz and runs each for some inputs."""

import os
import re
import shutil
import subprocess
import sys
import time

from waflib import Build, Logs

PROGRAM = "p2pim-fuzz"
FLAGS = ["-O1", "-g1", "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"]
SANITIZERS = "-fsanitize=fuzzer,address,undefined"
NS3_MODULES = ["core", "network", "internet"]
LIBRARIES = ["SOFIA_SIP", "EXPAT", "GCRYPT", "BOOST", "ARCHIVE", "JSON", "MUPARSERX"]
MAX_OCTETS = 300  # of an input: longer than any TPDU with its CP and RP headers
# The readers of what users write and workers send, below src.
CAMPAIGN_SOURCES = [
    "campaign/baseline.cc",
    "campaign/grid-constraint.cc",
    "campaign/metric.cc",
    "campaign/parameter-grid.cc",
    "campaign/run-codec.cc",
    "campaign/statistics.cc",
    "campaign/value-list.cc",
    "program/nearest-name.cc",
    "program/scenario-file.cc",
]
# The decoders: plain C++, and of ns-3 no more than time and addresses.
SOURCES = [
    "sms/sms-address.cc",
    "sms/sms-alphabet.cc",
    "sms/sms-concatenation.cc",
    "sms/sms-report-tpdu.cc",
    "sms/sms-rp-cp.cc",
    "sms/sms-time-stamp.cc",
    "sms/sms-tpdu*.cc",
    "sms/sms-transaction-engine.cc",
    "sms/sms-user-data.cc",
    "sms/sms-validity-period.cc",
    "sms/smpp-pdu.cc",
    "sms/smpp-stream.cc",
    "sms/smpp-time.cc",
    "gsm/lapdm-entity.cc",
    "gsm/mm-messages.cc",
    "gsm/rr-messages.cc",
    "gprs/gmm-message.cc",
    "gprs/gmm-sm-elements.cc",
    "gprs/gmm-sm-message.cc",
    "gprs/gtp-elements.cc",
    "gprs/gtp.cc",
    "gprs/llc-*.cc",
    "gprs/sndcp.cc",
    "gprs/tcp-header-compression.cc",
    "gprs/sm-message.cc",
    "im/im-server-xml.cc",
    "im/invitation.cc",
    "im/msrp-message.cc",
    "im/pin-message.cc",
    "nat/nat-core*.cc",
    "nat/nat-fragments.cc",
    "nat/nat-held-syns.cc",
    "nat/nat-index.cc",
    "nat/nat-number-space.cc",
    "nat/nat-packet.cc",
    "nat/nat-port-allocator.cc",
    "nat/nat-settings*.cc",
    "nat/nat-subscribers.cc",
    "nat/nat-table.cc",
    "nat/nat-tcp-*.cc",
    "nat/pcp-message.cc",
    "nat/stun-integrity.cc",
    "nat/stun-message.cc",
    "nat/stun-server-core.cc",
    "nat/stun-stream.cc",
    "nat/stun-transaction.cc",
    "nat/turn-relay-connections.cc",
    "nat/turn-relay-core.cc",
    "sip/sip-message.cc",
]


def options(opt):
    opt.add_option("--runs", type="int", default=20000, help="fuzz: inputs of each target")
    opt.add_option(
        "--decoders", default="", help="fuzz: names of targets, separated by commas, not all"
    )


def configure(conf):
    """Makes an environment of its own: clang has libFuzzer, and only this command needs clang."""
    conf.setenv("fuzz", conf.env.derive())
    clang = conf.find_program("clang++", var="CLANGXX", mandatory=False)
    conf.env.CXX = conf.env.LINK_CXX = clang
    conf.env.CXXFLAGS = ["-std=c++17", "-Wall", "-Wextra"] + FLAGS + [SANITIZERS]
    conf.env.LINKFLAGS = [SANITIZERS]
    conf.setenv("")


def fuzz(bld):
    if not bld.env.CLANGXX:
        bld.fatal("fuzz: no clang++: ./waf deps installs it, then ./waf configure")
    headers = bld.path.ant_glob("src/p2pim/model/**/*.h src/p2pim/helper/*.h")
    bld(features="ns3header", source=headers)
    bld.program(
        target=PROGRAM,
        source=bld.path.ant_glob([f"src/p2pim/model/{source}" for source in SOURCES])
        + bld.path.ant_glob([f"src/{source}" for source in CAMPAIGN_SOURCES])
        + bld.path.ant_glob("tests/fuzz/*.cc tests/nat/hostile-*.cc"),
        includes=[".", "src", "tests", bld.ns3_include_folder()],
        use=[bld.ns3_uselib(module) for module in NS3_MODULES] + LIBRARIES,
    )


class FuzzContext(Build.BuildContext):
    """feeds spoilt messages to each decoder, under sanitizers; --runs=N, --decoders=NAME,NAME"""

    cmd = "fuzz"
    fun = "fuzz"

    def execute(self):
        self.variant = "fuzz"
        super().execute()
        program = os.path.join(self.variant_dir, PROGRAM)
        listed = subprocess.run([program, "--list"], stdout=subprocess.PIPE, text=True, check=True)
        names = listed.stdout.split()
        wanted = self.options.decoders.split(",") if self.options.decoders else names
        unknown = set(wanted) - set(names)
        if unknown:
            self.fatal(f"fuzz: no target {', '.join(unknown)}; there are {', '.join(names)}")
        clean = [self.is_clean(program, name) for name in wanted]
        if not all(clean):
            print(f"fuzz: {clean.count(False)} of {len(clean)} targets failed", flush=True)
            sys.exit(1)

    def is_clean(self, program, name):
        """Runs one target from its good messages on; prints what came of it."""
        target = os.path.join(self.variant_dir, name)
        corpus = os.path.join(self.variant_dir, "corpus", name)
        shutil.rmtree(corpus, ignore_errors=True)
        os.makedirs(corpus)
        if not os.path.lexists(target):
            os.symlink(PROGRAM, target)
        subprocess.run([target, f"--seeds={corpus}"], check=True)
        longest = max(os.path.getsize(os.path.join(corpus, seed)) for seed in os.listdir(corpus))
        begin = time.monotonic()
        done = subprocess.run(
            [
                target,
                f"-runs={self.options.runs}",
                "-seed=1",
                f"-max_len={max(MAX_OCTETS, longest)}",
                f"-artifact_prefix={target}-",
                corpus,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        seconds = time.monotonic() - begin
        edges = re.findall(r" cov: (\d+) ", done.stdout)
        crash = re.findall(r"Test unit written to (\S+)", done.stdout)
        if done.returncode:
            print(re.sub(r"^(#\d+\s|INFO:|\s+#\d+ .*(fuzzer::|libc)).*\n", "", done.stdout, flags=re.M))
        verdict = f"FAILED: {' '.join(crash)}" if done.returncode else "ok"
        print(
            f"fuzz: {name:26} {self.options.runs} inputs {edges[-1] if edges else '?':>5} edges "
            f"{seconds:8.1f} s  {verdict}",
            flush=True,
        )
        return done.returncode == 0
