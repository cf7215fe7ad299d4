// Where oomlab keeps what can be made or fetched again.
//
//   UserCacheDirectory("kernels")  ->  "/home/u/.cache/oomlab/kernels"

#ifndef OOMLAB_BASE_USER_DIRECTORY_H_
#define OOMLAB_BASE_USER_DIRECTORY_H_

#include <string>
#include <string_view>

namespace oomlab {

// $XDG_CACHE_HOME/oomlab/<name>, or else below ~/.cache. As the XDG Base
// Directory Specification has it, a relative path in the variable is ignored.
// Not created. Always absolute: without $HOME (a service, `env -i`) the home is
// the user database's, and a user unknown there has "/".
[[nodiscard]] std::string UserCacheDirectory(std::string_view name);

}  // namespace oomlab

#endif  // OOMLAB_BASE_USER_DIRECTORY_H_
