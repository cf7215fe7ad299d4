#include "parser/report/line_kind.h"

#include <array>
#include <cstddef>
#include <initializer_list>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// TASK_COMM_LEN is 16 with its NUL.
constexpr std::size_t kMaxComm = 15;

// "prefork invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), ...", of which the
// input may hold only the beginning. `text` begins behind the name.
bool IsHeaderTail(std::string_view text) {
  if (!TakePrefix(text, " invoked oom-killer: gfp_mask=")) return false;
  if (!TakePrefix(text, "0x")) return text.empty() || text == "0";
  const std::size_t end = text.find_first_not_of("0123456789abcdef");
  return end == std::string_view::npos || text[end] == '(' || text[end] == ',';
}

bool StartsWithAny(std::string_view text,
                   std::initializer_list<std::string_view> prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

// What a line is whose own words stand behind a process name. The words are
// longer than a name, so that a name cannot hold them.
LineKind ClassifyBehindName(std::string_view text) {
  for (std::size_t at = 0; at <= kMaxComm && at + 2 < text.size(); ++at) {
    const char c = text[at];
    if (c == ' ') {
      if (text[at + 1] == 'i' && IsHeaderTail(text.substr(at))) {
        return LineKind::kHeader;
      }
    } else if (c == ':' && text[at + 1] == ' ' &&
               (text[at + 2] == 'p' || text[at + 2] == 'v')) {
      if (StartsWithAny(
              text.substr(at),
              {": page allocation failure", ": page allocation stall",
               ": vmalloc: allocation failure", ": vmalloc error: size "})) {
        return LineKind::kForeign;
      }
    }
  }
  return LineKind::kOther;
}

// " cpuset=" behind a name; whose name it is, the report knows.
bool IsCpuset(std::string_view text) {
  const std::size_t at = text.find(" cpuset=");
  return at <= kMaxComm &&
         text.find(" mems_allowed=", at) != std::string_view::npos;
}

bool IsTraceFrame(std::string_view text) {
  const std::size_t at = text.find("+0x");
  return at != std::string_view::npos && at > 0;
}

// "Node 0 DMA: 1*4kB" and "Node 0 DMA free:616kB", with or without the node.
LineKind ClassifyZoneText(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && (IsUpper(text[n]) || IsLower(text[n]) ||
                             IsDigit(text[n]) || text[n] == '_')) {
    ++n;
  }
  if (n == 0 || n > 16) return LineKind::kOther;
  std::string_view rest = text.substr(n);
  if (TakePrefix(rest, " free:")) return LineKind::kZone;
  if (rest == " per-cpu:") return LineKind::kPerCpu;
  if (!TakePrefix(rest, ":")) return LineKind::kOther;
  rest = TrimLeft(rest);
  const std::size_t digits = CountDigits(rest);
  rest.remove_prefix(digits);
  if (digits > 0 && TakePrefix(rest, "*") && CountDigits(rest) > 0) {
    return LineKind::kBuddy;
  }
  return LineKind::kOther;
}

LineKind ClassifyNode(std::string_view text) {
  TakePrefix(text, "Node ");
  const std::size_t digits = CountDigits(text);
  if (digits == 0 || digits > 5) return LineKind::kOther;
  text = TrimLeft(text.substr(digits));
  if (text.empty()) return LineKind::kLoneNode;
  if (text.starts_with("active_anon:")) return LineKind::kNode;
  if (text.starts_with("hugepages_total=")) return LineKind::kHugepages;
  return ClassifyZoneText(text);
}

LineKind ClassifyNumber(std::string_view text) {
  const std::size_t digits = CountDigits(text);
  std::string_view rest = text.substr(digits);
  if (!TakePrefix(rest, " ")) return LineKind::kOther;
  if (rest.starts_with("pages ") || rest.starts_with("total pagecache pages")) {
    return LineKind::kPageCount;
  }
  return LineKind::kOther;
}

LineKind ClassifyBracket(std::string_view text) {
  const std::string_view inside = TrimLeft(text.substr(1));
  if (inside.empty()) return LineKind::kOther;
  if (IsDigit(inside[0])) {
    const std::size_t digits = CountDigits(inside);
    if (digits <= 10 && inside.substr(digits).starts_with(']')) {
      return LineKind::kTaskRow;
    }
    return IsTraceFrame(text) ? LineKind::kTraceFrame : LineKind::kOther;
  }
  if (inside.starts_with("pid")) {
    std::string_view rest = inside.substr(3);
    rest = TrimLeft(rest);
    if (TakePrefix(rest, "]") && TrimLeft(rest).starts_with("uid")) {
      return LineKind::kTableHead;
    }
    return LineKind::kOther;
  }
  return IsTraceFrame(text) ? LineKind::kTraceFrame : LineKind::kOther;
}

// The page counters' lines have no "kB"; every one begins with one of these.
constexpr std::array<std::string_view, 9> kCounterKeys = {
    "active_anon:",
    "active_file:",
    "unevictable:",
    "slab_reclaimable:",
    "mapped:",
    "sec_pagetables:",
    "kernel_misc_reclaimable:",
    "free:",
    "free_cma:"};

bool IsCounters(std::string_view text) {
  for (const std::string_view key : kCounterKeys) {
    if (!text.starts_with(key)) continue;
    std::string_view rest = text.substr(key.size());
    const std::size_t digits = CountDigits(rest);
    rest.remove_prefix(digits);
    return digits == 0 ? rest.empty() : !rest.starts_with("kB");
  }
  return false;
}

// "anon 66232320", "total_inactive_anon 0"
bool IsStat(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() &&
         (IsLower(text[n]) || IsDigit(text[n]) || text[n] == '_')) {
    ++n;
  }
  if (n == 0 || n == text.size() || text[n] != ' ') return false;
  const std::string_view value = TrimRight(text.substr(n + 1));
  return !value.empty() && CountDigits(value) == value.size();
}

// "Killed process 9", "kill process 9": a number must follow.
bool NamesProcess(std::string_view text, std::string_view words) {
  return TakePrefix(text, words) && !text.empty() && IsDigit(text[0]);
}

// What may stand before a kill line's words since 2.6.32.
constexpr std::array<std::string_view, 4> kKillMessages = {
    "Out of memory: ", "Memory cgroup out of memory: ",
    "Out of memory (oom_kill_allocating_task): ",
    "No available memory (MPOL_BIND): "};

LineKind ClassifyKill(std::string_view text) {
  bool has_message = false;
  for (const std::string_view message : kKillMessages) {
    if (TakePrefix(text, message)) {
      has_message = true;
      break;
    }
  }
  if (NamesProcess(text, "Killed process ")) return LineKind::kKilled;
  if (has_message && (NamesProcess(text, "Kill process ") ||
                      NamesProcess(text, "kill process "))) {
    return LineKind::kScore;
  }
  if (!has_message && NamesProcess(text, "Kill process ") &&
      TrimRight(text).ends_with(") sharing same memory")) {
    return LineKind::kSharingMm;
  }
  return LineKind::kOther;
}

LineKind ClassifyByFirst(std::string_view text) {
  switch (text[0]) {
    case '[':
      return ClassifyBracket(text);
    case '*':
      if (text.starts_with("** ") &&
          text.find(" printk messages dropped") != std::string_view::npos) {
        return LineKind::kLost;
      }
      break;
    case ',':
      if (StartsWithAny(text, {",cpuset=", ",mems_allowed=", ",oom_memcg=",
                               ",global_oom", ",task_memcg=", ",task="})) {
        return LineKind::kOomKillPart;
      }
      break;
    case '/':
      if (text.starts_with("/dev/kmsg buffer overrun")) return LineKind::kLost;
      break;
    case 'B':
      if (text.starts_with("Backtrace:")) return LineKind::kTraceHead;
      break;
    case 'C':
      if (StartsWithAny(text, {"Call Trace:", "Call trace:"})) {
        return LineKind::kTraceHead;
      }
      if (text.starts_with("CPU: ") &&
          text.find("Comm: ") != std::string_view::npos) {
        return LineKind::kCpu;
      }
      if (text.starts_with("CPU ") &&
          text.find(": hi:") != std::string_view::npos) {
        return LineKind::kPerCpu;
      }
      if (text.starts_with("Code: ")) return LineKind::kTraceEnd;
      break;
    case 'E':
      if (text.starts_with("Exception stack(")) return LineKind::kTraceEnd;
      break;
    case 'F':
      if (text.starts_with("Free swap ")) return LineKind::kSwap;
      break;
    case 'K':
      if (text.starts_with("Kernel panic - not syncing: ")) {
        return LineKind::kPanic;
      }
      return ClassifyKill(text);
    case 'M':
      if (text.starts_with("Mem-Info:") || text.starts_with("Mem-info:")) {
        return LineKind::kMemInfoHead;
      }
      if (text.starts_with("Memory cgroup ")) {
        if (text.starts_with("Memory cgroup stats for ")) {
          return LineKind::kMemcgStatsHead;
        }
        if (text.starts_with("Memory cgroup min protection ")) {
          return LineKind::kMinProtection;
        }
        return ClassifyKill(text);
      }
      if (text.starts_with("Memory limit reached of cgroup ")) {
        return LineKind::kMemcgTask;
      }
      break;
    case 'N':
      if (text.starts_with("Node ")) return ClassifyNode(text);
      if (text.starts_with("No available memory")) return ClassifyKill(text);
      break;
    case 'O':
      if (text.starts_with("Out of memory and no killable processes")) {
        return LineKind::kNoKillable;
      }
      if (text.starts_with("Out of memory")) return ClassifyKill(text);
      break;
    case 'P':
      if (text.starts_with("Pid: ") &&
          text.find(", comm: ") != std::string_view::npos) {
        return LineKind::kCpu;
      }
      break;
    case 'R':
      if (StartsWithAny(text, {"RIP: ", "RSP: "})) return LineKind::kTraceEnd;
      break;
    case 'S':
      if (text.starts_with("Swap cache stats:")) return LineKind::kSwap;
      if (text.starts_with("SysRq : Manual OOM exec")) {
        return LineKind::kSysrqManual;
      }
      break;
    case 'T':
      if (text.starts_with("Total swap ")) return LineKind::kSwap;
      if (text.starts_with("Tasks state ")) return LineKind::kTableBanner;
      if (text.starts_with("Tasks in ") &&
          text.find(" are going to be killed due to memory.oom.group set") !=
              std::string_view::npos) {
        return LineKind::kGroup;
      }
      if (text.starts_with("Task in ") &&
          text.find(" killed as a result of limit of ") !=
              std::string_view::npos) {
        return LineKind::kMemcgTask;
      }
      break;
    case 'k':
      if (text.starts_with("kmem: usage ")) return LineKind::kMemcgUsage;
      break;
    case 'l':
      if (text.starts_with("lowmem_reserve[]:")) {
        return LineKind::kLowmemReserve;
      }
      break;
    case 'm':
      if (StartsWithAny(text, {"memory: usage ", "memory+swap: usage "})) {
        return LineKind::kMemcgUsage;
      }
      break;
    case 'p':
      if (text.starts_with("printk: ") &&
          text.find(" messages suppressed") != std::string_view::npos) {
        return LineKind::kLost;
      }
      break;
    case 'o':
      if (text.starts_with("oom-kill:")) return LineKind::kOomKill;
      if (text.starts_with("oom_reaper: reaped process ")) {
        return LineKind::kReaped;
      }
      break;
    case 's':
      if (text.starts_with("swap: usage ")) return LineKind::kMemcgUsage;
      if (text.starts_with("sysrq: ")) {
        if (text.find("Manual OOM exec") != std::string_view::npos) {
          return LineKind::kSysrqManual;
        }
        if (text.starts_with("sysrq: OOM request ignored")) {
          return LineKind::kSysrqIgnored;
        }
      }
      break;
    default:
      break;
  }
  return LineKind::kOther;
}

bool IsForeignHead(std::string_view text) {
  switch (text[0]) {
    case '-':
      return text.starts_with("------------[ cut here ]");
    case 'S':
      return StartsWithAny(text, {"SysRq : Show Memory", "SysRq : Show State"});
    case 's':
      return StartsWithAny(text,
                           {"sysrq: Show Memory", "sysrq: SysRq : Show Mem"});
    case 'I':
      return text.starts_with("INFO: task ");
    default:
      return false;
  }
}

}  // namespace

LineKind ClassifyLine(std::string_view line) {
  // A name at the front of the header may look like anything: it goes first.
  if (const LineKind kind = ClassifyBehindName(line);
      kind != LineKind::kOther) {
    return kind;
  }
  const std::string_view text = TrimLeft(line);
  if (text.empty()) return LineKind::kOther;
  if (IsForeignHead(text)) return LineKind::kForeign;
  if (const LineKind kind = ClassifyByFirst(text); kind != LineKind::kOther) {
    return kind;
  }
  const char first = text[0];
  if (IsDigit(first)) {
    if (const LineKind kind = ClassifyNumber(text); kind != LineKind::kOther) {
      return kind;
    }
  } else if (IsLower(first)) {
    if (IsCounters(text)) return LineKind::kCounters;
    if (IsStat(text)) return LineKind::kMemcgStat;
  } else if (IsUpper(first)) {
    if (const LineKind kind = ClassifyZoneText(text);
        kind != LineKind::kOther) {
      return kind;
    }
  }
  if (IsTraceFrame(text)) return LineKind::kTraceFrame;
  if (IsCpuset(line)) return LineKind::kCpuset;
  return LineKind::kOther;
}

}  // namespace oomlab::parser
