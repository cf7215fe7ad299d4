// Builds an initramfs: the archive that becomes the guest's root file system.
//
//   Result<std::string> bytes = BuildInitramfs({
//       {.path = "init", .mode = 0755, .content = agent},
//       {.path = "bin/oomlab-load", .mode = 0755, .content = load},
//   });
//
// newc cpio, not compressed: the guest unpacks it, and under emulation
// unpacking costs more than reading zeros. Parent directories, and /dev with
// /dev/console (the kernel opens it as stdin, stdout and stderr of /init), are
// added.
//
// Same files, same bytes: owner, times and inode numbers are fixed, order is
// that of the names. The size is part of the guest's memory budget, since
// an initramfs cannot be evicted.

#ifndef OOMLAB_HARNESS_VM_INITRAMFS_H_
#define OOMLAB_HARNESS_VM_INITRAMFS_H_

#include <string>
#include <vector>

#include "base/result.h"

namespace oomlab::harness {

struct InitramfsFile {
  std::string path = {};  // "bin/tool"; a leading '/' is allowed.
  unsigned mode = 0644;   // Permission bits.
  std::string content = {};
};

// Errors: kUsage for a path that is empty, holds "." or ".." or a NUL, is given
// twice, or is also the directory of another file.
[[nodiscard]] Result<std::string> BuildInitramfs(
    const std::vector<InitramfsFile>& files);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_INITRAMFS_H_
