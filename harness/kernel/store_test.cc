#include "harness/kernel/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "harness/kernel/test_support.h"

namespace oomlab::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// An archive of three kernels behind programs that act as apt-get and
// apt-cache.
class KernelStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(directory_ / "archive");
    WriteTestFile(directory_ / "keyring", "keys");
    Publish("linux-image-5.10.0-46-cloud-amd64", "5.10.262-1",
            "boot/vmlinuz-5.10.0-46-cloud-amd64", "5.10.0-46-cloud-amd64");
    Publish("linux-binary-7.2.12+deb13-cloud-amd64", "7.2.12-1~bpo13+1",
            "usr/lib/modules/7.2.12+deb13-cloud-amd64/vmlinuz",
            "7.2.12+deb13-cloud-amd64");
    Publish("linux-binary-7.2.13+deb14-cloud-amd64", "7.2.13-1",
            "usr/lib/modules/7.2.13+deb14-cloud-amd64/vmlinuz",
            "7.2.13+deb14-cloud-amd64");
    FakeApt("");
  }

  void Publish(const std::string& package, const std::string& version,
               const std::string& path, const std::string& release) {
    WriteTestFile(directory_ / ("archive/" + package + "=" + version),
                  MakeDeb("zst", {{"./" + path, MakeBzImage(release)}}));
    show_ += "Package: " + package + "\nVersion: " + version +
             "\nSize: 20000000\n\n";
    WriteTestFile(directory_ / "show", show_);
  }

  // `before_download` is shell; the package asked for is in $wanted.
  void FakeApt(const std::string& before_download) {
    const std::string head = "#!/bin/sh\nhere='" + directory_.path() +
                             "'\necho \"${0##*/} $*\" >>\"$here/calls\"\n";
    WriteTestFile(directory_ / "apt-get",
                  head +
                      "for wanted; do :; done\n"
                      "case \"$*\" in *update) "
                      "echo 'Hit:1 http://m/debian sid InRelease'; exit ;; "
                      "esac\n" +
                      before_download +
                      "\n[ -e \"$here/archive/$wanted\" ] || "
                      "{ echo 'E: 404  Not Found' >&2; exit 100; }\n"
                      "cp \"$here/archive/$wanted\" package.deb\n",
                  true);
    WriteTestFile(directory_ / "apt-cache", head + "cat \"$here/show\"\n",
                  true);
  }

  void NoNetwork() {
    fs::remove(directory_ / "apt-get");
    fs::remove(directory_ / "apt-cache");
  }

  KernelStore Store() {
    return KernelStore(directory_ / "kernels",
                       {.directory = {},
                        .mirror = "http://m/debian",
                        .program_directory = directory_.path(),
                        .keyring = directory_ / "keyring"});
  }

  // How often a program was called with these words.
  int Calls(std::string_view words) {
    const auto text = ReadFile(directory_ / "calls");
    int count = 0;
    for (std::size_t at = 0;
         text && (at = text->find(words, at)) != std::string::npos; ++at)
      ++count;
    return count;
  }

  // Everything in the store but locks and apt's state.
  std::vector<std::string> Entries() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_ / "kernels"))
      names.push_back(entry.path().filename());
    std::erase(names, ".apt");
    std::erase(names, ".locks");
    std::sort(names.begin(), names.end());
    return names;
  }

  // Runs Fetch in `count` processes at once; returns their wait statuses.
  std::vector<int> FetchInProcesses(int count, const char* name) {
    std::vector<pid_t> children;
    for (int i = 0; i < count; ++i) {
      const pid_t pid = ::fork();
      if (pid == 0) ::_exit(Store().Fetch(name, note_).has_value() ? 0 : 1);
      children.push_back(pid);
    }
    std::vector<int> statuses;
    for (const pid_t pid : children) {
      int status = -1;
      EXPECT_EQ(::waitpid(pid, &status, 0), pid);
      statuses.push_back(status);
    }
    return statuses;
  }

  TempDirectory directory_;
  std::string show_;
  std::vector<std::string> progress_;
  Progress note_ = [this](std::string_view line) {
    progress_.emplace_back(line);
  };
};

TEST_F(KernelStoreTest, FetchesTheNewestOfALine) {
  const auto kernel = Store().Fetch("debian:7.2", note_);
  ASSERT_TRUE(kernel.has_value()) << kernel.error().message;
  EXPECT_EQ(kernel->name, "debian:7.2");
  EXPECT_EQ(kernel->release, "7.2.13+deb14-cloud-amd64");
  EXPECT_EQ(kernel->package_version, "7.2.13-1");
  EXPECT_EQ(kernel->path,
            directory_ / "kernels/7.2.13+deb14-cloud-amd64/vmlinuz");
  EXPECT_TRUE(ReadFile(kernel->path) == MakeBzImage(kernel->release));
  EXPECT_EQ(kernel->sha256.size(), 64u);
  EXPECT_THAT(Entries(), ElementsAre("7.2.13+deb14-cloud-amd64"));
}

TEST_F(KernelStoreTest, FetchesExactlyWhatIsNamed) {
  for (const char* name : {"debian:7.2.12", "debian:7.2.12+deb13-cloud-amd64",
                           "debian:7.2.12-1~bpo13+1"}) {
    const auto kernel = Store().Fetch(name, note_);
    ASSERT_TRUE(kernel.has_value()) << kernel.error().message;
    EXPECT_EQ(kernel->release, "7.2.12+deb13-cloud-amd64") << name;
  }
  EXPECT_EQ(Calls(" download "), 1);
}

TEST_F(KernelStoreTest, OneStoreReadsTheListsOnce) {
  KernelStore store = Store();
  ASSERT_TRUE(store.Fetch("debian:7.2", note_));
  ASSERT_TRUE(store.Fetch("debian:5.10", note_));
  ASSERT_TRUE(store.List(/*ask_archive=*/true, note_));
  EXPECT_EQ(Calls(" update"), 1);
  EXPECT_EQ(Calls("apt-cache"), 1);
  EXPECT_EQ(Calls(" download "), 2);
}

TEST_F(KernelStoreTest, WhatIsHereNeedsNoNetwork) {
  const auto fetched = Store().Fetch("debian:5.10", note_);
  ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  NoNetwork();
  const auto found = Store().FindOrFetch("debian:5.10", note_);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ(found->path, fetched->path);
  EXPECT_EQ(found->sha256, fetched->sha256);
  const auto newer = Store().Fetch("debian:5.10", note_);
  ASSERT_FALSE(newer.has_value());
  EXPECT_EQ(newer.error().hint,
            "5.10.0-46-cloud-amd64 is here and runs without a network");
  const auto lines = Store().List(/*ask_archive=*/false, note_);
  ASSERT_TRUE(lines.has_value());
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().name, "debian:5.10");
  EXPECT_EQ(lines->front().package_version, "");  // Not asked, so unknown.
}

TEST_F(KernelStoreTest, AnUnknownLineListsWhatThereIs) {
  const auto fetched = Store().Fetch("debian:9.9", note_);
  ASSERT_FALSE(fetched.has_value());
  EXPECT_EQ(fetched.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(fetched.error().message, "no kernel debian:9.9 in the archive");
  EXPECT_EQ(fetched.error().hint, "available: debian:7.2, debian:5.10");

  const auto found = Store().Find("debian:9.9");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(found.error().hint, "oomlab kernel fetch debian:9.9; here: none");
}

TEST_F(KernelStoreTest, TriesTheNextOlderPackageAndSaysSo) {
  fs::remove(directory_ /
             "archive/linux-binary-7.2.13+deb14-cloud-amd64=7.2.13-1");
  const auto kernel = Store().Fetch("debian:7.2", note_);
  ASSERT_TRUE(kernel.has_value()) << kernel.error().message;
  EXPECT_EQ(kernel->release, "7.2.12+deb13-cloud-amd64");
  EXPECT_THAT(progress_, ::testing::Contains(HasSubstr("404  Not Found")));
  EXPECT_THAT(Entries(), ElementsAre("7.2.12+deb13-cloud-amd64"));
}

// The fake apt kills the process that fetches, in the middle of the download.
TEST_F(KernelStoreTest, AFetchThatDiesLeavesNothingThatCanBeSeen) {
  FakeApt(
      "head -c 100000 \"$here/archive/$wanted\" >package.deb\n"
      "kill -9 $PPID\nexit 0");
  const std::vector<int> statuses = FetchInProcesses(1, "debian:5.10");
  ASSERT_TRUE(WIFSIGNALED(statuses[0])) << statuses[0];
  EXPECT_THAT(Entries(), ElementsAre(".staging-5.10.0-46-cloud-amd64"));
  EXPECT_THAT(*Store().List(false, note_), IsEmpty());
  EXPECT_EQ(Store().Find("debian:5.10").error().code, ErrorCode::kNotFound);

  // A fetch of something else cleans up; the same one starts anew.
  FakeApt("");
  ASSERT_TRUE(Store().Fetch("debian:7.2", note_));
  EXPECT_THAT(Entries(), ElementsAre("7.2.13+deb14-cloud-amd64"));
  ASSERT_TRUE(Store().Fetch("debian:5.10", note_));
  EXPECT_TRUE(Store().Find("debian:5.10").has_value());
}

TEST_F(KernelStoreTest, ADamagedPackageLeavesNothing) {
  const std::string package =
      directory_ / "archive/linux-image-5.10.0-46-cloud-amd64=5.10.262-1";
  const std::string whole = *ReadFile(package);
  WriteTestFile(package, std::string_view(whole).substr(0, whole.size() / 2));
  const auto kernel = Store().Fetch("debian:5.10", note_);
  ASSERT_FALSE(kernel.has_value());
  EXPECT_EQ(kernel.error().code, ErrorCode::kMalformed);
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(KernelStoreTest, ProcessesThatFetchAtOnceDownloadOnce) {
  EXPECT_THAT(FetchInProcesses(6, "debian:5.10"),
              ElementsAre(0, 0, 0, 0, 0, 0));
  EXPECT_EQ(Calls(" download "), 1);
  EXPECT_EQ(Calls(" update"), 6);
  EXPECT_THAT(Entries(), ElementsAre("5.10.0-46-cloud-amd64"));
}

TEST_F(KernelStoreTest, AChangedKernelIsNotRun) {
  const auto kernel = Store().Fetch("debian:5.10", note_);
  ASSERT_TRUE(kernel.has_value());
  std::string image = *ReadFile(kernel->path);
  image.back() ^= 1;
  WriteTestFile(kernel->path, image);
  const auto changed = Store().FindOrFetch("debian:5.10", note_);
  ASSERT_FALSE(changed.has_value());
  EXPECT_EQ(changed.error().code, ErrorCode::kMalformed);
  EXPECT_THAT(changed.error().hint, HasSubstr("oomlab kernel remove"));

  // One that lost its tail or its description is not there at all, and is
  // replaced.
  for (const char* file : {"vmlinuz", "kernel.json"}) {
    WriteTestFile(fs::path(kernel->path).replace_filename(file), "{");
    EXPECT_EQ(Store().Find("debian:5.10").error().code, ErrorCode::kNotFound);
    const auto again = Store().FindOrFetch("debian:5.10", note_);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(again->sha256, kernel->sha256);
  }
  EXPECT_THAT(Entries(), ElementsAre("5.10.0-46-cloud-amd64"));
}

TEST_F(KernelStoreTest, ListsTheArchiveAndWhatIsHere) {
  ASSERT_TRUE(Store().Fetch("debian:7.2.12", note_));
  const auto lines = Store().List(/*ask_archive=*/true, note_);
  ASSERT_TRUE(lines.has_value()) << lines.error().message;
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ((*lines)[0].name, "debian:7.2");
  EXPECT_EQ((*lines)[0].package_version, "7.2.13-1");
  ASSERT_EQ((*lines)[0].present.size(), 1u);
  // A name that means this kernel only.
  EXPECT_TRUE(Store().Find((*lines)[0].present[0].name).has_value());
  EXPECT_EQ((*lines)[1].name, "debian:5.10");
  EXPECT_THAT((*lines)[1].present, IsEmpty());
}

TEST_F(KernelStoreTest, RemovesAllThatTheNameMeans) {
  ASSERT_TRUE(Store().Fetch("debian:7.2.12", note_));
  ASSERT_TRUE(Store().Fetch("debian:7.2.13", note_));
  ASSERT_TRUE(Store().Fetch("debian:5.10", note_));
  const auto removed = Store().Remove("debian:7");
  ASSERT_TRUE(removed.has_value()) << removed.error().message;
  EXPECT_EQ(removed->size(), 2u);
  EXPECT_THAT(Entries(), ElementsAre("5.10.0-46-cloud-amd64"));
  EXPECT_EQ(Store().Remove("debian:7").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Store().Remove("/boot/vmlinuz").error().code, ErrorCode::kUsage);
}

TEST_F(KernelStoreTest, APathIsReadAsAFile) {
  WriteTestFile(directory_ / "bzImage", MakeBzImage("6.14.0-rc1"));
  const auto kernel = Store().FindOrFetch(directory_ / "bzImage", note_);
  ASSERT_TRUE(kernel.has_value()) << kernel.error().message;
  EXPECT_EQ(kernel->release, "6.14.0-rc1");
  EXPECT_EQ(kernel->package_version, "");
  EXPECT_EQ(kernel->sha256.size(), 64u);

  const auto none = Store().FindOrFetch(directory_ / "none", note_);
  ASSERT_FALSE(none.has_value());
  EXPECT_THAT(none.error().message, HasSubstr("ENOENT"));
  EXPECT_EQ(Calls("apt"), 0);
}

TEST_F(KernelStoreTest, AMalformedNameDoesNotReachApt) {
  for (const char* name : {"debian:../x", "6.12", "debian:6.12 --help"}) {
    EXPECT_EQ(Store().FindOrFetch(name, note_).error().code, ErrorCode::kUsage);
    EXPECT_EQ(Store().Fetch(name, note_).error().code, ErrorCode::kUsage);
    EXPECT_EQ(Store().Remove(name).error().code, ErrorCode::kUsage);
  }
  EXPECT_EQ(Calls("apt"), 0);
}

}  // namespace
}  // namespace oomlab::harness
