#include "workloads/stress_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workloads/options.h"

namespace oomlab::workloads {
namespace {

using ::testing::HasSubstr;

std::string Translate(const std::vector<std::string>& arguments) {
  const auto all = TranslateStress(arguments);
  if (!all) return "error: " + all.error().message;
  std::string line;
  for (const std::string& word : *all) line += (line.empty() ? "" : " ") + word;
  return line;
}

TEST(StressOptionsTest, TheUsualCommandLineKeepsItsMeaning) {
  EXPECT_EQ(Translate({"--vm", "2", "--vm-bytes", "1G", "--vm-keep",
                       "--timeout", "10s"}),
            "alloc --workers=2 --bytes=1073741824 --mode=redirty --hold-ms=0 "
            "--from=malloc --huge=system --comm=stress --timeout=10");
}

TEST(StressOptionsTest, DefaultsAreThoseOfStress) {
  EXPECT_EQ(Translate({"-m", "1"}),
            "alloc --workers=1 --bytes=268435456 --mode=cycle --hold-ms=0 "
            "--from=malloc --huge=system --comm=stress");
}

TEST(StressOptionsTest, HangHoldsForSecondsOrForEver) {
  EXPECT_THAT(Translate({"-m", "1", "--vm-hang", "2"}),
              HasSubstr("--mode=cycle --hold-ms=2000"));
  EXPECT_THAT(Translate({"-m", "1", "--vm-hang", "2m", "--vm-keep"}),
              HasSubstr("--mode=redirty --hold-ms=120000"));
  EXPECT_THAT(Translate({"-m", "1", "--vm-hang", "0"}),
              HasSubstr("--mode=keep --from"));
}

TEST(StressOptionsTest, AWideStrideTouchesFewerPages) {
  EXPECT_THAT(Translate({"-m", "1", "--vm-bytes", "64m", "--vm-stride", "64K"}),
              HasSubstr("--bytes=4194304 --order=sparse --stride=65536"));
  EXPECT_THAT(Translate({"-m", "1", "--vm-bytes", "8k", "--vm-stride", "1G"}),
              HasSubstr("--bytes=4096 --mode"));
  EXPECT_THAT(Translate({"-m", "1", "--vm-bytes", "8K", "--vm-stride", "16"}),
              HasSubstr("--bytes=8192 --mode"));
}

TEST(StressOptionsTest, OtherLoadIsNotMemory) {
  for (const char* option :
       {"-c", "--cpu", "-i", "--io", "-d", "--hdd", "--hdd-bytes"})
    EXPECT_EQ(Translate({"-m", "1", option, "1"}),
              std::string("error: stress: ") + option + " is not memory");
}

TEST(StressOptionsTest, WrongValuesAreNamed) {
  EXPECT_EQ(Translate({"--vm", "two"}),
            "error: stress: --vm: 'two' is not a number");
  EXPECT_EQ(Translate({"--vm", "0"}), "error: stress: --vm: 0 is too small");
  EXPECT_EQ(Translate({"--vm", "2k"}),
            "error: stress: --vm: '2k' has a suffix that stress does not know "
            "here");
  EXPECT_EQ(Translate({"-m", "1", "--vm-bytes", "1GiB"}),
            "error: stress: --vm-bytes: '1GiB' has a suffix that stress does "
            "not know here");
  EXPECT_EQ(Translate({"-m", "1", "--vm-bytes", "99999999999G"}),
            "error: stress: --vm-bytes: '99999999999G' is too large");
  EXPECT_EQ(Translate({"-m", "1", "-t", "9999y"}),
            "error: stress: -t: '9999y' is too large");
  EXPECT_EQ(Translate({"-m"}), "error: stress: -m needs a value");
  EXPECT_EQ(Translate({"-t", "5"}),
            "error: stress: no memory workers are asked for");
  EXPECT_EQ(Translate({"--vm-byte", "5"}),
            "error: stress: unknown option '--vm-byte'");
}

// What is made here must be what the program takes.
TEST(StressOptionsTest, TheProgramTakesWhatIsTranslated) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{
           {"-m", "3", "--vm-keep", "-t", "1h", "-v"},
           {"-m", "1", "--vm-stride", "2G", "--vm-bytes", "8G"},
           {"-m", "1", "--vm-hang", "3y", "-t", "100000000"},
           {"-m", "1", "--vm-hang", "0", "-q", "--backoff", "5"}}) {
    auto all = TranslateStress(arguments);
    ASSERT_TRUE(all.has_value()) << all.error().message;
    std::vector<char*> words;
    for (std::string& word : *all) words.push_back(word.data());
    const auto options =
        Options::Parse(*FindPattern(words.at(0)), std::span(words).subspan(1));
    EXPECT_TRUE(options.has_value()) << options.error().message;
  }
}

}  // namespace
}  // namespace oomlab::workloads
