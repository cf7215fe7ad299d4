#include "workloads/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <string>

#include "workloads/control.h"
#include "workloads/memory.h"

namespace oomlab::workloads {

int CreateFile(std::string_view directory, bool leave) {
  std::array<char, PATH_MAX> path = {};
  std::snprintf(path.data(), path.size(), "%.*s/oomlab-load.%d",
                static_cast<int>(directory.size()), directory.data(),
                ::getpid());
  const int fd =
      ::open(path.data(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) Die("cannot create a file in the directory of --path", errno);
  if (!leave) ::unlink(path.data());
  return fd;
}

std::uint64_t WriteFile(int fd, std::uint64_t bytes) {
  // In read-only memory of the program, so that it costs no memory of ours.
  static constexpr auto kPiece = [] {
    std::array<char, 16384> piece = {};
    piece.fill(1);
    return piece;
  }();
  std::uint64_t at = 0;
  while (at < bytes) {
    const ssize_t n = ::pwrite(
        fd, kPiece.data(), std::min<std::uint64_t>(kPiece.size(), bytes - at),
        static_cast<off_t>(at));
    if (n <= 0 && errno != EINTR) break;
    if (n > 0) at += static_cast<std::uint64_t>(n);
    EndIfAbandoned();
  }
  return at;
}

}  // namespace oomlab::workloads
