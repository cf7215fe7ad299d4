#include "harness/kernel/name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

bool Selects(std::string_view name, std::string_view release,
             std::string_view version) {
  const auto parsed = KernelName::Parse(name);
  EXPECT_TRUE(parsed.has_value()) << name;
  return parsed && parsed->Selects(release, version);
}

constexpr std::string_view kRelease = "6.12.95+deb12-cloud-amd64";
constexpr std::string_view kVersion = "6.12.95-1~bpo12+1";

TEST(KernelNameTest, EveryFormSelectsItsKernel) {
  for (const char* name : {"debian:newest", "debian:6", "debian:6.12",
                           "debian:6.12.95", "debian:6.12.95+deb12-cloud-amd64",
                           "debian:6.12.95+deb12", "debian:6.12.95-1~bpo12+1"})
    EXPECT_TRUE(Selects(name, kRelease, kVersion)) << name;
}

TEST(KernelNameTest, NumbersAreComparedWhole) {
  for (const char* name :
       {"debian:6.1", "debian:6.12.9", "debian:6.12.950", "debian:06.12",
        "debian:7", "debian:1", "debian:6.12.95-1", "debian:6.12.95+deb13"})
    EXPECT_FALSE(Selects(name, kRelease, kVersion)) << name;
}

TEST(KernelNameTest, OldReleasesAreSelectedByTheVersionOfTheirPackage) {
  EXPECT_TRUE(Selects("debian:5.10", "5.10.0-46-cloud-amd64", "5.10.262-1"));
  EXPECT_TRUE(
      Selects("debian:5.10.262", "5.10.0-46-cloud-amd64", "5.10.262-1"));
  EXPECT_TRUE(
      Selects("debian:5.10.0-46", "5.10.0-46-cloud-amd64", "5.10.262-1"));
}

TEST(KernelNameTest, AReleaseCandidateBelongsToItsLine) {
  EXPECT_TRUE(Selects("debian:7.3", "7.3-cloud-amd64", "7.3~rc7-1~exp1"));
  EXPECT_TRUE(Selects("debian:7", "7.3-cloud-amd64", "7.3~rc7-1~exp1"));
}

TEST(KernelNameTest, APathHasASlash) {
  EXPECT_EQ(KernelName::Parse("./bzImage")->path(), "./bzImage");
  EXPECT_EQ(KernelName::Parse("/boot/debian:6.12")->path(),
            "/boot/debian:6.12");
  EXPECT_THAT(KernelName::Parse("host")->path(), StartsWith("/boot/vmlinuz-"));
  EXPECT_FALSE(KernelName::Parse("./bzImage")->Selects(kRelease, kVersion));
}

// A release becomes the name of a directory.
TEST(KernelNameTest, RefusesWhatIsNoName) {
  for (const std::string_view name :
       {"", "debian", "debian:", "debian:6.", "debian:.6", "debian:6..12",
        "debian:6.12.9.5", "debian:6.x", "debian:newes", "debian:../../etc",
        "debian:6-../x", "debian:6.12 ", "debian:6\n", "debian:-1", "6.12",
        "bzImage", "ubuntu:6.8", "Debian:6.12", "debian:6.12;reboot"}) {
    const auto parsed = KernelName::Parse(name);
    ASSERT_FALSE(parsed.has_value()) << name;
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
    EXPECT_THAT(parsed.error().hint, HasSubstr("debian:6.12"));
  }
  EXPECT_FALSE(KernelName::Parse(std::string("/a\0b", 4)).has_value());
  EXPECT_FALSE(
      KernelName::Parse("debian:6-" + std::string(500, 'a')).has_value());
}

}  // namespace
}  // namespace oomlab::harness
