// Debian's archive as a museum of kernels, asked through apt.
//
//   AptArchive archive({.directory = "/home/me/.cache/oomlab/kernels/.apt"});
//   archive.Update(progress);               // apt-get update
//   archive.Kernels()                       // newest first
//     -> {"linux-binary-7.2.13+deb14-cloud-amd64", "7.2.13-1", ...}, ...
//   archive.Download(kernel, "/tmp/x")      // "/tmp/x/linux-binary-....deb"
//
// apt runs with a private configuration over bullseye to experimental: lists,
// caches, sources and preferences of its own, the archive's keyring. The
// machine's own settings apply only where they concern the network (proxies,
// credentials, certificates). Neither root nor the _apt user is needed.
//
// How Debian packages a kernel of flavour cloud-amd64:
//   to 6.18    linux-image-RELEASE    the kernel and its modules
//   from 6.19  linux-binary-RELEASE   the kernel; linux-image-RELEASE is a
//   shell
// Shells and metapackages are told by their size: no kernel is below 1 MiB.

#ifndef OOMLAB_HARNESS_KERNEL_APT_H_
#define OOMLAB_HARNESS_KERNEL_APT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace oomlab::harness {

// Gets one line of progress at a time, without a newline.
using Progress = std::function<void(std::string_view)>;

struct AptOptions {
  // Where apt keeps its state; created when needed.
  std::string directory;
  // The mirror's URL ("https://mirror/debian"), or empty for the one that this
  // machine's apt uses.
  std::string mirror;
  // Where apt-get and apt-cache are; empty means PATH.
  std::string program_directory;
  std::string keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
};

struct KernelPackage {
  std::string package;           // "linux-image-6.12.95+deb12-cloud-amd64"
  std::string version;           // "6.12.95-1~bpo12+1"
  std::string release;           // "6.12.95+deb12-cloud-amd64"
  std::uint64_t size_bytes = 0;  // Of the .deb.
};

class AptArchive {
 public:
  explicit AptArchive(AptOptions options) : options_(std::move(options)) {}

  // Reads the archive's lists anew. Suites that cannot be had are named to
  // `progress` and left out. Errors: kUnsupported without apt, a keyring or a
  // mirror; kSystem with apt's words when no suite could be read.
  [[nodiscard]] Result<> Update(const Progress& progress) const;

  // What the lists of the last Update hold, newest version first.
  [[nodiscard]] Result<std::vector<KernelPackage>> Kernels() const;

  // Downloads into an existing directory and returns the path of the .deb.
  // apt checks its hash against the signed lists.
  [[nodiscard]] Result<std::string> Download(
      const KernelPackage& kernel, const std::string& to_directory) const;

 private:
  struct Mirrors {
    std::string main;
    std::string security;
  };

  [[nodiscard]] std::string Program(std::string_view name) const;
  [[nodiscard]] std::string ConfigurationPath() const;
  [[nodiscard]] Result<Mirrors> FindMirrors() const;
  [[nodiscard]] Result<> Configure() const;

  AptOptions options_;
};

// Reads the stanzas that `apt-cache show` prints: cloud-amd64 kernels only,
// newest version first, each package version once.
[[nodiscard]] std::vector<KernelPackage> ParseKernelPackages(
    std::string_view text);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_APT_H_
