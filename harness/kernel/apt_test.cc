#include "harness/kernel/apt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "harness/kernel/test_support.h"

namespace oomlab::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Stanzas of `apt-cache show`, shortened; sizes and versions as in the archive.
constexpr std::string_view kShow = R"(Package: linux-image-6.12-cloud-amd64
Version: 6.12.117-1~deb12u1
Size: 1512

Package: linux-image-6.12.117+deb12-cloud-amd64
Source: linux-signed-amd64 (6.12.117+1~deb12u1)
Version: 6.12.117-1~deb12u1
Installed-Size: 147094
Size: 34271372

Package: linux-image-6.12.117+deb13-cloud-amd64
Version: 6.12.117-1
Size: 34713984

Package: linux-image-7.3-cloud-amd64
Version: 7.3~rc7-1~exp1
Size: 1916

Package: linux-binary-7.3-cloud-amd64
Version: 7.3~rc7-1~exp1
Size: 13885624

Package: linux-binary-unsigned-7.3.4+deb13-cloud-amd64
Version: 7.3.4-1
Size: 13885624

Package: linux-image-6.12.117+deb13-cloud-amd64
Version: 6.12.117-1
Size: 34713984

Package: linux-image-6.12.117+deb13-cloud-amd64-dbg
Version: 6.12.117-1
Size: 999999999
)";

TEST(ParseKernelPackagesTest, KeepsKernelsAndDropsShells) {
  std::vector<std::string> packages;
  for (const KernelPackage& kernel : ParseKernelPackages(kShow))
    packages.push_back(kernel.package + " " + kernel.release + " " +
                       kernel.version);
  EXPECT_THAT(
      packages,
      ElementsAre("linux-binary-7.3-cloud-amd64 7.3-cloud-amd64 7.3~rc7-1~exp1",
                  "linux-image-6.12.117+deb13-cloud-amd64 "
                  "6.12.117+deb13-cloud-amd64 6.12.117-1",
                  "linux-image-6.12.117+deb12-cloud-amd64 "
                  "6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1"));
}

TEST(ParseKernelPackagesTest, IncompleteStanzasAreNoKernels) {
  for (std::size_t size = 0; size < kShow.size(); ++size)
    for (const KernelPackage& kernel :
         ParseKernelPackages(kShow.substr(0, size))) {
      EXPECT_NE(kernel.version, "");
      EXPECT_GE(kernel.size_bytes, 1u << 20);
    }
}

class AptArchiveTest : public ::testing::Test {
 protected:
  void SetUp() override { WriteTestFile(directory_ / "keyring", "keys"); }

  // Both programs; "$*" and every file of the test's directory are at hand.
  void FakeApt(const std::string& apt_get, const std::string& apt_cache) {
    const std::string head = "#!/bin/sh\ncd '" + directory_.path() + "'\n";
    WriteTestFile(directory_ / "apt-get", head + apt_get, true);
    WriteTestFile(directory_ / "apt-cache", head + apt_cache, true);
  }

  AptArchive Archive(std::string mirror = {}) {
    return AptArchive({.directory = directory_ / "state",
                       .mirror = std::move(mirror),
                       .program_directory = directory_.path(),
                       .keyring = directory_ / "keyring"});
  }

  std::string Sources() { return *ReadFile(directory_ / "state/sources.list"); }

  TempDirectory directory_;
  std::vector<std::string> progress_;
  Progress note_ = [this](std::string_view line) {
    progress_.emplace_back(line);
  };
};

constexpr const char* kTargets = R"(
case "$*" in *indextargets*) cat <<END
nodistro main https://third.example/debian/
cloud-bookworm main https://fourth.example/debian/
bookworm stable https://docker.example/linux/debian
bookworm main https://other.example/apt
bookworm main https://mirror.example/debian/
bookworm-updates main https://mirror.example/debian/
bookworm-security main https://mirror.example/security/
END
exit ;; esac
)";

TEST_F(AptArchiveTest, UsesTheMirrorsOfTheMachine) {
  FakeApt(std::string(kTargets) +
              "echo 'Get:1 https://mirror.example/debian sid InRelease [1 kB]'",
          "");
  const Result<> updated = Archive().Update(note_);
  ASSERT_TRUE(updated.has_value()) << updated.error().message;
  const std::string keyring = "signed-by=" + (directory_ / "keyring") + "] ";
  EXPECT_THAT(Sources(),
              HasSubstr(keyring + "https://mirror.example/debian sid main\n"));
  EXPECT_THAT(Sources(), HasSubstr("https://mirror.example/security "
                                   "trixie-security main\n"));
  for (const char* stranger : {"third", "fourth", "docker", "other"})
    EXPECT_THAT(Sources(), Not(HasSubstr(stranger)));
}

TEST_F(AptArchiveTest, TheUsersMirrorGoesFirst) {
  FakeApt(std::string(kTargets) +
              "echo 'Hit:1 http://mine.example/debian sid InRelease'",
          "");
  ASSERT_TRUE(Archive("http://mine.example/debian/").Update(note_));
  EXPECT_THAT(Sources(), HasSubstr("http://mine.example/debian/ sid main\n"));
  EXPECT_THAT(Sources(), HasSubstr("http://mine.example/debian-security "
                                   "bookworm-security main\n"));
  EXPECT_THAT(Sources(), Not(HasSubstr("mirror.example")));
}

TEST_F(AptArchiveTest, AMirrorCannotAddLinesOrOptions) {
  FakeApt("echo 'Hit:1 x sid InRelease'", "");
  for (const char* mirror :
       {"http://a/debian sid main\ndeb http://b/", "[trusted=yes] http://a",
        "http://a/\"", "no-url"}) {
    const Result<> updated = Archive(mirror).Update(note_);
    ASSERT_FALSE(updated.has_value()) << mirror;
    EXPECT_EQ(updated.error().code, ErrorCode::kUsage);
  }
}

TEST_F(AptArchiveTest, GoesOnWithoutASuiteAndSaysSo) {
  FakeApt(
      "echo 'Hit:1 http://m/debian sid InRelease'\n"
      "echo 'Get:2 http://m/debian trixie InRelease [1 kB]'\n"
      "echo 'Err:2 http://m/debian trixie InRelease'\n"
      "echo 'Ign:3 http://m/debian bullseye InRelease'\n"
      "echo 'Err:4 http://m/debian bullseye Release'\n"
      "echo \"E: The repository 'bullseye' does not have a Release file.\" "
      ">&2\nexit 100",
      "");
  ASSERT_TRUE(Archive("http://m/debian").Update(note_));
  EXPECT_EQ(progress_.back(),
            "going on without: bullseye trixie (The repository 'bullseye' does "
            "not have a Release file.)");
}

TEST_F(AptArchiveTest, WithoutAnySuiteItFailsWithAptsWords) {
  // apt's exit status is 0 when every mirror is out of reach.
  FakeApt(
      "echo 'Err:1 http://m/debian sid InRelease'\n"
      "echo 'W: Failed to fetch http://m/: Could not connect' >&2",
      "");
  const Result<> updated = Archive("http://m/debian").Update(note_);
  ASSERT_FALSE(updated.has_value());
  EXPECT_EQ(updated.error().code, ErrorCode::kSystem);
  EXPECT_THAT(updated.error().message, HasSubstr("Could not connect"));
}

TEST_F(AptArchiveTest, AMachineWithoutWhatItTakesIsUnsupported) {
  FakeApt("case \"$*\" in *indextargets*) exit 0;; esac", "");
  const Result<> no_mirror = Archive().Update(note_);
  ASSERT_FALSE(no_mirror.has_value());
  EXPECT_EQ(no_mirror.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(no_mirror.error().hint, HasSubstr("OOMLAB_DEBIAN_MIRROR"));

  const Result<> no_keyring =
      AptArchive({.directory = directory_ / "state",
                  .mirror = "http://m/debian",
                  .program_directory = directory_.path(),
                  .keyring = "/no/such/keyring"})
          .Update(note_);
  ASSERT_FALSE(no_keyring.has_value());
  EXPECT_THAT(no_keyring.error().hint, HasSubstr("debian-archive-keyring"));

  const Result<> no_apt = AptArchive({.directory = directory_ / "state",
                                      .mirror = "http://m/debian",
                                      .program_directory = "/no/such/directory",
                                      .keyring = directory_ / "keyring"})
                              .Update(note_);
  ASSERT_FALSE(no_apt.has_value());
  EXPECT_EQ(no_apt.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(no_apt.error().hint, HasSubstr("bzImage"));
}

// The configuration against the real apt, which is the only judge of it.
TEST_F(AptArchiveTest, RealAptUnderstandsTheConfiguration) {
  const Result<> updated =
      AptArchive({.directory = directory_ / "state",
                  .mirror = "file:" + (directory_ / "no-mirror"),
                  .program_directory = {},
                  .keyring = directory_ / "keyring"})
          .Update(note_);
  ASSERT_FALSE(updated.has_value());
  if (updated.error().code == ErrorCode::kUnsupported)
    GTEST_SKIP() << updated.error().message;
  EXPECT_THAT(updated.error().message, HasSubstr("no-mirror bullseye Release'"))
      << "apt did not get as far as reading the sources";
}

}  // namespace
}  // namespace oomlab::harness
