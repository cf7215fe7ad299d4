// The same as ParseLog for input that comes in pieces: reports go out as they
// end, and memory stays bounded whatever the size of the input.
//
//   LogParser parser([](OomReport&& report) { ... });
//   while (const auto piece = Read()) parser.Feed(*piece);
//   parser.Finish();
//
// Reports come in the order of their first lines, a few reports late: a
// victim's "oom_reaper:" line may follow long after its report.

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
  void AddLine(std::string_view line, bool unterminated);

  ReportRouter router_;
  LineReader reader_;
  std::string partial_;  // The beginning of a line that a piece ended in.
  std::size_t line_ = 0;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_LOG_PARSER_H_
