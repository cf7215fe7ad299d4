#include "parser/report/task_table.h"

#include <array>
#include <cstddef>
#include <utility>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

constexpr std::array<std::pair<std::string_view, TaskColumn>, 14> kColumns = {{
    {"uid", TaskColumn::kUid},
    {"tgid", TaskColumn::kTgid},
    {"total_vm", TaskColumn::kTotalVm},
    {"rss", TaskColumn::kRss},
    {"rss_anon", TaskColumn::kRssAnon},
    {"rss_file", TaskColumn::kRssFile},
    {"rss_shmem", TaskColumn::kRssShmem},
    {"pgtables_bytes", TaskColumn::kPgtablesBytes},
    {"nr_ptes", TaskColumn::kNrPtes},
    {"nr_pmds", TaskColumn::kNrPmds},
    {"swapents", TaskColumn::kSwapents},
    {"oom_score_adj", TaskColumn::kOomScoreAdj},
    {"oom_adj", TaskColumn::kOomAdj},
    {"cpu", TaskColumn::kCpu},
}};

// Some vendors put parentheses around a pair of columns.
void SkipGap(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() &&
         (IsBlank(text[n]) || text[n] == '(' || text[n] == ')')) {
    ++n;
  }
  text.remove_prefix(n);
}

void Set(TaskRow& row, TaskColumn column, std::string_view name,
         std::int64_t value) {
  const auto count = static_cast<std::uint64_t>(value);
  const auto small = static_cast<std::int32_t>(value);
  switch (column) {
    case TaskColumn::kUid:
      row.uid = static_cast<std::uint32_t>(value);
      break;
    case TaskColumn::kTgid:
      row.tgid = small;
      break;
    case TaskColumn::kTotalVm:
      row.total_vm_pages = count;
      break;
    case TaskColumn::kRss:
      row.rss_pages = count;
      break;
    case TaskColumn::kRssAnon:
      row.rss_anon_pages = count;
      break;
    case TaskColumn::kRssFile:
      row.rss_file_pages = count;
      break;
    case TaskColumn::kRssShmem:
      row.rss_shmem_pages = count;
      break;
    case TaskColumn::kPgtablesBytes:
      row.pgtables_bytes = count;
      break;
    case TaskColumn::kNrPtes:
      row.nr_ptes = count;
      break;
    case TaskColumn::kNrPmds:
      row.nr_pmds = count;
      break;
    case TaskColumn::kSwapents:
      row.swapents_pages = count;
      break;
    case TaskColumn::kOomScoreAdj:
      row.oom_score_adj = small;
      break;
    case TaskColumn::kOomAdj:
      row.oom_adj = small;
      break;
    case TaskColumn::kCpu:
      row.cpu = small;
      break;
    case TaskColumn::kUnknown:
      row.other_columns.emplace_back(name, value);
      break;
  }
}

}  // namespace

std::optional<TaskTable> TaskTable::FromHeader(std::string_view text) {
  TaskTable table;
  if (!TakeUntil(text, "pid") || !TakeUntil(text, "]")) return std::nullopt;
  while (true) {
    SkipGap(text);
    if (text.empty()) return std::nullopt;
    const std::string_view name = text.substr(0, text.find_first_of(" \t()"));
    text.remove_prefix(name.size());
    if (name == "name") return table;
    TaskColumn what = TaskColumn::kUnknown;
    for (const auto& [known, column] : kColumns) {
      if (name == known) what = column;
    }
    table.columns_.push_back({what, std::string(name)});
  }
}

std::optional<TaskRow> TaskTable::ParseRow(std::string_view text) const {
  TaskRow row;
  text = TrimLeft(text);
  if (!TakePrefix(text, "[")) return std::nullopt;
  text = TrimLeft(text);
  const auto pid = TakeInt<std::int32_t>(text);
  if (!pid || !TakePrefix(text, "]")) return std::nullopt;
  row.pid = *pid;
  for (const Column& column : columns_) {
    SkipGap(text);
    const auto value = TakeInt<std::int64_t>(text);
    const bool ends =
        text.empty() || IsBlank(text[0]) || text[0] == '(' || text[0] == ')';
    if (!value || !ends) return std::nullopt;
    Set(row, column.what, column.name, *value);
  }
  // One blank before the name; more are the name's own. A log that trims line
  // ends has lost it before an empty name.
  if (!text.empty()) text.remove_prefix(1);
  // Names have at most 15 bytes: more, with a number first, are columns of a
  // table with another header.
  if (text.size() > 15) {
    std::string_view rest = TrimLeft(text);
    if (TakeInt<std::int64_t>(rest)) return std::nullopt;
  }
  row.comm = std::string(text);
  return row;
}

}  // namespace oomlab::parser
