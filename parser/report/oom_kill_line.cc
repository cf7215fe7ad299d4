#include "parser/report/oom_kill_line.h"

#include <cstddef>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

constexpr std::size_t kMaxComm = 15;

// ",pid=102,uid=0" off the end.
bool TakePidAndUid(std::string_view& text, OomKillLine& line) {
  const std::size_t uid_at = text.rfind(",uid=");
  if (uid_at == std::string_view::npos) return false;
  const std::size_t pid_at = text.substr(0, uid_at).rfind(",pid=");
  if (pid_at == std::string_view::npos) return false;
  std::string_view pid = text.substr(pid_at + 5, uid_at - pid_at - 5);
  line.pid = TakeInt<std::int32_t>(pid);
  if (!line.pid || !pid.empty()) return false;
  std::string_view uid = text.substr(uid_at + 5);
  line.uid = TakeInt<std::uint32_t>(uid);
  text = text.substr(0, pid_at);
  return true;
}

// ",task=NAME" off the end. The name holds at most 15 bytes; a second ",task="
// within them is part of the name or of the path: the table tells, and else it
// is the name, which a process may choose freely.
void TakeTask(std::string_view& text, std::string_view name_in_table,
              OomKillLine& line) {
  constexpr std::string_view kKey = ",task=";
  std::optional<std::size_t> best;
  std::size_t end = text.size();
  while (true) {
    const std::size_t at = text.substr(0, end).rfind(kKey);
    if (at == std::string_view::npos) break;
    const std::string_view name = text.substr(at + kKey.size());
    if (name.size() > kMaxComm && best) break;
    best = at;
    if (!name_in_table.empty() && name == name_in_table) break;
    if (name.size() > kMaxComm) break;
    end = at;
  }
  if (!best) return;
  line.task = text.substr(*best + kKey.size());
  text = text.substr(0, *best);
}

// "oom_memcg=/t,task_memcg=/t/a": a task's cgroup is the oom cgroup or below
// it, which tells where the first path ends.
void ParseMemcgs(std::string_view text, OomKillLine& line) {
  constexpr std::string_view kKey = ",task_memcg=";
  if (TakePrefix(text, "global_oom")) {
    line.global_oom = true;
    if (TakePrefix(text, kKey)) line.task_memcg = text;
    return;
  }
  if (!TakePrefix(text, "oom_memcg=")) return;
  std::optional<std::size_t> first;
  for (std::size_t at = text.find(kKey); at != std::string_view::npos;
       at = text.find(kKey, at + 1)) {
    if (!first) first = at;
    if (text.substr(at + kKey.size()).starts_with(text.substr(0, at))) {
      first = at;
      break;
    }
  }
  line.oom_memcg = text.substr(0, first.value_or(text.size()));
  if (first) line.task_memcg = text.substr(*first + kKey.size());
}

std::string_view NameInTable(const std::vector<TaskRow>& tasks,
                             std::int32_t pid) {
  for (const TaskRow& row : tasks) {
    if (row.pid == pid) return row.comm;
  }
  return {};
}

// "0-1,3" is a list of nodes.
std::size_t CountListChars(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() &&
         (IsDigit(text[n]) || text[n] == '-' || text[n] == ',')) {
    ++n;
  }
  return n;
}

}  // namespace

OomKillLine ParseOomKillLine(std::string_view text, bool unterminated,
                             const std::vector<TaskRow>& tasks) {
  OomKillLine line;
  text = TrimRight(TrimLeft(text));
  if (!TakePrefix(text, "oom-kill:constraint=")) return line;
  const auto constraint = TakeUntil(text, ",nodemask=");
  if (!constraint) {
    if (!unterminated) line.constraint = text.substr(0, text.find(','));
    return line;
  }
  line.constraint = *constraint;
  if (TakePidAndUid(text, line)) {
    if (unterminated) line.uid.reset();
    TakeTask(text, NameInTable(tasks, *line.pid), line);
  } else {
    // The end is lost: what the line ends in is not whole.
    const std::size_t last = text.rfind(",task=");
    text =
        text.substr(0, last == std::string_view::npos ? text.rfind(',') : last);
    if (!text.empty() && last == std::string_view::npos) {
      // A path may itself hold commas: without its end it is not known.
      const std::size_t path = text.find("memcg=");
      if (path != std::string_view::npos) {
        text = text.substr(0, text.rfind(',', path));
      }
    }
  }
  // "(null)" or a list, up to the next key.
  if (TakePrefix(text, "(null)")) {
    line.nodemask = "(null)";
  } else {
    std::size_t n = CountListChars(text);
    if (n > 0 && n < text.size() && text[n - 1] == ',') --n;
    line.nodemask = text.substr(0, n);
    text.remove_prefix(n);
  }
  TakePrefix(text, ",");
  if (TakePrefix(text, "cpuset=")) {
    constexpr std::string_view kMems = ",mems_allowed=";
    // A cpuset may be called ",mems_allowed="; a list of nodes and one of the
    // two next keys must follow the real one.
    for (std::size_t at = text.find(kMems); at != std::string_view::npos;
         at = text.find(kMems, at + 1)) {
      std::string_view rest = text.substr(at + kMems.size());
      std::size_t n = CountListChars(rest);
      if (n > 0 && rest[n - 1] == ',') --n;
      std::string_view after = rest.substr(n);
      if (!TakePrefix(after, ",")) continue;
      if (!after.starts_with("oom_memcg=") &&
          !after.starts_with("global_oom")) {
        continue;
      }
      line.cpuset = text.substr(0, at);
      line.mems_allowed = rest.substr(0, n);
      text = after;
      break;
    }
    if (!line.cpuset) {  // Cut off, or without memory cgroups.
      const std::size_t at = text.find(kMems);
      line.cpuset = text.substr(0, at);
      if (at != std::string_view::npos) {
        std::string_view rest = text.substr(at + kMems.size());
        line.mems_allowed = rest.substr(0, CountListChars(rest));
      }
      return line;
    }
  }
  ParseMemcgs(text, line);
  return line;
}

}  // namespace oomlab::parser
