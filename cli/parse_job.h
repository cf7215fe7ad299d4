// Parses several logs side by side and hands their reports out in the order of
// the files, each as soon as it can be.
//
// The reports of the file whose turn it is go out at once, so that one long log
// needs no more memory than a short one; those of files that are ahead of their
// turn wait, as text.

#ifndef OOMLAB_CLI_PARSE_JOB_H_
#define OOMLAB_CLI_PARSE_JOB_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parser/report/oom_report.h"

namespace oomlab::cli {

// Counted while the job runs; may be read by another thread.
struct ParseProgress {
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> reports{0};
};

struct ParseJob {
  std::vector<std::string> files;
  unsigned threads = 1;
  // A report of `files[file]` as text; called by several threads at once.
  std::function<std::string(std::size_t file, const parser::OomReport&)> format;
  // The text of one report, in order; never called by two threads at once.
  std::function<void(std::string_view text)> write;
};

// Returns an error for each file that could not be read whole, in their order;
// the reports before the fault were written.
[[nodiscard]] std::vector<Error> RunParseJob(const ParseJob& job,
                                             ParseProgress& progress);

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_PARSE_JOB_H_
