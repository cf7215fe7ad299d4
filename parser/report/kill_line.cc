#include "parser/report/kill_line.h"

#include <cstddef>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// "total-vm:120092kB". Early 4.6 kernels end the reaper's line in "lB".
std::optional<std::uint64_t> KibAfter(std::string_view text,
                                      std::string_view key) {
  if (!TakeUntil(text, key)) return std::nullopt;
  const auto value = TakeInt<std::uint64_t>(text);
  if (!value || !(text.starts_with("kB") || text.starts_with("lB"))) {
    return std::nullopt;
  }
  return value;
}

template <class Int>
std::optional<Int> NumberAfter(std::string_view text, std::string_view key) {
  if (!TakeUntil(text, key)) return std::nullopt;
  return TakeInt<Int>(text);
}

// "Out of memory: " before the words, if any; cut at the words.
std::string TakeMessage(std::string_view& text, std::string_view words) {
  const auto message = TakeUntil(text, words);
  if (!message || message->empty()) return {};
  return std::string(message->substr(0, message->rfind(':')));
}

// "), UID 27, total-vm:" of RHEL 7: takes the UID off the end of the name.
void TakeTrailingUid(std::string_view& name, Victim& victim) {
  constexpr std::string_view kUid = "), UID ";
  const std::size_t at = name.rfind(kUid);
  if (at == std::string_view::npos) return;
  std::string_view rest = name.substr(at + kUid.size());
  const auto uid = TakeInt<std::uint32_t>(rest);
  if (!uid || rest != ",") return;
  victim.uid = uid;
  name = name.substr(0, at + 1);
}

}  // namespace

std::optional<KillLine> ParseKilledLine(std::string_view text) {
  KillLine line;
  text = TrimLeft(text);
  line.message = TakeMessage(text, "Killed process ");
  const auto pid = TakeInt<std::int32_t>(text);
  if (!pid) return std::nullopt;
  line.victim.pid = *pid;
  if (TakePrefix(text, ", UID ")) {  // RHEL 6
    line.victim.uid = TakeInt<std::uint32_t>(text);
    TakePrefix(text, ",");
  }
  // Cut in the pid, then.
  if (!TakePrefix(text, " (")) return std::nullopt;
  std::size_t end = text.rfind(" total-vm:");
  if (end == std::string_view::npos) end = text.rfind(" vsz:");  // 2.6.33
  std::string_view name = TrimRight(text.substr(0, end));
  std::string_view sizes =
      end == std::string_view::npos ? std::string_view{} : text.substr(end);
  TakeTrailingUid(name, line.victim);
  if (!name.ends_with(')')) {
    line.name_cut = true;
    line.victim.comm = std::string(name);
    return line;
  }
  line.victim.comm = std::string(name.substr(0, name.size() - 1));
  Victim& victim = line.victim;
  victim.total_vm_kib = KibAfter(sizes, " total-vm:");
  if (!victim.total_vm_kib) victim.total_vm_kib = KibAfter(sizes, " vsz:");
  victim.anon_rss_kib = KibAfter(sizes, "anon-rss:");
  victim.file_rss_kib = KibAfter(sizes, "file-rss:");
  victim.shmem_rss_kib = KibAfter(sizes, "shmem-rss:");
  victim.pgtables_kib = KibAfter(sizes, "pgtables:");
  if (!victim.uid) victim.uid = NumberAfter<std::uint32_t>(sizes, " UID:");
  victim.oom_score_adj = NumberAfter<std::int32_t>(sizes, "oom_score_adj:");
  return line;
}

std::optional<ScoreLine> ParseScoreLine(std::string_view text) {
  ScoreLine line;
  text = TrimLeft(text);
  line.message = TakeMessage(text, "ill process ");
  const auto pid = TakeInt<std::int32_t>(text);
  if (!pid || !TakePrefix(text, " (")) return std::nullopt;
  line.pid = *pid;
  const std::size_t end = text.rfind(") score ");
  if (end == std::string_view::npos) return std::nullopt;
  line.comm = std::string(text.substr(0, end));
  std::string_view rest = text.substr(end + 8);
  const auto score = TakeInt<std::int32_t>(rest);
  if (rest.starts_with(" or ")) line.score = score;
  return line;
}

std::optional<Victim> ParseSharingLine(std::string_view text) {
  Victim victim;
  text = TrimRight(TrimLeft(text));
  TakePrefix(text, "Kill process ");
  const auto pid = TakeInt<std::int32_t>(text);
  if (!pid || !TakePrefix(text, " (")) return std::nullopt;
  victim.pid = *pid;
  victim.comm = std::string(text.substr(0, text.rfind(") sharing")));
  return victim;
}

std::optional<ReapedLine> ParseReapedLine(std::string_view text) {
  ReapedLine line;
  text = TrimLeft(text);
  TakePrefix(text, "oom_reaper: reaped process ");
  TakePrefix(text, ":");  // As first posted for 4.6.
  const auto pid = TakeInt<std::int32_t>(text);
  if (!pid || !TakePrefix(text, " (")) return std::nullopt;
  line.pid = *pid;
  std::size_t end = text.rfind("), now anon-rss:");
  if (end == std::string_view::npos) end = text.rfind(") anon-rss:");
  if (end == std::string_view::npos) return std::nullopt;
  line.comm = std::string(text.substr(0, end));
  const std::string_view sizes = text.substr(end);
  const auto anon = KibAfter(sizes, "anon-rss:");
  const auto file = KibAfter(sizes, "file-rss:");
  const auto shmem = KibAfter(sizes, "shmem-rss:");
  if (!anon || !file || !shmem) return std::nullopt;
  line.sizes = {*anon, *file, *shmem};
  return line;
}

std::optional<std::string> ParseGroupLine(std::string_view text) {
  text = TrimLeft(text);
  if (!TakePrefix(text, "Tasks in ")) return std::nullopt;
  const std::size_t end = text.rfind(" are going to be killed due to");
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(0, end));
}

}  // namespace oomlab::parser
