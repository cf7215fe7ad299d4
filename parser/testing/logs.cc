#include "parser/testing/logs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <utility>

#include "base/fd.h"
#include "parser/report/json.h"
#include "parser/scan.h"

namespace oomlab::parser {
namespace {

constexpr const char* kRoot = "parser/testdata";

// "[    1.938968] text" -> 1938968 and the text.
bool SplitStamp(std::string_view line, std::string& usec,
                std::string_view& text) {
  if (!TakePrefix(line, "[")) return false;
  line = TrimLeft(line);
  const std::size_t digits = CountDigits(line);
  if (digits == 0 || line.size() < digits + 8) return false;
  usec = std::string(line.substr(0, digits)) +
         std::string(line.substr(digits + 1, 6));
  usec.erase(0, std::min(usec.find_first_not_of('0'), usec.size() - 1));
  line.remove_prefix(digits + 7);
  if (!TakePrefix(line, "]")) return false;
  TakePrefix(line, " ");
  text = line;
  return true;
}

// The lines after the first of a record with several.
bool ContinuesRecord(std::string_view first, std::string_view text) {
  if (first.starts_with("active_anon:")) {
    return text.starts_with(' ') && text.find("kB") == std::string_view::npos;
  }
  return first.starts_with("anon ") && !text.starts_with("Tasks") &&
         !text.starts_with("Memory");
}

}  // namespace

std::string TestLog(std::string_view name) {
  const auto text = ReadFile(fmt::format("{}/{}.log", kRoot, name));
  EXPECT_TRUE(text.has_value()) << text.error().message;
  return text.value_or("");
}

std::vector<std::string> TestLogNames() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(kRoot)) {
    if (entry.path().extension() != ".log") continue;
    names.push_back(
        (entry.path().parent_path().filename() / entry.path().stem()).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string EscapeKmsg(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '\\') {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<Record> ToRecords(std::string_view dmesg) {
  std::vector<Record> records;
  std::string first;
  for (const std::string& line : SplitLines(dmesg)) {
    std::string usec;
    std::string_view text;
    if (!SplitStamp(line, usec, text)) {
      ADD_FAILURE() << "no timestamp: " << line;
      continue;
    }
    if (!records.empty() && records.back().usec == usec &&
        ContinuesRecord(first, text)) {
      records.back().text += '\n';
      records.back().text += text;
    } else {
      records.push_back({usec, std::string(text)});
      first = text;
    }
  }
  return records;
}

std::string ToKmsg(std::string_view dmesg, std::string_view extras) {
  std::string out;
  std::size_t sequence = 300;
  for (const auto& [usec, text] : ToRecords(dmesg)) {
    out += fmt::format("4,{},{},-{};{}\n", sequence++, usec, extras,
                       EscapeKmsg(text));
  }
  return out;
}

std::string WithoutLines(std::vector<OomReport> reports) {
  for (OomReport& report : reports) {
    report.first_line = report.last_line = 0;
    for (TaskRow& row : report.tasks) row.line = 0;
    for (Victim& victim : report.victims) victim.line = 0;
    for (Warning& warning : report.warnings) warning.line = 0;
  }
  return WriteReportsJson(reports);
}

std::string WithoutTimes(std::vector<OomReport> reports) {
  for (OomReport& report : reports) report.timestamp_s.reset();
  return WithoutLines(std::move(reports));
}

std::string Replace(std::string text, std::string_view from,
                    std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace oomlab::parser
