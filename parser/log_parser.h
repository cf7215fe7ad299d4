// The same as ParseLog for input that comes in pieces: reports go out as they
// end, and memory stays bounded whatever the size of the input.
//
//   LogParser parser([](OomReport&& report) { ... });
//   while (const auto piece = Read()) parser.Feed(*piece);
//   parser.Finish();
//
// Reports come in the order of their first lines, a few reports late: a
// victim's "oom_reaper:" line may follow long after its report.
//
// Text far from any report is searched, not parsed (anchors.h): a log that is
// mostly something else goes through at the speed of grep -F. Pieces of 64 KiB
// and more are read in place. Measured with benchmark_main: see
// parser/parse_benchmark.cc.

#ifndef OOMLAB_PARSER_LOG_PARSER_H_
#define OOMLAB_PARSER_LOG_PARSER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "parser/dialect/line_reader.h"
#include "parser/report/oom_report.h"
#include "parser/report/report_router.h"

namespace oomlab::parser {

class LogParser {
 public:
  using Sink = std::function<void(OomReport&&)>;

  explicit LogParser(Sink sink);
  LogParser(const LogParser&) = delete;
  LogParser& operator=(const LogParser&) = delete;

  // Pieces may end anywhere, also within a line.
  void Feed(std::string_view piece);

  // The input has ended. Nothing may be fed afterwards.
  void Finish();

 private:
  void Consume(std::string_view lines);
  std::size_t Parse(std::string_view lines, std::size_t at);
  // Sets out to parse at a line of interest, from some lines before it on.
  std::size_t LookBack(std::string_view lines, std::size_t skipped_from,
                       std::size_t line_start);
  void Remember(std::string_view skipped);
  void AddLine(std::string_view line, bool unterminated);
  [[nodiscard]] bool IsIdle() const;

  ReportRouter router_;
  LineReader reader_;
  bool skipping_ = true;
  std::size_t line_ = 0;          // The number of the latest line seen.
  std::size_t resumed_line_ = 0;  // Of the anchor for which parsing began.
  std::string partial_;  // The beginning of a line that a piece ended in.
  bool partial_too_long_ = false;
  std::string history_;  // The end of the text that was skipped.
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_LOG_PARSER_H_
