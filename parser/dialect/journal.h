// Structured logs, one record in each entry:
//
//   {"_TRANSPORT":"kernel","PRIORITY":"4","MESSAGE":"Mem-Info:"}
//   {"_TRANSPORT":"kernel","MESSAGE":[112,114,255]}     not UTF-8: byte values
//   {"log":"[    1.938968] Mem-Info:\n","stream":"stdout"}             docker
//   __CURSOR=s=...            journalctl -o export: KEY=value lines, and an
//   _TRANSPORT=kernel         empty line behind each entry; a value with line
//   MESSAGE=Mem-Info:         feeds is its length in 8 bytes, then the bytes

#ifndef OOMLAB_PARSER_DIALECT_JOURNAL_H_
#define OOMLAB_PARSER_DIALECT_JOURNAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oomlab::parser {

struct JournalEntry {
  enum class Origin : std::uint8_t { kKernel, kUserSpace, kUnknown };
  Origin origin = Origin::kUnknown;
  bool user_facility = false;  // Written to /dev/kmsg by a program.
  std::string message;
  std::optional<std::int64_t> timestamp_us;  // Since boot.
  std::optional<int> level;
};

// nullopt when `line` is no JSON object with a message in it.
[[nodiscard]] std::optional<JournalEntry> ParseJsonLine(std::string_view line);

// Collects an entry of the export format from its lines.
class ExportReader {
 public:
  // Whether `line`, outside any entry, begins one.
  [[nodiscard]] static bool Begins(std::string_view line);
  [[nodiscard]] bool active() const { return active_; }
  // Within a value of raw bytes: lines must come as they are, CR included.
  [[nodiscard]] bool in_binary() const { return in_binary_; }

  // One line without its line feed; an entry when the line ends one.
  std::optional<JournalEntry> Add(std::string_view line);
  std::optional<JournalEntry> Finish();

 private:
  void Set(std::string_view key, std::string_view value);

  bool active_ = false;
  bool in_binary_ = false;
  bool has_message_ = false;
  std::string binary_key_, binary_;
  JournalEntry entry_;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_JOURNAL_H_
