// The version of oomlab, as in CHANGELOG.md.

#ifndef OOMLAB_CLI_VERSION_H_
#define OOMLAB_CLI_VERSION_H_

namespace oomlab::cli {

inline constexpr const char kVersion[] = "0.1.0";

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_VERSION_H_
