// The version of oomlab: the one that CHANGELOG.md is at work on.

#ifndef OOMLAB_CLI_VERSION_H_
#define OOMLAB_CLI_VERSION_H_

namespace oomlab::cli {

inline constexpr const char kVersion[] = "0.1.0-dev";

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_VERSION_H_
