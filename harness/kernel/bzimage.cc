#include "harness/kernel/bzimage.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

constexpr std::size_t kMagicAt = 0x202;
constexpr std::string_view kMagic = "HdrS";
constexpr std::size_t kVersionPointerAt = 0x20e;
constexpr std::size_t kVersionBase = 0x200;
// The pointer has 16 bits and the text must lie in the setup code, so this
// much of the file holds it whole.
constexpr std::size_t kHeadBytes = 0x200 + 0x10000 + 256;

Result<std::string> ReadHead(const std::string& path) {
  const Result<ScopedFd> fd = OpenFile(path, O_RDONLY);
  if (!fd) return tl::unexpected(fd.error());
  std::string head(kHeadBytes, '\0');
  std::size_t have = 0;
  while (have < head.size()) {
    const ssize_t n = ::read(fd->get(), head.data() + have, head.size() - have);
    if (n == 0) break;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FailErrno("cannot read " + path, errno);
    have += static_cast<std::size_t>(n);
  }
  head.resize(have);
  return head;
}

bool IsGraphic(char c) { return c > ' ' && c < 0x7f; }

}  // namespace

Result<std::string> ReadBzImageRelease(const std::string& path) {
  Result<std::string> head = ReadHead(path);
  if (!head) return head;
  const std::string_view bytes = *head;
  if (bytes.size() < kVersionPointerAt + 2 ||
      bytes.substr(kMagicAt, kMagic.size()) != kMagic)
    return Fail(ErrorCode::kMalformed, path + " is not an x86 kernel (bzImage)",
                bytes.starts_with("!<arch>\ndebian-binary")
                    ? "it is a Debian package: unpack it with dpkg-deb -x"
                    : "vmlinux and other architectures do not work; take "
                      "arch/x86/boot/bzImage");
  const auto byte = [&](std::size_t at) {
    return std::size_t{static_cast<unsigned char>(bytes[at])};
  };
  const std::size_t pointer =
      byte(kVersionPointerAt) | byte(kVersionPointerAt + 1) << 8;
  if (pointer == 0 || kVersionBase + pointer >= bytes.size())
    return std::string();
  // "6.12.95+deb12-cloud-amd64 (user@host) #1 SMP ..."
  std::string release;
  for (const char c : bytes.substr(kVersionBase + pointer)) {
    if (!IsGraphic(c) || release.size() > 128) break;
    release += c;
  }
  return release;
}

}  // namespace oomlab::harness
