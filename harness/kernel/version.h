// Versions of Debian packages, ordered as dpkg orders them.
//
//   7.3~rc7-1~exp1  <  7.3-1                       '~' sorts before everything
//   6.12.95-1~bpo12+1  <  6.12.95-1  <  6.12.117-1

#ifndef OOMLAB_HARNESS_KERNEL_VERSION_H_
#define OOMLAB_HARNESS_KERNEL_VERSION_H_

#include <string_view>

namespace oomlab::harness {

// Negative, 0 or positive, as deb-version(7) defines it, for versions without
// an epoch (no kernel package has one).
[[nodiscard]] int CompareVersions(std::string_view a, std::string_view b);

// "6.12.95-1~bpo12+1" -> "6.12.95"; "7.3~rc7-1~exp1" -> "7.3".
[[nodiscard]] std::string_view UpstreamNumbers(std::string_view version);

// The line of a version, its first two numbers: "6.12.95-1" -> "6.12".
[[nodiscard]] std::string_view LineOf(std::string_view version);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_VERSION_H_
