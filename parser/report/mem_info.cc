#include "parser/report/mem_info.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "parser/report/key_values.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

// "Node 0 " off the front, where it is.
std::optional<std::int32_t> TakeNode(std::string_view& text) {
  text = TrimLeft(text);
  std::string_view rest = text;
  if (!TakePrefix(rest, "Node ")) return std::nullopt;
  const auto node = TakeInt<std::int32_t>(rest);
  if (!node) return std::nullopt;
  text = TrimLeft(rest);
  return node;
}

// "1*4kB (U)"
bool TakeBuddyEntry(std::string_view& text, BuddyList& list) {
  BuddyList::Entry entry;
  std::string_view rest = text;
  const auto count = TakeInt<std::uint64_t>(rest);
  if (!count || !TakePrefix(rest, "*")) return false;
  const auto size_kib = TakeInt<std::uint64_t>(rest);
  if (!size_kib || !TakePrefix(rest, "kB")) return false;
  entry.count = *count;
  entry.size_kib = *size_kib;
  rest = TrimLeft(rest);
  if (TakePrefix(rest, "(")) {
    const auto types = TakeUntil(rest, ")");
    if (!types) return false;
    entry.migrate_types = std::string(*types);
    rest = TrimLeft(rest);
  }
  list.entries.push_back(std::move(entry));
  text = rest;
  return true;
}

}  // namespace

bool ParseCounters(std::string_view text, bool unterminated, MemInfo& info) {
  return ParseKeyValues(text, {.needs_kb = false, .unterminated = unterminated},
                        info.counters, nullptr);
}

bool ParseNodeLine(std::string_view text, bool unterminated, MemInfo& info) {
  NodeInfo node;
  const auto number = TakeNode(text);
  if (!number) return false;
  node.node = *number;
  const bool clean =
      ParseKeyValues(text, {.needs_kb = true, .unterminated = unterminated},
                     node.values_kib, &node.all_unreclaimable);
  info.nodes.push_back(std::move(node));
  return clean;
}

bool ParseZoneLine(std::string_view text, bool unterminated, MemInfo& info) {
  ZoneInfo zone;
  zone.node = TakeNode(text);
  zone.zone = std::string(TakeWord(text));
  const bool clean =
      ParseKeyValues(text, {.needs_kb = true, .unterminated = unterminated},
                     zone.values_kib, &zone.all_unreclaimable);
  info.zones.push_back(std::move(zone));
  return clean;
}

bool ParseLowmemReserve(std::string_view text, bool unterminated,
                        ZoneInfo& zone) {
  text = TrimLeft(text);
  if (!TakePrefix(text, "lowmem_reserve[]:")) return false;
  text = TrimLeft(text);
  while (!text.empty()) {
    const auto pages = TakeInt<std::int64_t>(text);
    if (!pages || (!text.empty() && !IsBlank(text[0]))) return false;
    if (text.empty() && unterminated) return false;
    zone.lowmem_reserve_pages.push_back(*pages);
    text = TrimLeft(text);
  }
  return true;
}

bool ParseBuddyLine(std::string_view text, bool unterminated, MemInfo& info) {
  BuddyList list;
  list.node = TakeNode(text);
  const auto zone = TakeUntil(text, ":");
  if (!zone) return false;
  list.zone = std::string(*zone);
  text = TrimLeft(text);
  while (TakeBuddyEntry(text, list)) {
  }
  bool clean = true;
  if (TakePrefix(text, "=")) {
    text = TrimLeft(text);
    const auto total = TakeInt<std::uint64_t>(text);
    clean = total && TakePrefix(text, "kB");
    if (clean) list.total_kib = total;
  } else {
    clean = false;
    // The entry that the input ends in may have lost its migrate types.
    if (unterminated && text.empty() && !list.entries.empty()) {
      list.entries.pop_back();
    }
  }
  info.buddy.push_back(std::move(list));
  return clean;
}

bool ParseHugepages(std::string_view text, MemInfo& info) {
  HugepageInfo pages;
  pages.node = TakeNode(text);
  const std::array<std::pair<std::string_view, std::uint64_t*>, 4> fields = {{
      {"hugepages_total=", &pages.total},
      {"hugepages_free=", &pages.free},
      {"hugepages_surp=", &pages.surplus},
      {"hugepages_size=", &pages.size_kib},
  }};
  for (const auto& [key, value] : fields) {
    if (!TakePrefix(text, key)) return false;
    const auto number = TakeInt<std::uint64_t>(text);
    if (!number) return false;
    *value = *number;
    text = TrimLeft(text);
  }
  if (!TakePrefix(text, "kB")) return false;
  info.hugepages.push_back(pages);
  return true;
}

bool ParsePageCount(std::string_view text, MemInfo& info) {
  text = TrimLeft(text);
  const auto pages = TakeInt<std::uint64_t>(text);
  if (!pages) return false;
  text = TrimLeft(text);
  struct Field {
    std::string_view words;
    std::optional<std::uint64_t>* value;
  };
  const std::array<Field, 9> fields = {{
      {"total pagecache pages", &info.pagecache_pages},
      {"pages in swap cache", &info.swap_cache_pages},
      {"pages RAM", &info.ram_pages},
      {"pages HighMem", &info.highmem_pages},
      {"pages reserved", &info.reserved_pages},
      {"pages cma reserved", &info.cma_reserved_pages},
      {"pages hwpoisoned", &info.hwpoisoned_pages},
      {"pages shared", &info.pages_shared},
      {"pages non-shared", &info.pages_non_shared},
  }};
  for (const Field& field : fields) {
    if (!text.starts_with(field.words)) continue;
    *field.value = pages;
    return true;
  }
  // "pages in pagetable cache" (CONFIG_QUICKLIST) and what may come.
  return text.starts_with("pages ");
}

bool ParseSwapLine(std::string_view text, MemInfo& info) {
  text = TrimLeft(text);
  if (text.starts_with("Swap cache stats:")) return true;
  const bool is_free = TakePrefix(text, "Free swap");
  if (!is_free && !TakePrefix(text, "Total swap")) return false;
  text = TrimLeft(text);
  if (!TakePrefix(text, "=")) return false;
  text = TrimLeft(text);
  const auto kib = TakeInt<std::uint64_t>(text);
  if (!kib || !text.starts_with("kB")) return false;
  (is_free ? info.swap_free_kib : info.swap_total_kib) = kib;
  return true;
}

}  // namespace oomlab::parser
