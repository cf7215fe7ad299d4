// Fuzz target: any bytes, fed whole and in pieces, must give the same reports,
// which must be writable in every form.
//
// The corpus is replayed by every test run. For libFuzzer:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I. ...
// see ci/fuzz.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "parser/log_parser.h"
#include "parser/parse.h"
#include "parser/report/json.h"
#include "parser/report/text.h"

namespace {

using oomlab::parser::OomReport;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<OomReport> reports = oomlab::parser::ParseLog(text);
  const std::string json = oomlab::parser::WriteReportsJson(reports);

  std::vector<OomReport> again;
  oomlab::parser::LogParser parser(
      [&](OomReport&& report) { again.push_back(std::move(report)); });
  const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 97U;
  for (std::size_t at = 0; at < size; at += piece) {
    parser.Feed(text.substr(at, piece));
  }
  parser.Finish();
  Require(oomlab::parser::WriteReportsJson(again) == json,
          "pieces give other reports than the whole");

  std::size_t last_first_line = 0;
  for (const OomReport& report : reports) {
    Require(report.first_line >= 1, "lines are numbered from 1");
    Require(report.first_line <= report.last_line, "lines are in order");
    Require(report.first_line >= last_first_line, "reports are in order");
    last_first_line = report.first_line;
    Require(report.complete == report.missing.empty(),
            "complete is nothing missing");
    const std::string shown =
        oomlab::parser::FormatReport(report, oomlab::parser::TextOptions{});
    for (const char c : shown) {
      const auto byte = static_cast<unsigned char>(c);
      Require(byte == '\n' || (byte >= 0x20 && byte != 0x7f),
              "text holds no control character");
    }
  }
  return 0;
}
