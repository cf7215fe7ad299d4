// File descriptors that close themselves, and whole-file reads and writes.
//
// All descriptors opened here are close-on-exec. Every error names the path and
// the errno.

#ifndef OOMLAB_BASE_FD_H_
#define OOMLAB_BASE_FD_H_

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace oomlab {

// Owns one descriptor; -1 is "none". Movable, not copyable.
class ScopedFd {
 public:
  ScopedFd() = default;
  explicit ScopedFd(int fd) : fd_(fd) {}
  ScopedFd(ScopedFd&& other) noexcept : fd_(other.Release()) {}
  ScopedFd& operator=(ScopedFd&& other) noexcept {
    Reset(other.Release());
    return *this;
  }
  ScopedFd(const ScopedFd&) = delete;
  ScopedFd& operator=(const ScopedFd&) = delete;
  ~ScopedFd() { Reset(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  // Gives the descriptor away; the caller closes it.
  int Release() { return std::exchange(fd_, -1); }
  void Reset(int fd = -1);

 private:
  int fd_ = -1;
};

// open(2) with O_CLOEXEC added to `flags`.
[[nodiscard]] Result<ScopedFd> OpenFile(const std::string& path, int flags,
                                        unsigned mode = 0644);

// The same relative to a held directory, which cannot be swapped underneath.
[[nodiscard]] Result<ScopedFd> OpenFileAt(int directory,
                                          const std::string& name, int flags,
                                          unsigned mode = 0644);

// Reads to the end of the file, from the current offset.
[[nodiscard]] Result<std::string> ReadAll(int fd, std::string_view name);
[[nodiscard]] Result<std::string> ReadFile(const std::string& path);

// Writes every byte, continuing after short writes and EINTR.
[[nodiscard]] Result<> WriteAll(int fd, std::string_view data,
                                std::string_view name);

// Writes an existing control file (/proc, /sys, cgroup) in one write(2).
[[nodiscard]] Result<> WriteControlFile(const std::string& path,
                                        std::string_view value);

// Creates or replaces a file so that readers see the old or the new content,
// never a part: writes a sibling, syncs it and renames it.
[[nodiscard]] Result<> ReplaceFile(const std::string& path,
                                   std::string_view data);

}  // namespace oomlab

#endif  // OOMLAB_BASE_FD_H_
