// The kernel inside a bzImage, unpacked on the host, so that the guest need
// not.
//
//   config.kernel_path = DirectKernel(kernel.path, kernel.sha256);
//
// A bzImage unpacks itself, and under emulation that is 0.2 s (LZ4: 5.10, 6.1)
// to 0.8 s (Zstandard: 6.12, 7.2) of processor time in every boot. What comes
// out is an ELF file, the same bytes that the bzImage would have run (with
// nokaslr it does not move them), and QEMU starts it through the PVH entry that
// kernels with CONFIG_PVH have.

#ifndef OOMLAB_HARNESS_VM_DIRECT_KERNEL_H_
#define OOMLAB_HARNESS_VM_DIRECT_KERNEL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oomlab::harness {

// The ELF file inside. Errors: kNoMatch when this is no bzImage or its kernel
// has no PVH entry; kMalformed when the compressed part is damaged or does not
// have the size that it states.
[[nodiscard]] Result<std::string> ExtractVmlinux(std::string_view bzimage);

inline constexpr std::size_t kKeptKernels = 8;  // 55 MiB each.

// The path of the unpacked kernel, made on first use and kept as
// <cache_directory>/<sha256>; cache_directory empty: $XDG_CACHE_HOME/oomlab/
// vmlinux. `bzimage_path` itself where unpacking is not possible or `sha256`
// (of the bzImage) is empty: the guest then does the work. Making one removes
// all but the kKeptKernels most recently used; files whose name does not begin
// with a SHA-256 are left alone.
[[nodiscard]] std::string DirectKernel(const std::string& bzimage_path,
                                       const std::string& sha256,
                                       std::string cache_directory = {});

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_DIRECT_KERNEL_H_
