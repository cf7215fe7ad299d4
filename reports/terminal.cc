#include "reports/terminal.h"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "reports/account.h"
#include "reports/escape.h"

namespace oomlab::reports {
namespace {

using harness::BrokenCause;
using harness::Finding;
using harness::RunRecord;
using harness::Verdict;
using parser::OomReport;

Verdict VerdictOf(const RunRecord& record) {
  return record.verdict.value_or(Verdict::kBroken);
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string Where(const RunRecord& record) {
  return EscapeText(record.scenario_name) + " on " +
         EscapeText(record.context.kernel_release.empty()
                        ? record.context.kernel_name
                        : record.context.kernel_release);
}

fmt::terminal_color ColorOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return fmt::terminal_color::green;
    case Verdict::kFail:
      return fmt::terminal_color::red;
    case Verdict::kBroken:
      return fmt::terminal_color::magenta;
    case Verdict::kUnsupported:
      return fmt::terminal_color::yellow;
  }
  return fmt::terminal_color::magenta;
}

// Where to look, by what went wrong.
const char* EvidenceOf(BrokenCause cause) {
  switch (cause) {
    case BrokenCause::kBootFailed:
    case BrokenCause::kGuestPanic:
    case BrokenCause::kQemuDied:
    case BrokenCause::kDeadline:
      return "console.log of the run, to its end";
    case BrokenCause::kKernelLogLost:
    case BrokenCause::kWitness:
      return "kernel.log of the run, and \"processes\", \"before\" and "
             "\"after\" in record.json";
    case BrokenCause::kChannel:
    case BrokenCause::kAgent:
      return "record.json and console.log of the run";
    case BrokenCause::kHost:
      return "record.json of the run, and this machine";
  }
  return "the directory of the run";
}

class Renderer {
 public:
  Renderer(const RunRecord& record, const std::vector<OomReport>& reports,
           const TerminalStyle& style)
      : record_(record), reports_(reports), style_(style) {}

  std::string Run() {
    text_ = Paint(Where(record_), fmt::emphasis::bold) + "\n";
    Events();
    Expectations();
    Trouble();
    if (VerdictOf(record_) != Verdict::kPass) Replay();
    const std::string line = VerdictLine(record_);
    const std::size_t word = line.find(' ');
    text_ += "\n" +
             Paint(line.substr(0, word),
                   fmt::emphasis::bold | fg(ColorOf(VerdictOf(record_)))) +
             line.substr(word) + "\n";
    return text_;
  }

 private:
  [[nodiscard]] std::string Paint(const std::string& text,
                                  const fmt::text_style& look) const {
    return style_.colors ? fmt::format(look, "{}", text) : text;
  }

  void Events() {
    constexpr std::size_t kMost = 5;
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      text_ += "\n";
      if (i == kMost) {
        text_ +=
            fmt::format("  and {} more OOM reports\n", reports_.size() - kMost);
        break;
      }
      text_ += DescribeKill(reports_[i], record_.observation);
    }
    if (reports_.empty()) return;
    // The sums of the first: later ones begin with what it left.
    const std::string sums = DescribeSums(reports_[0], record_.observation);
    if (!sums.empty()) text_ += "\n" + sums;
  }

  void Expectations() {
    if (!record_.findings.empty()) text_ += "\n";
    for (const Finding& finding : record_.findings) {
      const std::string mark =
          finding.holds ? Paint("ok  ", fg(fmt::terminal_color::green))
                        : Paint("FAIL", fmt::emphasis::bold |
                                            fg(fmt::terminal_color::red));
      text_ +=
          fmt::format("  {}  {:<12}", mark, EscapeText(finding.expectation));
      text_ += finding.holds ? EscapeText(finding.found)
                             : "expected " + EscapeText(finding.expected) +
                                   ", found " + EscapeText(finding.found);
      text_ += "\n";
      if (finding.holds) continue;
      for (const std::string& line : finding.log_lines)
        text_ += "          | " + EscapeText(line) + "\n";
    }
  }

  void Trouble() {
    if (record_.broken) {
      text_ += fmt::format("\n  broken      {} ({})\n",
                           EscapeText(record_.broken->message),
                           BrokenCauseName(record_.broken->cause));
      if (record_.console_panic)
        text_ += "  panic       " + EscapeText(*record_.console_panic) + "\n";
      for (const std::string& error : record_.observation.agent_errors)
        text_ += "  agent       " + EscapeText(error) + "\n";
      text_ += std::string("  look at     ") +
               EvidenceOf(record_.broken->cause) + "\n";
    } else if (!record_.verdict) {
      text_ += "\n  broken      the run was never judged\n";
    }
    if (VerdictOf(record_) == Verdict::kUnsupported)
      for (const std::string& need : record_.observation.unsupported)
        text_ += "\n  lacking     " + EscapeText(need) + "\n";
  }

  void Replay() {
    if (!record_.context.replay_command.empty())
      text_ +=
          "  replay      " + EscapeText(record_.context.replay_command) + "\n";
  }

  const RunRecord& record_;
  const std::vector<OomReport>& reports_;
  const TerminalStyle& style_;
  std::string text_;
};

}  // namespace

std::string RenderRun(const RunRecord& record,
                      const std::vector<OomReport>& reports,
                      const TerminalStyle& style) {
  return Renderer(record, reports, style).Run();
}

std::string VerdictLine(const RunRecord& record) {
  std::string line = fmt::format(
      "{} {} ({}, {:.1f} s)", Upper(VerdictName(VerdictOf(record))),
      Where(record), EscapeText(record.context.accel), record.times.total_s);
  std::string why;
  for (const Finding& finding : record.findings)
    if (!finding.holds)
      why += (why.empty() ? "" : ", ") + EscapeText(finding.expectation);
  if (record.broken) why = BrokenCauseName(record.broken->cause);
  return why.empty() ? line : line + ": " + why;
}

}  // namespace oomlab::reports
