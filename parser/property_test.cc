// Whatever is lost or mixed up: nothing crashes, and no value comes up that the
// whole log does not have, or under another name.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parser/log_parser.h"
#include "parser/parse.h"
#include "parser/testing/atoms.h"
#include "parser/testing/logs.h"

namespace oomlab::parser {
namespace {

// OOMLAB_TEST_SEED repeats a run.
unsigned Seed() {
  const char* given = std::getenv("OOMLAB_TEST_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                       : std::random_device{}();
  std::cout << "seed: OOMLAB_TEST_SEED=" << seed << "\n";
  return seed;
}

// Checks `reports` against what is known; the same reports as last time are
// not taken apart again.
class Checker {
 public:
  explicit Checker(std::set<std::string> known) : known_(std::move(known)) {}

  // False after a failure.
  bool Check(const std::vector<OomReport>& reports, const std::string& what) {
    std::string json = WithoutLines(reports);
    if (json == last_) return true;
    last_ = std::move(json);
    const std::string unknown = Unknown(Atoms(reports), known_);
    EXPECT_EQ(unknown, "") << what;
    return unknown.empty();
  }

 private:
  std::set<std::string> known_;
  std::string last_;
};

// Of a wrapped line, lost pieces leave keys in halves; and whether "ruby ★" is
// a name or a mark, only earlier lines tell. Where an author left lines out, a
// lowmem_reserve[] line has lost its zone.
bool NeedsEveryLine(const std::string& name) {
  return name.find("wrapped") != std::string::npos ||
         name.find("annotated") != std::string::npos ||
         name.find("wide-copy") != std::string::npos;
}

std::vector<std::string> Forms(const std::string& name) {
  const std::string log = TestLog(name);
  std::vector<std::string> forms = {log};
  if (name.find("cloud-amd64") != std::string::npos) {
    forms.push_back(ToKmsg(log));
  }
  return forms;
}

// The properties below are worth nothing without these.
TEST(PropertyTest, AtomsHoldWhatAReportHolds) {
  const auto atoms =
      Atoms(ParseLog(TestLog("7.2.12+deb13-cloud-amd64/global")));
  EXPECT_GT(atoms.size(), 200u);
  for (const char* atom :
       {".mem_info.counters.active_anon=30375", ".tasks[102 ].rss_pages=29811",
        ".mem_info.zones[0 \"DMA\" ].values_kib.free=616",
        ".victims[102 ].anon_rss_kib=118592"}) {
    EXPECT_TRUE(atoms.contains(atom)) << atom;
  }
  EXPECT_NE(Unknown({"a=1"}, atoms), "");
}

TEST(PropertyTest, ALogMayEndAtAnyByte) {
  for (const std::string& name : TestLogNames()) {
    SCOPED_TRACE(name);
    for (const std::string& log : Forms(name)) {
      const auto whole = ParseLog(log);
      Checker checker(Atoms(whole));
      for (std::size_t size = 0; size < log.size(); ++size) {
        auto reports = ParseLog(std::string_view(log).substr(0, size));
        ASSERT_LE(reports.size(), whole.size());
        // The last number of a kill line is kept, with a warning.
        for (OomReport& report : reports) {
          for (const Warning& warning : report.warnings) {
            if (warning.code == "unterminated_line") {
              report.victims.back().oom_score_adj.reset();
            }
            // And a name as far as it goes, with another.
            if (warning.code == "cut_name") report.victims.pop_back();
          }
        }
        ASSERT_TRUE(
            checker.Check(reports, "cut at byte " + std::to_string(size)));
      }
    }
  }
}

TEST(PropertyTest, ALogMayBeginAtAnyLine) {
  for (const std::string& name : TestLogNames()) {
    if (NeedsEveryLine(name)) continue;
    SCOPED_TRACE(name);
    for (const std::string& log : Forms(name)) {
      const auto whole = ParseLog(log);
      Checker checker(Atoms(whole));
      std::string_view rest = log;
      for (int line = 0; !rest.empty(); ++line) {
        const auto reports = ParseLog(rest);
        // Of a group kill's last lines, each may be a kill of its own.
        std::size_t most = 0;
        for (const OomReport& report : whole) {
          most += std::max<std::size_t>(report.victims.size(), 1);
        }
        ASSERT_LE(reports.size(), most);
        ASSERT_TRUE(
            checker.Check(reports, "from line " + std::to_string(line)));
        rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
      }
    }
  }
}

TEST(PropertyTest, AnyLineMayBeLost) {
  for (const std::string& name : TestLogNames()) {
    if (NeedsEveryLine(name)) continue;
    SCOPED_TRACE(name);
    for (const std::string& log : Forms(name)) {
      const auto whole = ParseLog(log);
      Checker checker(Atoms(whole));
      const std::vector<std::string> lines = SplitLines(log);
      for (std::size_t lost = 0; lost < lines.size(); ++lost) {
        std::vector<std::string> rest = lines;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(lost));
        const auto reports = ParseLog(JoinLines(rest));
        ASSERT_LE(reports.size(), whole.size()) << lines[lost];
        ASSERT_TRUE(checker.Check(reports, "without: " + lines[lost]));
      }
    }
  }
}

std::string Interleave(const std::string& a, const std::string& b,
                       std::mt19937& random) {
  const std::vector<std::string> first = SplitLines(a), second = SplitLines(b);
  std::string mixed;
  std::size_t i = 0, j = 0;
  while (i < first.size() || j < second.size()) {
    const std::size_t left = first.size() - i, right = second.size() - j;
    const bool take_first = std::uniform_int_distribution<std::size_t>(
                                1, left + right)(random) <= left;
    mixed += (take_first ? first[i++] : second[j++]) + "\n";
  }
  return mixed;
}

std::vector<std::string> VmLogs() {
  std::vector<std::string> names;
  for (const std::string& name : TestLogNames()) {
    if (name.find("cloud-amd64") != std::string::npos) names.push_back(name);
  }
  return names;
}

// Sequence numbers of two logs make no sense together.
std::string WithoutSequence(const std::string& kmsg) {
  std::string out;
  for (const std::string& line : SplitLines(kmsg)) {
    const std::size_t at = line.find(',');
    out +=
        line.substr(0, at) + ",1" + line.substr(line.find(',', at + 1)) + "\n";
  }
  return out;
}

TEST(PropertyTest, CallerIdsKeepInterleavedReportsApart) {
  std::mt19937 random(Seed());
  const std::vector<std::string> names = VmLogs();
  std::uniform_int_distribution<std::size_t> pick(0, names.size() - 1);
  for (int round = 0; round < 300; ++round) {
    const std::string &a = names[pick(random)], &b = names[pick(random)];
    SCOPED_TRACE(a);
    SCOPED_TRACE(b);
    const auto left = ParseLog(TestLog(a)), right = ParseLog(TestLog(b));
    const auto mixed = ParseLog(
        Interleave(WithoutSequence(ToKmsg(TestLog(a), ",caller=T102")),
                   WithoutSequence(ToKmsg(TestLog(b), ",caller=T7")), random));
    std::multiset<std::string> want, got;
    // The sysrq line is another task's; here both have lines in between.
    for (const auto* reports : {&left, &right}) {
      for (const OomReport& report : *reports)
        want.insert(WithoutLines({report}));
    }
    for (const OomReport& report : mixed) got.insert(WithoutLines({report}));
    ASSERT_EQ(got, want);
  }
}

TEST(PropertyTest, InterleavedReportsNeverMoveAValue) {
  std::mt19937 random(Seed());
  const std::vector<std::string> names = TestLogNames();
  std::uniform_int_distribution<std::size_t> pick(0, names.size() - 1);
  for (int round = 0; round < 5000; ++round) {
    const std::string &a = names[pick(random)], &b = names[pick(random)];
    SCOPED_TRACE(a);
    SCOPED_TRACE(b);
    // A panic's own stack is no report's; between two reports it may look so.
    if (a.find("panic") != std::string::npos ||
        b.find("panic") != std::string::npos) {
      continue;
    }
    // One log is one kernel's: tables of two need not differ in width.
    if (a.substr(0, a.find('/')) != b.substr(0, b.find('/'))) continue;
    if (NeedsEveryLine(a) || NeedsEveryLine(b)) continue;
    std::set<std::string> known = Atoms(ParseLog(TestLog(a)));
    known.merge(Atoms(ParseLog(TestLog(b))));
    const std::string mixed = Interleave(TestLog(a), TestLog(b), random);
    ASSERT_EQ(Unknown(Atoms(ParseLog(mixed)), known), "") << mixed;
  }
}

TEST(PropertyTest, PiecesOfAnySizeGiveTheSameReports) {
  std::mt19937 random(Seed());
  for (const std::string& name : TestLogNames()) {
    SCOPED_TRACE(name);
    const std::string log = TestLog(name);
    const auto want = ParseLog(log);
    for (int round = 0; round < 10; ++round) {
      std::vector<OomReport> got;
      LogParser parser(
          [&](OomReport&& report) { got.push_back(std::move(report)); });
      const std::size_t most =
          round < 2 ? 1 : 1U << static_cast<unsigned>(round);
      for (std::size_t at = 0; at < log.size();) {
        const std::size_t size =
            std::uniform_int_distribution<std::size_t>(1, most)(random);
        parser.Feed(std::string_view(log).substr(at, size));
        at += size;
      }
      parser.Finish();
      ASSERT_EQ(WithoutLines(got), WithoutLines(want));
      for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].first_line, want[i].first_line);
        EXPECT_EQ(got[i].last_line, want[i].last_line);
      }
    }
  }
}

}  // namespace
}  // namespace oomlab::parser
