// Starts QEMU as a child that cannot outlive the thread that started it.
//
//   Result<QemuProcess> qemu = StartQemu(io, QemuCommand(config));
//   qemu->handle.async_wait(...);
//
// The child is in a process group of its own, has no signal blocked, and holds
// no descriptor but these three:
//   0  a pipe into `channel`; the writing end, though it is stdin
//   1  a pipe into `console`
//   2  a pipe into `errors`
//
// Boost.Process may throw inside; nothing is thrown out of here.

#ifndef OOMLAB_HARNESS_VM_QEMU_PROCESS_H_
#define OOMLAB_HARNESS_VM_QEMU_PROCESS_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
// In Boost 1.81 error.hpp must come before exit_code.hpp.
#include <boost/process/v2/error.hpp>
#include <boost/process/v2/process_handle.hpp>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace oomlab::harness {

struct QemuProcess {
  using Handle =
      boost::process::v2::basic_process_handle<boost::asio::any_io_executor>;

  Handle handle;
  ScopedFd channel, console, errors;
};

// argv[0] is a path, or a name to be looked up in $PATH. Errors: kNotFound with
// a hint when there is no QEMU.
[[nodiscard]] Result<QemuProcess> StartQemu(
    boost::asio::io_context& io, const std::vector<std::string>& argv);

// The program's path. Errors as above.
[[nodiscard]] Result<std::string> FindQemu(const std::string& name);

// First line of `--version`: "QEMU emulator version 7.2.22 (Debian ...)".
[[nodiscard]] Result<std::string> QemuVersion(const std::string& name);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_QEMU_PROCESS_H_
