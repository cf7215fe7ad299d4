// What the header of an x86 kernel file (bzImage) says about it.
//
//   $ file vmlinuz-6.12.95+deb12-cloud-amd64
//   Linux kernel x86 boot executable bzImage, version
//   6.12.95+deb12-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP ...
//
// Source: Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".

#ifndef OOMLAB_HARNESS_KERNEL_BZIMAGE_H_
#define OOMLAB_HARNESS_KERNEL_BZIMAGE_H_

#include <string>

#include "base/result.h"

namespace oomlab::harness {

// The release (as `uname -r` prints it), or empty when the header has none.
// Errors: kMalformed when the file is not a bzImage; those of open(2).
[[nodiscard]] Result<std::string> ReadBzImageRelease(const std::string& path);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_BZIMAGE_H_
