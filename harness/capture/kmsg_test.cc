#include "harness/capture/kmsg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;

TEST(ParseKmsgRecordTest, TellsTheKernelFromUserSpace) {
  const auto kernel =
      ParseKmsgRecord("4,242,1633011,-;prefork invoked oom-killer");
  ASSERT_TRUE(kernel.has_value()) << kernel.error().message;
  EXPECT_EQ(kernel->facility, 0u);
  EXPECT_EQ(kernel->seq, 242);
  EXPECT_EQ(kernel->text, "prefork invoked oom-killer");

  const auto user =
      ParseKmsgRecord("12,243,1633012,-,caller=T1;Killed; process 1\n A=b\n");
  ASSERT_TRUE(user.has_value()) << user.error().message;
  EXPECT_EQ(user->facility, 1u);
  EXPECT_EQ(user->text, "Killed; process 1");
}

TEST(ParseKmsgRecordTest, RefusesWhatIsNoRecord) {
  for (const char* text : {"", ";", "4;x", "4,2", "4,x,1,-;t", " 4,1,1,-;t"})
    EXPECT_FALSE(ParseKmsgRecord(text).has_value()) << text;
}

TEST(KmsgReaderTest, YieldsWhatWasWrittenBetweenTheMarks) {
  const std::string token = "test " + std::to_string(::getpid());
  auto reader = KmsgReader::Begin("/dev/kmsg", token);
  if (!reader)
    GTEST_SKIP() << "needs a readable and writable /dev/kmsg: "
                 << reader.error().message;
  ASSERT_TRUE(WriteControlFile("/dev/kmsg", "oomlab: between").has_value());
  std::vector<std::string> records;
  const auto ended =
      reader->End([&](std::string_view r) { records.emplace_back(r); },
                  Deadline::After(std::chrono::seconds(30)));
  ASSERT_TRUE(ended.has_value()) << ended.error().message;
  ASSERT_GE(records.size(), 3u);
  EXPECT_THAT(records.front(), HasSubstr("oomlab: begin " + token));
  EXPECT_THAT(records, ::testing::Contains(HasSubstr("oomlab: between")));
  EXPECT_THAT(records.back(), HasSubstr("oomlab: end " + token));
  EXPECT_EQ(reader->lost(), 0);
}

TEST(KmsgReaderTest, ALogThatCannotBeOpenedIsAnError) {
  const auto reader = KmsgReader::Begin("/nonexistent/kmsg", "t");
  ASSERT_FALSE(reader.has_value());
  EXPECT_THAT(reader.error().message, HasSubstr("/nonexistent/kmsg"));
}

}  // namespace
}  // namespace oomlab::harness
