#include "parser/report/header_line.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

constexpr std::string_view kInvoked = " invoked oom-killer: gfp_mask=";

// The number behind `key`, when it is whole.
template <class Int>
std::optional<Int> NumberAfter(std::string_view text, std::string_view key,
                               bool unterminated) {
  if (!TakeUntil(text, key)) return std::nullopt;
  const auto value = TakeInt<Int>(text);
  if (text.empty() && unterminated) return std::nullopt;
  return value;
}

void ParseGfp(std::string_view& text, bool unterminated, Invoker& invoker) {
  const std::size_t end = text.find_first_of("(, ");
  if (end == std::string_view::npos) {
    if (!unterminated) invoker.gfp_mask = std::string(text);
    text = {};
    return;
  }
  invoker.gfp_mask = std::string(text.substr(0, end));
  text.remove_prefix(end);
  if (!TakePrefix(text, "(")) return;
  const auto names = TakeUntil(text, ")");
  if (!names) return;
  std::string_view rest = *names;
  while (const auto name = TakeUntil(rest, "|")) {
    invoker.gfp_flags.emplace_back(*name);
  }
  if (!rest.empty()) invoker.gfp_flags.emplace_back(rest);
}

// "Tainted: G            E  3.19.1 #1": the flags end where a version begins.
void ParseTaintAndRelease(std::string_view text, bool unterminated,
                          CpuLine& line) {
  const bool tainted = TakeUntil(text, "Tainted: ").has_value();
  if (!tainted && !TakeUntil(text, "Not tainted ")) return;
  text = TrimLeft(text);
  std::string flags;
  while (!text.empty()) {
    const std::string_view word = TakeWord(text);
    const std::size_t digits = CountDigits(word);
    if (text.empty() && unterminated) return;
    if (digits > 0 && word.substr(digits).starts_with('.')) {
      line.release = std::string(word);
      if (tainted) line.tainted = flags;
      return;
    }
    if (!tainted) return;
    if (!flags.empty()) flags += ' ';
    flags += word;
  }
}

}  // namespace

void ParseHeaderLine(std::string_view text, bool unterminated,
                     OomReport& report) {
  const auto comm = TakeUntil(text, kInvoked);
  if (!comm) return;
  Invoker& invoker = report.invoker;
  invoker.comm = std::string(*comm);
  ParseGfp(text, unterminated, invoker);
  invoker.order = NumberAfter<std::int32_t>(text, "order=", unterminated);
  // "oom_score_adj=" does not hold "oom_adj=".
  invoker.oom_adj = NumberAfter<std::int32_t>(text, "oom_adj=", unterminated);
  invoker.oom_score_adj =
      NumberAfter<std::int32_t>(text, "oom_score_adj=", unterminated);
  std::string_view rest = text;
  if (TakeUntil(rest, "nodemask=")) {
    // "nodemask=0-1,3, order=0": the list itself may hold commas.
    const std::size_t end = rest.find(", ");
    if (end != std::string_view::npos) {
      report.nodemask = std::string(rest.substr(0, end));
    }
  }
}

bool ParseCpusetLine(std::string_view text, bool unterminated,
                     OomReport& report) {
  if (!report.invoker.comm || !TakePrefix(text, *report.invoker.comm) ||
      !TakePrefix(text, " cpuset=")) {
    return false;
  }
  constexpr std::string_view kMems = " mems_allowed=";
  const std::size_t at = text.rfind(kMems);
  if (at == std::string_view::npos) return false;
  report.cpuset = std::string(text.substr(0, at));
  const std::string_view mems = TrimRight(text.substr(at + kMems.size()));
  if (!unterminated) report.mems_allowed = std::string(mems);
  return true;
}

CpuLine ParseCpuLine(std::string_view text, bool unterminated,
                     std::string_view comm) {
  CpuLine line;
  std::string_view rest = TrimLeft(text);
  if (TakePrefix(rest, "Pid: ")) {
    line.pid = TakeInt<std::int32_t>(rest);
    if (!TakePrefix(rest, ", comm: ")) return line;
  } else {
    const auto head = TakeUntil(rest, "Comm: ");
    if (!head) return line;
    std::string_view numbers = *head;
    TakePrefix(numbers, "CPU:");
    numbers = TrimLeft(numbers);
    line.cpu = TakeInt<std::int32_t>(numbers);
    line.uid = NumberAfter<std::uint32_t>(numbers, "UID: ", false);
    line.pid = NumberAfter<std::int32_t>(numbers, "PID: ", false);
  }
  if (!comm.empty() && rest.starts_with(comm)) {
    line.comm = rest.substr(0, comm.size());
    rest.remove_prefix(comm.size());
  } else {
    std::size_t end = rest.size();
    for (const std::string_view mark :
         {" Kdump: loaded", " Not tainted ", " Tainted: "}) {
      end = std::min(end, rest.find(mark));
    }
    line.comm = TrimRight(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  ParseTaintAndRelease(rest, unterminated, line);
  return line;
}

std::string_view TraceFrame(std::string_view text) {
  text = TrimRight(TrimLeft(text));
  // "[<c04e7f34>] ? f+0x", "<IRQ>  [<ffffffff81234567>] f+0x"; a copy through
  // HTML may have lost the "<" or kept it as "&lt".
  while (!text.empty() && (text[0] == '[' || text[0] == '<')) {
    const std::size_t close = text.find(text[0] == '[' ? ']' : '>');
    if (close == std::string_view::npos) break;
    text = TrimLeft(text.substr(close + 1));
  }
  if (text.find("+0x") == std::string_view::npos) return {};
  return text;
}

}  // namespace oomlab::parser
