#include "base/fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace oomlab {

void ScopedFd::Reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

Result<ScopedFd> OpenFile(const std::string& path, int flags, unsigned mode) {
  return OpenFileAt(AT_FDCWD, path, flags, mode);
}

Result<ScopedFd> OpenFileAt(int directory, const std::string& name, int flags,
                            unsigned mode) {
  ScopedFd fd(::openat(directory, name.c_str(), flags | O_CLOEXEC, mode));
  if (!fd.valid()) return FailErrno("cannot open " + name, errno);
  return fd;
}

Result<std::string> ReadAll(int fd, std::string_view name) {
  std::string text;
  std::array<char, 65536> buffer;  // NOLINT(*-member-init): filled by read
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n == 0) return text;
    if (n > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      return FailErrno("cannot read " + std::string(name), errno);
    }
  }
}

Result<std::string> ReadFile(const std::string& path) {
  const Result<ScopedFd> fd = OpenFile(path, O_RDONLY);
  if (!fd) return tl::unexpected(fd.error());
  return ReadAll(fd->get(), path);
}

Result<> WriteAll(int fd, std::string_view data, std::string_view name) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n >= 0) {
      data.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      return FailErrno("cannot write " + std::string(name), errno);
    }
  }
  return {};
}

Result<> WriteControlFile(const std::string& path, std::string_view value) {
  const Result<ScopedFd> fd = OpenFile(path, O_WRONLY);
  if (!fd) return tl::unexpected(fd.error());
  if (::write(fd->get(), value.data(), value.size()) !=
      static_cast<ssize_t>(value.size()))
    return FailErrno("cannot write '" + std::string(value) + "' to " + path,
                     errno);
  return {};
}

Result<> ReplaceFile(const std::string& path, std::string_view data) {
  const std::string sibling = path + ".new." + std::to_string(::getpid());
  const auto write = [&]() -> Result<> {
    const Result<ScopedFd> fd = OpenFile(sibling, O_WRONLY | O_CREAT | O_TRUNC);
    if (!fd) return tl::unexpected(fd.error());
    if (Result<> done = WriteAll(fd->get(), data, sibling); !done) return done;
    if (::fsync(fd->get()) != 0)
      return FailErrno("cannot sync " + sibling, errno);
    return {};
  };
  Result<> written = write();
  if (written && std::rename(sibling.c_str(), path.c_str()) != 0)
    written = FailErrno("cannot rename " + sibling + " to " + path, errno);
  if (!written) ::unlink(sibling.c_str());
  return written;
}

}  // namespace oomlab
