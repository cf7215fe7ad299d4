#include "workloads/load_fixture.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>

#include "base/deadline.h"

namespace oomlab::workloads {
namespace {

constexpr char kProgram[] = "workloads/oomlab-load";
constexpr std::chrono::seconds kPatience(20);

// Where the test process keeps what becomes descriptors 3 and 4.
constexpr int kFirstFreeFd = 20;

ScopedFd Up(int fd) {
  ScopedFd low(fd);
  return ScopedFd(::fcntl(low.get(), F_DUPFD_CLOEXEC, kFirstFreeFd));
}

struct Pipe {
  ScopedFd read;
  ScopedFd write;
  Pipe() {
    std::array<int, 2> ends = {};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    read = Up(ends[0]);
    write = Up(ends[1]);
  }
};

pid_t Spawn(const std::vector<std::string>& arguments,
            const std::vector<std::pair<int, int>>& fds) {
  std::vector<char*> argv = {const_cast<char*>(kProgram)};
  for (const std::string& argument : arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  for (const auto& [from, to] : fds) ::dup2(from, to);
  ::execv(kProgram, argv.data());
  ::_exit(127);
}

std::string Slurp(pid_t pid, const char* file) {
  return ReadFile("/proc/" + std::to_string(pid) + "/" + file).value_or("");
}

// Lines of the form "Name:   12 kB".
std::map<std::string, std::uint64_t> Sizes(const std::string& text) {
  std::map<std::string, std::uint64_t> sizes;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    std::string unit;
    std::uint64_t kib = 0;
    if (words >> name >> kib >> unit && unit == "kB" && name.ends_with(':'))
      sizes[name.substr(0, name.size() - 1)] = kib * 1024;
  }
  return sizes;
}

Event ParseEvent(const std::string& line) {
  Event event;
  event.line = line;
  std::istringstream words(line);
  words >> event.name;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos)
      event.fields[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return event;
}

}  // namespace

std::uint64_t Event::Number(const std::string& field) const {
  const auto found = fields.find(field);
  if (found == fields.end()) {
    ADD_FAILURE() << "no " << field << " in: " << line;
    return 0;
  }
  return std::stoull(found->second);
}

Load::Load(const std::vector<std::string>& arguments,
           const std::vector<std::string>& command) {
  // Orphaned workers become our children, so that their end can be seen.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  Pipe events;
  Pipe start;
  std::vector<std::string> all = arguments;
  all.emplace_back("--control");
  all.insert(all.end(), command.begin(), command.end());
  first_ = Spawn(all, {{events.write.get(), 3}, {start.read.get(), 4}});
  events_fd_ = std::move(events.read);
  start_ = std::move(start.write);
}

Load::~Load() {
  Abandon();
  Go();
  const Deadline deadline = Deadline::After(kPatience);
  while (::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD) {
    if (deadline.Passed()) {
      ADD_FAILURE() << "processes of the workload outlive its starter";
      for (const Event& event : events_)
        if (event.name == "process")
          ::kill(static_cast<pid_t>(event.Number("pid")), SIGKILL);
      return;
    }
    (void)::poll(nullptr, 0, 1);  // The condition is waitpid's.
  }
}

bool Load::ReadMore() {
  const Deadline deadline = Deadline::After(kPatience);
  pollfd fd = {.fd = events_fd_.get(), .events = POLLIN, .revents = 0};
  if (::poll(&fd, 1, deadline.RemainingMs()) != 1) return false;
  std::array<char, 4096> buffer = {};
  const ssize_t n = ::read(fd.fd, buffer.data(), buffer.size());
  if (n <= 0) return false;
  partial_.append(buffer.data(), static_cast<std::size_t>(n));
  for (std::size_t end = 0; (end = partial_.find('\n')) != std::string::npos;) {
    events_.push_back(ParseEvent(partial_.substr(0, end)));
    partial_.erase(0, end + 1);
  }
  return true;
}

Event Load::Await(const std::string& name) {
  for (;;) {
    std::size_t skip = seen_[name];
    for (const Event& event : events_) {
      if (event.name != name || skip-- != 0) continue;
      ++seen_[name];
      return event;
    }
    if (!ReadMore()) {
      std::string all;
      for (const Event& event : events_) all += event.line + "\n";
      ADD_FAILURE() << "no event '" << name << "' after:\n" << all;
      return {};
    }
  }
}

pid_t Load::Pid(const std::string& role, std::uint64_t index) const {
  for (const Event& event : events_)
    if (event.name == "process" && event.fields.at("role") == role &&
        event.Number("index") == index)
      return static_cast<pid_t>(event.Number("pid"));
  ADD_FAILURE() << "no process " << role << " " << index;
  return -1;
}

int Load::AwaitEnd(pid_t pid) {
  const Deadline deadline = Deadline::After(kPatience);
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    // ECHILD: its own parent is still to go, or has just reaped it.
    if (ended < 0 && ::kill(pid, 0) != 0) return 0;
    if (deadline.Passed()) {
      ADD_FAILURE() << "process " << pid << " does not end";
      return -1;
    }
    (void)::poll(nullptr, 0, 1);
  }
}

Output RunLoad(const std::vector<std::string>& arguments) {
  Pipe out;
  Pipe err;
  const pid_t pid =
      Spawn(arguments, {{out.write.get(), 1}, {err.write.get(), 2}});
  out.write.Reset();
  err.write.Reset();
  Output output;
  output.out = ReadAll(out.read.get(), "stdout").value_or("");
  output.err = ReadAll(err.read.get(), "stderr").value_or("");
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

std::map<std::string, std::uint64_t> SmapsRollup(pid_t pid) {
  return Sizes(Slurp(pid, "smaps_rollup"));
}

std::map<std::string, std::uint64_t> Status(pid_t pid) {
  return Sizes(Slurp(pid, "status"));
}

std::string Comm(pid_t pid) {
  std::string comm = Slurp(pid, "comm");
  if (comm.ends_with('\n')) comm.pop_back();
  return comm;
}

namespace {

void AwaitSleeping(const std::string& status_path) {
  const Deadline deadline = Deadline::After(kPatience);
  while (ReadFile(status_path).value_or("").find("S (sleeping)") ==
         std::string::npos) {
    if (deadline.Passed()) {
      ADD_FAILURE() << status_path << " does not say that it sleeps";
      return;
    }
    (void)::poll(nullptr, 0, 1);
  }
}

}  // namespace

void AwaitSleep(pid_t pid) {
  AwaitSleeping("/proc/" + std::to_string(pid) + "/status");
}

void AwaitThreadsSleep(pid_t pid) {
  for (const auto& entry : std::filesystem::directory_iterator(
           "/proc/" + std::to_string(pid) + "/task"))
    AwaitSleeping(entry.path().string() + "/status");
}

}  // namespace oomlab::workloads
