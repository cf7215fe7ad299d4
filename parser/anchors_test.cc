#include "parser/anchors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace oomlab::parser {
namespace {

// Byte by byte.
std::size_t Plainly(const std::string& text, std::size_t from,
                    std::size_t& lines) {
  std::size_t best = std::string::npos;
  for (const char* anchor : {"oom-", "oom_", "Kill", "Kernel panic"}) {
    best = std::min(best, text.find(anchor, from));
  }
  const std::size_t message = text.find("\"MESSAGE\":[");
  if (message != std::string::npos) best = std::min(best, message + 8);
  const auto end = best == std::string::npos
                       ? text.end()
                       : text.begin() + static_cast<std::ptrdiff_t>(best);
  lines += static_cast<std::size_t>(
      std::count(text.begin() + static_cast<std::ptrdiff_t>(from), end, '\n'));
  return best;
}

TEST(AnchorsTest, AgreeWithAPlainSearchAtEveryOffset) {
  std::mt19937 random(1);
  for (const char* anchor :
       {"oom-killer", "oom_score_adj", "Killed", "Kernel panic",
        "\"MESSAGE\":[1,2]", "room", "Kiln", "Kernel", "x\":[", ""}) {
    for (std::size_t offset = 0; offset < 600; ++offset) {
      std::string text(offset, 'o');
      for (std::size_t i = 0; i < text.size(); ++i) {
        text[i] = "oKi\n ox"[random() % 7];
      }
      text += anchor;
      text += std::string(random() % 300, '\n');
      std::size_t want_lines = 0, got_lines = 0;
      const std::size_t want = Plainly(text, 0, want_lines);
      ASSERT_EQ(FindAnchor(text, 0, got_lines), want) << text;
      ASSERT_EQ(got_lines, want_lines) << text;
    }
  }
}

TEST(AnchorsTest, ManyLineFeedsAreCounted) {
  std::size_t lines = 0;
  EXPECT_EQ(FindAnchor(std::string(1'000'003, '\n'), 0, lines),
            std::string::npos);
  EXPECT_EQ(lines, 1'000'003u);
}

TEST(AnchorsTest, SearchBeginsWhereItIsTold) {
  const std::string text = "Killed\nKilled\n";
  std::size_t lines = 0;
  EXPECT_EQ(FindAnchor(text, 1, lines), 7u);
  EXPECT_EQ(lines, 1u);
}

}  // namespace
}  // namespace oomlab::parser
