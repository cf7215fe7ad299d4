// The task table (dump_tasks()), read by its own header:
//
//   [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_sco...
//   [     79]     0    79    35418    35053   315392        0             0 x y
//
// Columns come and go with versions and vendors, so a row is as many numbers as
// the header has words before "name", and the rest of it is the name: blanks,
// brackets and more numbers included.

#ifndef OOMLAB_PARSER_REPORT_TASK_TABLE_H_
#define OOMLAB_PARSER_REPORT_TASK_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

enum class TaskColumn : std::uint8_t {
  kUid,
  kTgid,
  kTotalVm,
  kRss,
  kRssAnon,
  kRssFile,
  kRssShmem,
  kPgtablesBytes,
  kNrPtes,
  kNrPmds,
  kSwapents,
  kOomScoreAdj,
  kOomAdj,
  kCpu,
  kUnknown,
};

class TaskTable {
 public:
  // nullopt when the line is no whole table header (the last column is "name").
  [[nodiscard]] static std::optional<TaskTable> FromHeader(
      std::string_view text);

  // nullopt when the row does not fit the header.
  [[nodiscard]] std::optional<TaskRow> ParseRow(std::string_view text) const;

 private:
  struct Column {
    TaskColumn what;
    std::string name;
  };
  std::vector<Column> columns_;  // Between pid and name.
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_TASK_TABLE_H_
