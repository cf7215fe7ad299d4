"""C++ rules of this repository: shared flags, and the one place to change rules.

Bazel 4.2.3 (Debian 12) cannot load Debian's rules_cc 0.0.4, so these wrap the
native rules; from Bazel 8 on, load @rules_cc here and nowhere else.
"""

_COPTS = [
    "-std=c++20",
    "-Wall",
    "-Wextra",
    "-Werror",
    # CLI11, Asio and nlohmann/json headers under -O2 trip g++ 12's flow-based
    # false positives (GCC bugs 105329, 105562).
    "-Wno-restrict",
    "-Wno-maybe-uninitialized",
]

def oomlab_cc_library(name, copts = [], **kwargs):
    native.cc_library(name = name, copts = _COPTS + copts, **kwargs)

def oomlab_cc_binary(name, copts = [], **kwargs):
    native.cc_binary(name = name, copts = _COPTS + copts, **kwargs)

def oomlab_cc_test(name, size = "small", copts = [], **kwargs):
    native.cc_test(
        name = name,
        size = size,
        copts = _COPTS + copts,
        # boost_filesystem.a cannot go into a shared object for each library.
        linkstatic = True,
        **kwargs
    )

def oomlab_static_binary(name, copts = [], linkopts = [], tags = [], **kwargs):
    """A fully static program, for guests that hold no shared library."""
    native.cc_binary(
        name = name,
        copts = _COPTS + copts,
        features = ["fully_static_link"],
        linkopts = ["-static", "-s"] + linkopts,
        linkstatic = True,
        # A static program cannot carry the sanitizers' runtime.
        tags = tags + ["no-sanitizer"],
        **kwargs
    )
