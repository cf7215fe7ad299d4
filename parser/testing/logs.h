// Captured logs for tests, and the same logs in other forms.

#ifndef OOMLAB_PARSER_TESTING_LOGS_H_
#define OOMLAB_PARSER_TESTING_LOGS_H_

#include <string>
#include <string_view>
#include <vector>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

// "7.2.12+deb13-cloud-amd64/group": the bytes of the log. Fails the test when
// there is none.
[[nodiscard]] std::string TestLog(std::string_view name);
// All names.
[[nodiscard]] std::vector<std::string> TestLogNames();

[[nodiscard]] std::vector<std::string> SplitLines(std::string_view text);
[[nodiscard]] std::string JoinLines(const std::vector<std::string>& lines);

// A record of the kernel's ring: lines that dmesg prints with one timestamp are
// one record again.
struct Record {
  std::string usec;  // "1938968"
  std::string text;  // May hold line feeds.
};
[[nodiscard]] std::vector<Record> ToRecords(std::string_view dmesg);

// A dmesg log as raw /dev/kmsg records; each has `extras` behind its flags
// (",caller=T102").
[[nodiscard]] std::string ToKmsg(std::string_view dmesg,
                                 std::string_view extras = "");
// What the kernel does to a record's text: \xNN.
[[nodiscard]] std::string EscapeKmsg(std::string_view text);

// The reports as JSON without anything that depends on line numbers.
[[nodiscard]] std::string WithoutLines(std::vector<OomReport> reports);
// And without timestamps.
[[nodiscard]] std::string WithoutTimes(std::vector<OomReport> reports);

// Replaces every occurrence.
[[nodiscard]] std::string Replace(std::string text, std::string_view from,
                                  std::string_view to);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_TESTING_LOGS_H_
