// Where the VM backend keeps what can be made again.
//
//   CacheDirectory("accel")  ->  "/home/u/.cache/oomlab/accel"

#ifndef OOMLAB_HARNESS_VM_CACHE_DIRECTORY_H_
#define OOMLAB_HARNESS_VM_CACHE_DIRECTORY_H_

#include <string>

namespace oomlab::harness {

// $XDG_CACHE_HOME/oomlab/<name>, or below $HOME/.cache. Not created. Empty when
// neither variable holds an absolute path.
[[nodiscard]] std::string CacheDirectory(const std::string& name);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_CACHE_DIRECTORY_H_
