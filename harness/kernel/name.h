// The names by which users ask for a kernel.
//
//   debian:newest        the newest of all, release candidates included
//   debian:7             the newest 7.x, release candidates included
//   debian:6.12          the newest 6.12.x
//   debian:6.12.95       the newest package of that version
//   debian:6.12.95+deb12-cloud-amd64     exactly that release (uname -r)
//   debian:6.12.95-1~bpo12+1             exactly that package version
//   host                 /boot/vmlinuz-$(uname -r)
//   /boot/vmlinuz, ./bzImage             a file; a path has a '/' in it

#ifndef OOMLAB_HARNESS_KERNEL_NAME_H_
#define OOMLAB_HARNESS_KERNEL_NAME_H_

#include <string>
#include <string_view>

#include "base/result.h"

namespace oomlab::harness {

class KernelName {
 public:
  // Errors: kUsage, with the forms above as hint.
  [[nodiscard]] static Result<KernelName> Parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }

  // The path of a kernel file; empty for a kernel of Debian's archive.
  [[nodiscard]] const std::string& path() const { return path_; }

  // Whether this Debian name can mean that kernel. `release` is
  // "6.12.95+deb12-cloud-amd64", `package_version` "6.12.95-1~bpo12+1".
  [[nodiscard]] bool Selects(std::string_view release,
                             std::string_view package_version) const;

 private:
  enum class Kind { kFile, kNewest, kNumbers, kExact };

  KernelName(Kind kind, std::string_view text) : kind_(kind), text_(text) {}

  Kind kind_;
  std::string text_;
  std::string path_;    // kFile
  std::string wanted_;  // kNumbers, kExact: what follows "debian:"
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_NAME_H_
