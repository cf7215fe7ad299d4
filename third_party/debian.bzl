"""Libraries of Debian packages: the only place that names /usr and -l flags.

Headers are on the compiler's default path, so a library is its link options
and definitions.
"""

# repository name -> (target, link options, definitions, Debian package)
_LIBRARIES = {
    "archive": ("archive", ["-larchive"], [], "libarchive-dev"),
    "benchmark": ("benchmark_main", ["-lbenchmark_main", "-lbenchmark", "-pthread"], [], "libbenchmark-dev"),
    # Process v2 of 1.81 does not compile with BOOST_PROCESS_USE_STD_FS.
    "boost": ("process", ["-l:libboost_filesystem.a", "-pthread"], [], "libboost1.81-dev, libboost-filesystem1.81-dev"),
    "cli11": ("cli11", [], [], "libcli11-dev"),
    # Debian ships no libfmt.a, which the static guest programs would need.
    "fmt": ("fmt", [], ["FMT_HEADER_ONLY=1"], "libfmt-dev"),
    "googletest": ("gtest_main", ["-lgmock", "-lgtest_main", "-lgtest", "-pthread"], [], "libgtest-dev, libgmock-dev"),
    "libcgroup": ("cgroup", ["-l:libcgroup.a", "-pthread"], [], "libcgroup-dev"),
    "nlohmann_json": ("json", [], [], "nlohmann-json3-dev"),
    "openssl": ("crypto", ["-lcrypto"], [], "libssl-dev"),
    "tl_expected": ("expected", [], [], "libexpected-dev"),
    "valijson": ("valijson", [], [], "libvalijson-dev"),
}

def debian_libraries():
    for name, (target, linkopts, defines, package) in _LIBRARIES.items():
        native.new_local_repository(
            name = name,
            path = "/usr/share/doc",
            build_file_content = """
# Debian package: {package}
cc_library(
    name = "{target}",
    defines = {defines},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
""".format(target = target, linkopts = linkopts, defines = defines, package = package),
        )
