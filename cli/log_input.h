// Reads logs piece by piece, whatever they lie in: plain files, pipes, and
// gzip, bzip2, xz or zstd by their first bytes.
//
//   Result<> read = ReadLog("kern.log.2.gz", [&](std::string_view piece) {
//     parser.Feed(piece);
//   });
//
// Memory is that of one piece, however long the log.

#ifndef OOMLAB_CLI_LOG_INPUT_H_
#define OOMLAB_CLI_LOG_INPUT_H_

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oomlab::cli {

using PieceSink = std::function<void(std::string_view piece)>;

// `path` "-" is standard input. Errors: those of open(2) and read(2);
// kMalformed for a damaged or cut archive, after the pieces before the damage.
[[nodiscard]] Result<> ReadLog(const std::string& path, const PieceSink& sink);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_LOG_INPUT_H_
