// Every shipped scenario is valid. Arguments: the files.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/fd.h"
#include "harness/scenario/load.h"

namespace oomlab::harness {
namespace {

std::vector<std::string> files;

TEST(ScenariosTest, EveryFileIsAScenarioNamedAfterItsFile) {
  ASSERT_GE(files.size(), 5u);
  for (const std::string& file : files) {
    const Result<std::string> text = ReadFile(file);
    ASSERT_TRUE(text.has_value()) << text.error().message;
    const Result<Scenario> scenario = LoadScenario(*text, file);
    ASSERT_TRUE(scenario.has_value())
        << scenario.error().message << "\nhint: " << scenario.error().hint;
    EXPECT_TRUE(file.ends_with("/" + scenario->name + ".json")) << file;
    EXPECT_FALSE(scenario->description.empty()) << file;
    // A scenario that ships says who dies and who does not.
    EXPECT_TRUE(scenario->expect.outcome.has_value()) << file;
    EXPECT_TRUE(scenario->expect.victims.has_value()) << file;
    EXPECT_TRUE(scenario->expect.survivors.has_value()) << file;
  }
}

}  // namespace
}  // namespace oomlab::harness

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  oomlab::harness::files.assign(argv + 1, argv + argc);
  return RUN_ALL_TESTS();
}
