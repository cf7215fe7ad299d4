#include "harness/vm/accel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/fd.h"
#include "harness/vm/vm_test_guest.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;

TEST(AccelRequestTest, HasThreeSpellings) {
  EXPECT_EQ(ParseAccelRequest("auto"), AccelRequest::kAuto);
  EXPECT_EQ(ParseAccelRequest("kvm"), AccelRequest::kKvm);
  EXPECT_EQ(ParseAccelRequest("tcg"), AccelRequest::kTcg);
  EXPECT_THAT(ParseAccelRequest("hvf").error().hint, HasSubstr("tcg"));
}

// A program that stands where QEMU should be, counts its starts, answers
// --version and else does `task`, a line of shell; $0.log counts.
void WriteFakeQemu(const AccelProbe& probe, const std::string& task) {
  std::ofstream(probe.config.qemu)
      << "#!/bin/sh\n"
         "if [ \"$1\" = --version ]; then echo QEMU version 0; exit; fi\n"
         "echo start >> $0.log\n"
      << task << "\n";
  chmod(probe.config.qemu.c_str(), 0755);
}

AccelProbe WithFakeQemu(const std::string& task) {
  AccelProbe probe;
  probe.config.qemu = TestFile("qemu");
  probe.kernel_sha256 = std::string(64, 'a');
  probe.cache_directory = TestFile("cache");
  probe.device = "/dev/null";
  std::filesystem::remove_all(probe.cache_directory);
  std::filesystem::remove(probe.config.qemu + ".log");
  WriteFakeQemu(probe, task);
  return probe;
}

int Starts(const AccelProbe& probe) {
  std::ifstream log(probe.config.qemu + ".log");
  return static_cast<int>(
      std::count(std::istreambuf_iterator<char>(log), {}, '\n'));
}

std::string AnswerPath(const AccelProbe& probe) {
  return probe.cache_directory + "/" + probe.kernel_sha256 + ".json";
}

// As if the answer had been written so long ago.
void AgeAnswer(const AccelProbe& probe, std::chrono::minutes age) {
  std::filesystem::last_write_time(
      AnswerPath(probe), std::filesystem::file_time_type::clock::now() - age);
}

// Descriptor 0 is the channel's writing end.
constexpr char kBoots[] =
    "echo '{\"seq\":0,\"type\":\"hello\"}' >&0; exec sleep 60";
constexpr char kSilent[] = "exec sleep 60";

TEST(AccelTest, TcgIsTakenAtItsWordWithoutAProbe) {
  const AccelProbe probe = WithFakeQemu(kBoots);
  const auto choice = ChooseAccel(AccelRequest::kTcg, probe);
  ASSERT_TRUE(choice.has_value());
  EXPECT_EQ(choice->accel, VmAccel::kTcg);
  EXPECT_EQ(Starts(probe), 0);
}

TEST(AccelTest, KvmIsChosenWhenItBootsAndProbedOnce) {
  const AccelProbe probe = WithFakeQemu(kBoots);
  // "Yes" needs no second look, even after days and when asked for by name.
  for (const AccelRequest request :
       {AccelRequest::kAuto, AccelRequest::kAuto, AccelRequest::kKvm}) {
    const auto choice = ChooseAccel(request, probe);
    ASSERT_TRUE(choice.has_value()) << choice.error().message;
    EXPECT_EQ(choice->accel, VmAccel::kKvm) << choice->reason;
    EXPECT_THAT(choice->reason, HasSubstr("KVM booted it in"));
    EXPECT_EQ(Starts(probe), 1);
    AgeAnswer(probe, std::chrono::hours(48));
  }
}

TEST(AccelTest, AHangFallsBackToTcgAndRefusesKvm) {
  AccelProbe probe = WithFakeQemu(kSilent);
  probe.deadline = std::chrono::milliseconds(300);
  const auto choice = ChooseAccel(AccelRequest::kAuto, probe);
  ASSERT_TRUE(choice.has_value()) << choice.error().message;
  EXPECT_EQ(choice->accel, VmAccel::kTcg);
  EXPECT_THAT(choice->reason, HasSubstr("did not boot within 0.3 s"));
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  EXPECT_EQ(Starts(probe), 1);
  const auto refused = ChooseAccel(AccelRequest::kKvm, probe);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("did not boot within 0.3 s"));
  EXPECT_EQ(Starts(probe), 2);  // By name: probed anew.
}

TEST(AccelTest, ARefusalHoldsForAnHour) {
  const AccelProbe probe = WithFakeQemu("exit 1");
  int starts = 1;
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  EXPECT_EQ(Starts(probe), starts);
  AgeAnswer(probe, std::chrono::minutes(50));
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  EXPECT_EQ(Starts(probe), starts);
  for (const int minutes : {61, -30}) {  // Also after the clock was set back.
    AgeAnswer(probe, std::chrono::minutes(minutes));
    ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
    EXPECT_EQ(Starts(probe), ++starts) << minutes;
  }
}

TEST(AccelTest, AProbeByNameThatSucceedsReplacesTheRefusal) {
  AccelProbe probe = WithFakeQemu("exit 1");
  EXPECT_EQ(ChooseAccel(AccelRequest::kAuto, probe)->accel, VmAccel::kTcg);
  WriteFakeQemu(probe, kBoots);
  const auto choice = ChooseAccel(AccelRequest::kKvm, probe);
  ASSERT_TRUE(choice.has_value()) << choice.error().message;
  EXPECT_EQ(ChooseAccel(AccelRequest::kAuto, probe)->accel, VmAccel::kKvm);
  EXPECT_EQ(Starts(probe), 2);
}

TEST(AccelTest, ADeviceThatDoesNotOpenIsNotProbed) {
  AccelProbe probe = WithFakeQemu(kBoots);
  probe.device = "/dev/there is none";
  const auto choice = ChooseAccel(AccelRequest::kAuto, probe);
  ASSERT_TRUE(choice.has_value());
  EXPECT_EQ(choice->accel, VmAccel::kTcg);
  EXPECT_THAT(choice->reason, HasSubstr("/dev/there is none"));
  EXPECT_EQ(Starts(probe), 0);
}

TEST(AccelTest, AnotherKernelAndADamagedAnswerAreProbedAgain) {
  AccelProbe probe = WithFakeQemu(kBoots);
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  const std::string path = AnswerPath(probe);
  ASSERT_TRUE(std::filesystem::exists(path));
  std::ofstream(path) << "{\"circumstances\":";
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  EXPECT_EQ(Starts(probe), 2);
  probe.kernel_sha256 = std::string(64, 'b');
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  EXPECT_EQ(Starts(probe), 3);
}

TEST(AccelTest, AnAnswerOfAnEarlierBootIsNotReused) {
  const AccelProbe probe = WithFakeQemu(kBoots);
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  const std::string path = AnswerPath(probe);
  std::string text = ReadFile(path).value();
  const std::size_t id = text.find("\"boot_id\": \"") + 12;
  text[id] = text[id] == '0' ? '1' : '0';
  std::ofstream(path) << text;
  ASSERT_TRUE(ChooseAccel(AccelRequest::kAuto, probe));
  EXPECT_EQ(Starts(probe), 2);
}

TEST(AccelTest, NoQemuIsAnErrorWithAHint) {
  AccelProbe probe;
  probe.config.qemu = "qemu-that-nobody-has";
  const auto choice = ChooseAccel(AccelRequest::kAuto, probe);
  ASSERT_FALSE(choice.has_value());
  EXPECT_EQ(choice.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(choice.error().hint, HasSubstr("apt-get install"));
}

// Whatever this machine can do, the answer comes in time and is what a real
// guest did.
TEST(AccelTest, ARealProbeComesToAnEnd) {
  AccelProbe probe;
  if (const auto why = PrepareTestGuest("hang", probe.config)) {
    GTEST_SKIP() << *why;
  }
  probe.cache_directory = TestFile("cache");
  std::filesystem::remove_all(probe.cache_directory);
  const auto choice = ChooseAccel(AccelRequest::kAuto, probe);
  ASSERT_TRUE(choice.has_value()) << choice.error().message;
  std::cout << VmAccelName(choice->accel) << ": " << choice->reason << "\n";
  EXPECT_THAT(choice->reason, HasSubstr("KVM"));
}

}  // namespace
}  // namespace oomlab::harness
