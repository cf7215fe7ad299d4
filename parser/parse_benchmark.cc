// How fast text goes through the parser:
//
//   bazel run -c opt //parser:parse_benchmark
//
// BM_Reports: nothing but reports. BM_SystemLog: reports are 0.1 % of a system
// log. BM_Json: reports to JSON as well. Compare with `grep -cF` on the same
// machine at the same time, since both are bound by memory.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "parser/log_parser.h"
#include "parser/report/json.h"

namespace oomlab::parser {
namespace {

constexpr std::size_t kSize = 64U << 20U;

const std::string& Report() {
  static const std::string text =
      ReadFile("parser/testdata/7.2.12+deb13-cloud-amd64/group.log")
          .value_or("");
  return text;
}

const std::string& SystemLog() {
  static const std::string text = [] {
    std::string log;
    std::size_t next_report = 0;
    for (int i = 0; log.size() < kSize; ++i) {
      if (log.size() >= next_report) {
        log += Report();
        next_report = log.size() + 1000 * Report().size();
      }
      log += "Mar  8 11:36:09 host systemd[1]: Started session " +
             std::to_string(i) + " of user root in the reading room.\n";
    }
    return log;
  }();
  return text;
}

const std::string& Reports() {
  static const std::string text = [] {
    std::string log;
    while (log.size() < kSize) log += Report();
    return log;
  }();
  return text;
}

void Run(benchmark::State& state, std::string_view log, bool json) {
  if (Report().empty()) {
    state.SkipWithError("run from the workspace: the log is not there");
    return;
  }
  std::size_t reports = 0;
  std::string out;
  for (auto _ : state) {
    LogParser parser([&](OomReport&& report) {
      ++reports;
      if (!json) return;
      out.clear();
      AppendReportJson(report, /*schema=*/true, out);
    });
    constexpr std::size_t kPiece = 1U << 20U;
    for (std::size_t at = 0; at < log.size(); at += kPiece) {
      parser.Feed(log.substr(at, kPiece));
    }
    parser.Finish();
  }
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(log.size()));
  state.counters["reports"] = static_cast<double>(reports);
}

void BM_SystemLog(benchmark::State& state) { Run(state, SystemLog(), false); }
void BM_Reports(benchmark::State& state) { Run(state, Reports(), false); }
void BM_Json(benchmark::State& state) { Run(state, Reports(), true); }
BENCHMARK(BM_SystemLog)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Reports)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Json)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace oomlab::parser
