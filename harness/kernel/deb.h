// Takes the kernel out of a Debian package.
//
// A .deb is an ar archive with debian-binary, control.tar.* and data.tar.*. The
// kernel is ./boot/vmlinuz-RELEASE, or from Debian's 7.2 on
// ./usr/lib/modules/RELEASE/vmlinuz. Nothing else is unpacked: of the hundreds
// of megabytes of a package only the kernel's own are written.

#ifndef OOMLAB_HARNESS_KERNEL_DEB_H_
#define OOMLAB_HARNESS_KERNEL_DEB_H_

#include <cstdint>
#include <string>

#include "base/result.h"

namespace oomlab::harness {

struct ExtractedKernel {
  std::string sha256;
  std::uint64_t size_bytes = 0;
};

// Writes the kernel to the new file `destination` and syncs it to the disk.
// Errors: kNotFound when the package has no kernel (from 6.19 on
// linux-image-* is an empty shell), kMalformed when it is damaged. After an
// error `destination` may exist in part.
[[nodiscard]] Result<ExtractedKernel> ExtractKernel(
    const std::string& deb, const std::string& destination);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_DEB_H_
