#include "workloads/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

namespace oomlab::workloads {
namespace {

using ::testing::HasSubstr;

// Words as main has them. The options look into them, so they stay.
Result<Options> Parse(std::string_view kind,
                      const std::vector<std::string>& arguments) {
  static std::deque<std::vector<std::string>> texts;
  static std::deque<std::vector<char*>> words;
  texts.push_back(arguments);
  words.emplace_back();
  for (std::string& text : texts.back()) words.back().push_back(text.data());
  words.back().push_back(nullptr);
  return Options::Parse(*FindPattern(kind),
                        {words.back().data(), arguments.size()});
}

TEST(OptionsTest, ReadsSizesCountsChoicesAndDefaults) {
  const auto options =
      Parse("prefork", {"--image=20MiB", "--workers=3", "--comm=a=b"});
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_EQ(options->Number("image"), 20u << 20);
  EXPECT_EQ(options->Number("workers"), 3u);
  EXPECT_EQ(options->Number("grow-bytes"), 0u);
  EXPECT_EQ(options->Text("comm"), "a=b");
  EXPECT_TRUE(options->Is("grow", "none"));
  EXPECT_FALSE(options->Has("grow"));
  EXPECT_FALSE(options->Has("worker-comm"));
}

TEST(OptionsTest, RefusesWhatTheTableDoesNotAllow) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--workers=1"}, "--image: is required"},
      {{"--image=1", "--workers=1", "--image=2"}, "--image: given twice"},
      {{"--image", "--workers=1"}, "--image: needs a value"},
      {{"--image=1", "--workers=1", "--control=1"}, "--control: takes no"},
      {{"--image=1", "--workers=x"}, "'x' is not a whole number"},
      {{"--image=1", "--workers=-1"}, "'-1' is not a whole number"},
      {{"--image=1", "--workers=1", "--grow=wor"},
       "'wor' is not one of none|parent|worker"},
      {{"--image=1", "--workers=1", "--grow="}, "'' is not one of"},
      {{"--image=1", "--workers=1", "--comm=0123456789abcdef"},
       "has 16 bytes, not 1 to 15"},
      {{"--image=1", "--workers=1", "image=1"}, "'image=1' is not of the form"},
      {{"--image=1", "--workers=1", "--"}, "'--' is not of the form"},
  };
  for (const auto& [arguments, message] : cases) {
    const auto options = Parse("prefork", arguments);
    ASSERT_FALSE(options.has_value()) << message;
    EXPECT_EQ(options.error().code, ErrorCode::kUsage);
    EXPECT_THAT(options.error().message, HasSubstr(message));
  }
}

TEST(OptionsTest, KeepsTheHintOfASizeWithADoubtfulUnit) {
  const auto options = Parse("alloc", {"--workers=1", "--bytes=64MB"});
  ASSERT_FALSE(options.has_value());
  EXPECT_THAT(options.error().hint, HasSubstr("64MiB"));
}

TEST(OptionsTest, WordsAfterTwoDashesAreTheCommand) {
  const auto options = Parse("command", {"--take-at=ready", "--", "A=b", "ls"});
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_TRUE(options->Is("take-at", "ready"));
  ASSERT_NE(options->command(), nullptr);
  EXPECT_STREQ(options->command()[0], "A=b");
  EXPECT_STREQ(options->command()[1], "ls");
  EXPECT_EQ(options->command()[2], nullptr);
}

// A wrong default or choice in the table would only show when it is used.
TEST(PatternsTest, EveryDefaultIsAValueOfItsOption) {
  for (const Pattern& pattern : Patterns()) {
    std::vector<std::string> arguments;
    for (const Option& option : pattern.options) {
      EXPECT_FALSE(option.help.empty()) << option.name;
      EXPECT_EQ(option.type == OptionType::kChoice, !option.choices.empty());
      std::string value(option.fallback);
      if (option.required) value = std::to_string(option.min);
      if (!value.empty())
        arguments.push_back("--" + std::string(option.name) + "=" + value);
    }
    const auto options = Parse(pattern.name, arguments);
    EXPECT_TRUE(options.has_value())
        << pattern.name << ": " << options.error().message;
  }
}

}  // namespace
}  // namespace oomlab::workloads
