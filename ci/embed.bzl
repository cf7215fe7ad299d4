"""Files carried inside a program."""

load("//ci:cc.bzl", "oomlab_cc_library")

def embed_file(name, src, symbol, tags = [], **kwargs):
    """An object that holds `src` between _binary_SYMBOL_start and _end.

    Args:
      name: the library.
      src: the file, one output.
      symbol: a C identifier.
      tags: of both targets.
      **kwargs: passed to the library.
    """
    native.genrule(
        name = name + "_object",
        srcs = [src],
        outs = [name + ".o"],
        tags = tags,
        # The symbols are named after the file as ld sees it.
        cmd = ("cp $(location {src}) $(@D)/{symbol} && cd $(@D) && " +
               "ld -r -b binary -z noexecstack -o {name}.o {symbol} && rm {symbol}").format(
            name = name,
            src = src,
            symbol = symbol,
        ),
    )
    oomlab_cc_library(
        name = name,
        srcs = [name + ".o"],
        linkstatic = True,
        tags = tags,
        **kwargs
    )
