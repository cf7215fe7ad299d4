#include "parser/parse.h"

#include <utility>

#include "parser/log_parser.h"

namespace oomlab::parser {

std::vector<OomReport> ParseLog(std::string_view text) {
  std::vector<OomReport> reports;
  LogParser parser(
      [&](OomReport&& report) { reports.push_back(std::move(report)); });
  parser.Feed(text);
  parser.Finish();
  return reports;
}

}  // namespace oomlab::parser
