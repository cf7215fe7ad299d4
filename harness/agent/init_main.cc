// /init of the guest: mounts what the agent needs, runs the scenario that lies
// beside it, says what happened on the second serial port, and powers off.
//
// The console (first serial port) stays the kernel's own.

#include <fcntl.h>
#include <malloc.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/fd.h"
#include "harness/agent/agent.h"
#include "harness/agent/message.h"
#include "harness/scenario/decode.h"

namespace oomlab::harness {
namespace {

constexpr const char* kChannel = "/dev/ttyS1";
constexpr const char* kScenario = "/scenario.json";
constexpr const char* kLoadProgram = "/oomlab-load";

Result<> Mount(const char* type, const char* target) {
  ::mkdir(target, 0755);
  if (::mount(type, target, type, 0, nullptr) != 0 && errno != EBUSY)
    return FailErrno(std::string("cannot mount ") + type + " on " + target,
                     errno);
  return {};
}

Result<ScopedFd> OpenChannel() {
  Result<ScopedFd> fd = OpenFile(kChannel, O_RDWR | O_NOCTTY);
  if (!fd) return fd;
  termios settings{};
  if (::tcgetattr(fd->get(), &settings) != 0)
    return FailErrno(std::string("cannot set up ") + kChannel, errno);
  ::cfmakeraw(&settings);
  ::cfsetspeed(&settings, B115200);
  ::tcsetattr(fd->get(), TCSANOW, &settings);
  return fd;
}

void RunFile(MessageWriter& writer) {
  Result<> ready = ProtectSelf();
  if (ready) ready = Mount("sysfs", "/sys");
  // A kernel without cgroups still runs scenarios that declare none; for the
  // others the sandbox says what is missing.
  (void)Mount("cgroup2", "/sys/fs/cgroup");
  writer.Hello(DescribeGuest());
  if (!ready) return writer.AgentError(ready.error().message);
  const Result<std::string> text = ReadFile(kScenario);
  if (!text) return writer.AgentError(text.error().message);
  const Result<Scenario> scenario = DecodeScenario(*text);
  if (!scenario) return writer.AgentError(scenario.error().message);
  AgentOptions options;
  options.load_program = kLoadProgram;
  RunScenario(*scenario, options, writer);
}

int Main() {
  // Memory that is freed stays ours: the next allocation needs no page of a
  // machine that may have none.
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  ::mallopt(M_TOP_PAD, 1 << 20);
  Result<> ready = Mount("proc", "/proc");
  if (ready) ready = Mount("devtmpfs", "/dev");
  if (ready) {
    Result<ScopedFd> channel = OpenChannel();
    if (channel) {
      MessageWriter writer(channel->get());
      RunFile(writer);
      writer.End();
      ::tcdrain(channel->get());
      if (!writer.status()) ready = tl::unexpected(writer.status().error());
    } else {
      ready = tl::unexpected(channel.error());
    }
  }
  if (!ready) {
    const std::string line = "oomlab agent: " + ready.error().message + "\n";
    (void)WriteAll(STDERR_FILENO, line, "the console");
  }
  ::sync();
  ::reboot(RB_AUTOBOOT);
  return 1;
}

}  // namespace
}  // namespace oomlab::harness

int main() { return oomlab::harness::Main(); }
