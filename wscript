# SPDX-License-Identifier: GPL-2.0-only
"""The build: ./waf [deps] configure build [test] [demo] [bench] …; ./waf --help lists all."""

import logging

from waflib import Build, Context, Logs, Options

top = "."
out = "build"

TOOLS = "deps ns3_module compile_commands run quality fuzz"

NS3_MODULES = (
    "core network internet mobility point-to-point propagation traffic-control".split()
)
NS3_VERSION = "3.37"

LIBRARIES = {
    "SQLITE": "sqlite3",
    "JSON": "nlohmann_json",
    "GTEST": "gtest_main",
    "JEMALLOC": "jemalloc",
    "OSMOGSM": "libosmogsm",
    "XML": "libxml-2.0",
    "ZLIB": "zlib",
}
LIBRARIES_WITHOUT_PC_FILE = {
    "SQLITECPP": ("SQLiteCpp", "SQLiteCpp/SQLiteCpp.h"),
    "MUPARSERX": ("muparserx", "muparserx/mpParser.h"),
    "BOOST": ("boost_program_options", "boost/program_options.hpp"),
    "ARCHIVE": ("boost_serialization", "boost/archive/binary_oarchive.hpp"),
}

INCLUDES = ". src tests"

# The variants of the build: the option that asks for one, its folder below build/, its flags.
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
VARIANTS = {
    "": {"CXXFLAGS": ["-O2", "-g1"]},
    "debug": {"CXXFLAGS": ["-Og", "-g"], "DEFINES": ["NS3_ASSERT_ENABLE"]},
    "sanitize": {
        "CXXFLAGS": ["-O1", "-g", "-fno-omit-frame-pointer"] + SANITIZERS,
        "LINKFLAGS": SANITIZERS,
        "DEFINES": ["NS3_ASSERT_ENABLE"],
    },
}


def options(opt):
    opt.load("compiler_c compiler_cxx")
    opt.load(TOOLS, tooldir="waf-tools")
    for variant in filter(None, VARIANTS):
        opt.add_option(
            "--" + variant,
            dest="variant",
            action="store_const",
            const=variant,
            default="",
            help=f"work in build/{variant}/: {' '.join(VARIANTS[variant]['CXXFLAGS'])}",
        )


def init(ctx):
    """Points every command that builds at the folder of the variant."""
    for command in Context.classes:
        if issubclass(command, Build.BuildContext):
            command.variant = Options.options.variant
    if Options.options.format == "json":
        Logs.log.setLevel(logging.WARNING)  # stdout is for the JSON


def _check_libraries(conf):
    """Finds the libraries; the names that are given to them here are those for `use`."""
    hint = "not found: ./waf deps installs it"
    packages = {conf.ns3_uselib(module): f"ns3-{module}" for module in NS3_MODULES}
    for store, package in {**packages, **LIBRARIES}.items():
        version = [f"{package} >= {NS3_VERSION}"] if store in packages else []
        conf.check_cfg(
            package=package,
            args=version + ["--cflags", "--libs"],
            uselib_store=store,
            errmsg=hint,
        )
    for store, (library, header) in LIBRARIES_WITHOUT_PC_FILE.items():
        conf.check_cxx(
            header_name=header,
            lib=library,
            use="SQLITE",
            uselib_store=store,
            errmsg=hint,
        )


def configure(conf):
    conf.load("compiler_c compiler_cxx")
    _check_libraries(conf)
    conf.recurse("src/p2pim")
    conf.load("fuzz", tooldir="waf-tools")
    conf.env.prepend_value("CXXFLAGS", ["-std=c++17", "-Wall", "-Wextra"])
    conf.env.append_value("DEFINES", "NS3_LOG_ENABLE")  # class layouts depend on it
    # Classes known only by the string of their TypeId live in libraries that nothing refers to.
    conf.env.append_value("LINKFLAGS", "-Wl,--no-as-needed")
    common = conf.env.derive()
    for variant, flags in VARIANTS.items():
        conf.setenv(variant, env=common)
        for name, values in flags.items():
            conf.env.append_value(name, values)
        if variant == "sanitize":
            del conf.env.LIB_JEMALLOC  # the sanitizer brings its own allocator


def build(bld):
    bld.load("compile_commands run", tooldir="waf-tools")
    bld.env.RPATH = [bld.bldnode.abspath()]
    bld.recurse("src/p2pim")
    ns3 = ["p2pim"] + [bld.ns3_uselib(module) for module in NS3_MODULES]

    def sources(*patterns, **kw):
        return bld.path.ant_glob(list(patterns), **kw)

    def library(kind, name, source, use):
        if source:
            kind(target=name, name=name, source=source, includes=INCLUDES, use=use)

    def program(name, source, use):
        if source:
            bld.program(
                target=name,
                name="program " + name,
                source=source,
                includes=INCLUDES,
                use=use + ["JEMALLOC"],
            )

    main = "src/program/main.cc"
    storage = ["SQLITECPP", "SQLITE", "JSON", "ARCHIVE", "MUPARSERX", "XML", "ZLIB"]
    below = ["campaign", "p2pim-scenarios", "BOOST"] + ns3
    everything = ["p2pim-program"] + below
    library(bld.stlib, "campaign", sources("src/campaign/*.cc"), storage)
    library(bld.shlib, "p2pim-scenarios", sources("scenarios/*.cc"), ns3)
    library(bld.stlib, "p2pim-program", sources("src/program/*.cc", excl=main), below)
    program("p2pim", sources(main), everything)
    unit_tests = sources("tests/**/*.cc", excl=["tests/bench/**", "tests/fuzz/main.cc"])
    program("p2pim-tests", unit_tests, everything + ["GTEST"])
    for source in sources("tests/oracle/osmocom/*.c"):  # processes of their own: libosmogsm is AGPL
        name = source.name[:-2]
        bld.program(target=name, name="program " + name, source=[source], use="OSMOGSM")
    program("p2pim-bench", sources("tests/bench/*.cc"), everything)
    for source in sources("src/p2pim/examples/*.cc", "scratch/*.cc"):
        program(source.path_from(bld.path).removeprefix("src/p2pim/")[:-3], [source], everything)


def fuzz(bld):
    bld.load("fuzz", tooldir="waf-tools")


def shutdown(ctx):
    ctx.load("run", tooldir="waf-tools")
