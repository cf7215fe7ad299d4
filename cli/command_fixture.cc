#include "cli/command_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/process/v2/stdio.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/deadline.h"
#include "base/fd.h"

namespace oomlab::cli {
namespace {

// `bazel test` runs in the runfiles directory, where the command is by its
// path.
constexpr const char* kCommand = "cli/oomlab";

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Command::Command(const std::vector<std::string>& arguments,
                 const std::string& directory)
    : out_path_(directory + "/stdout"),
      err_path_(directory + "/stderr"),
      context_(std::make_unique<boost::asio::io_context>()) {
  const std::unique_ptr<std::FILE, CloseFile> out(
      std::fopen(out_path_.c_str(), "we"));
  const std::unique_ptr<std::FILE, CloseFile> err(
      std::fopen(err_path_.c_str(), "we"));
  process_ = std::make_unique<boost::process::v2::process>(
      *context_, std::filesystem::absolute(kCommand).string(), arguments,
      boost::process::v2::process_stdio{nullptr, out.get(), err.get()});
}

std::vector<int> Command::Children() const {
  // Any thread may be a parent.
  std::vector<int> children;
  for (const auto& task : std::filesystem::directory_iterator(
           "/proc/" + std::to_string(process_->id()) + "/task")) {
    std::ifstream list(task.path() / "children");
    for (int pid = 0; list >> pid;) children.push_back(pid);
  }
  return children;
}

void Command::Signal(int number) const { ::kill(process_->id(), number); }

bool Command::WaitUntil(const std::function<bool()>& condition) const {
  const Deadline deadline = Deadline::After(std::chrono::minutes(1));
  while (!deadline.Passed()) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

Finished Command::Finish() {
  const int native = (process_->wait(), process_->native_exit_code());
  Finished finished;
  finished.status =
      WIFEXITED(native) ? WEXITSTATUS(native) : 128 + WTERMSIG(native);
  finished.out = ReadFile(out_path_).value_or("");
  finished.err = ReadFile(err_path_).value_or("");
  return finished;
}

void CommandTest::SetUp() {
  directory_ = ::testing::TempDir() + "/oomlab-XXXXXX";
  ASSERT_NE(::mkdtemp(directory_.data()), nullptr);
}

void CommandTest::TearDown() { std::filesystem::remove_all(directory_); }

std::string CommandTest::Path(const std::string& name) const {
  return directory_ + "/" + name;
}

void CommandTest::WriteTo(const std::string& name,
                          const std::string& text) const {
  const auto written = ReplaceFile(Path(name), text);
  ASSERT_TRUE(written.has_value()) << written.error().message;
}

Command CommandTest::Start(const std::vector<std::string>& arguments) const {
  return {arguments, directory_};
}

Finished CommandTest::Run(const std::vector<std::string>& arguments) const {
  return Start(arguments).Finish();
}

}  // namespace oomlab::cli
