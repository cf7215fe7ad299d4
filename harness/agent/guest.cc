#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/fd.h"
#include "harness/agent/agent.h"
#include "harness/capture/memory.h"

namespace oomlab::harness {

GuestInfo DescribeGuest() {
  GuestInfo guest;
  utsname name{};
  ::uname(&name);
  guest.release = name.release;
  guest.version = name.version;
  guest.boot_cmdline = ReadFile("/proc/cmdline").value_or("");
  while (guest.boot_cmdline.ends_with('\n')) guest.boot_cmdline.pop_back();
  std::error_code ignored;
  guest.cgroup_version =
      std::filesystem::exists("/sys/fs/cgroup/cgroup.controllers", ignored) ? 2
                                                                            : 1;
  guest.cpus = static_cast<unsigned>(::sysconf(_SC_NPROCESSORS_ONLN));
  guest.page_size_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (const auto meminfo = ReadMeminfo()) {
    const auto kib = [&](std::string_view key) {
      const auto it = meminfo->find(key);
      return it == meminfo->end() ? std::uint64_t{0}
                                  : static_cast<std::uint64_t>(it->second);
    };
    guest.mem_total_kib = kib("MemTotal");
    guest.mem_available_kib = kib("MemAvailable");
  }
  return guest;
}

Result<> ProtectSelf() {
  if (Result<> written = WriteControlFile("/proc/self/oom_score_adj", "-1000");
      !written)
    return written;
  if (::mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
    return FailErrno("cannot lock the agent's memory", errno);
  return {};
}

}  // namespace oomlab::harness
