#include "parser/dialect/journal.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

using Json = nlohmann::json;

// Records are 1 KiB; journald itself refuses fields of more than 768 MiB.
constexpr std::uint64_t kMaxBinary = 1U << 20U;

template <class Int>
std::optional<Int> Number(std::string_view text) {
  return TakeInt<Int>(text);
}

// One field of an entry, whichever of the two forms it came in.
void SetField(std::string_view key, std::string_view value,
              JournalEntry& entry) {
  using Origin = JournalEntry::Origin;
  // The transport comes from journald, the identifier from the sender.
  if (key == "_TRANSPORT" ||
      (key == "SYSLOG_IDENTIFIER" && entry.origin == Origin::kUnknown)) {
    entry.origin = value == "kernel" ? Origin::kKernel : Origin::kUserSpace;
  } else if (key == "SYSLOG_FACILITY" && value != "0") {
    entry.user_facility = true;
  } else if (key == "PRIORITY") {
    entry.level = Number<int>(value);
  } else if (key == "_SOURCE_MONOTONIC_TIMESTAMP") {
    entry.timestamp_us = Number<std::int64_t>(value);
  }
}

// A string, or an array of byte values.
std::optional<std::string> Text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return std::nullopt;
  std::string text;
  for (const Json& byte : value) {
    if (!byte.is_number_unsigned() || byte.get<std::uint64_t>() > 255) {
      return std::nullopt;
    }
    text += static_cast<char>(byte.get<std::uint64_t>());
  }
  return text;
}

}  // namespace

std::optional<JournalEntry> ParseJsonLine(std::string_view line) {
  if (!line.starts_with('{')) return std::nullopt;
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  JournalEntry entry;
  // The transport decides before what a sender may set.
  for (const char* key : {"SYSLOG_IDENTIFIER", "_TRANSPORT", "SYSLOG_FACILITY",
                          "PRIORITY", "_SOURCE_MONOTONIC_TIMESTAMP"}) {
    const auto at = json.find(key);
    if (at != json.end() && at->is_string()) {
      SetField(key, at->get_ref<const std::string&>(), entry);
    }
  }
  for (const char* key : {"MESSAGE", "log", "message", "msg", "textPayload"}) {
    const auto at = json.find(key);
    if (at == json.end()) continue;
    auto text = Text(*at);
    if (!text) continue;
    entry.message = std::move(*text);
    return entry;
  }
  return std::nullopt;
}

bool ExportReader::Begins(std::string_view line) {
  return line.starts_with("__CURSOR=") ||
         line.starts_with("__REALTIME_TIMESTAMP=");
}

void ExportReader::Set(std::string_view key, std::string_view value) {
  if (key == "MESSAGE") {
    entry_.message = std::string(value);
    has_message_ = true;
  } else if (key != "SYSLOG_IDENTIFIER") {
    SetField(key, value, entry_);
  }
}

std::optional<JournalEntry> ExportReader::Add(std::string_view line) {
  active_ = true;
  if (in_binary_) {
    binary_ += line;
    binary_ += '\n';
    if (binary_.size() < 8) return std::nullopt;
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      size |= static_cast<std::uint64_t>(static_cast<unsigned char>(binary_[i]))
              << (8 * i);
    }
    if (size > kMaxBinary) {  // No such value: the input is damaged here.
      in_binary_ = active_ = has_message_ = false;
      entry_ = {};
      return std::nullopt;
    }
    if (binary_.size() < 8 + size + 1) return std::nullopt;
    Set(binary_key_, std::string_view(binary_).substr(8, size));
    in_binary_ = false;
    return std::nullopt;
  }
  if (line.empty()) return Finish();
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    binary_key_ = std::string(line);
    binary_.clear();
    in_binary_ = true;
    return std::nullopt;
  }
  Set(line.substr(0, equals), line.substr(equals + 1));
  return std::nullopt;
}

std::optional<JournalEntry> ExportReader::Finish() {
  JournalEntry entry = std::exchange(entry_, {});
  active_ = in_binary_ = false;
  if (!std::exchange(has_message_, false)) return std::nullopt;
  return entry;
}

}  // namespace oomlab::parser
