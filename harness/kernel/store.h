// The kernel store: kernels by name, on this machine's disk.
//
//   debian:6.12        newest -cloud-amd64 kernel of that line
//   debian:6.12.95     that version
//   /path/to/bzImage   a kernel file
//
// Kernels of Debian are fetched by apt with a private configuration (own lists,
// own sources, the archive's keyring), so what arrives is signature-checked and
// the machine's own apt is not touched. The mirror is the one the machine's apt
// uses, or $OOMLAB_DEBIAN_MIRROR.
//
// Layout, below $XDG_CACHE_HOME/oomlab/kernels (or ~/.cache/...): one directory
// per release with vmlinuz and kernel.json, made complete under another name and
// then renamed, so a half-fetched kernel is never seen.

#ifndef OOMLAB_HARNESS_KERNEL_STORE_H_
#define OOMLAB_HARNESS_KERNEL_STORE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace oomlab::harness {

struct Kernel {
  std::string name;     // As asked for: "debian:6.12", "/boot/vmlinuz".
  std::string path;     // The bzImage, absolute.
  std::string release;  // "6.12.95+deb12-cloud-amd64"; empty for a file whose
                        // header does not say.
  std::string package_version;  // "6.12.95-1~bpo12+1"; empty for a file.
  std::string sha256;           // Of the bzImage, lower-case hex.
};

// A kernel line of the archive.
struct KernelLine {
  std::string name;             // "debian:6.12"
  std::string package_version;  // Newest in the archive; empty if unknown.
  std::vector<Kernel> present;  // In the store, newest first.
};

// Gets one line of progress at a time, without a newline.
using Progress = std::function<void(std::string_view)>;

class KernelStore {
 public:
  // `directory` empty: the user's cache directory. Not created until needed.
  explicit KernelStore(std::string directory = {});

  // The kernel, if it is here; never touches the network. A path is read as a
  // file. Errors: kUsage for a malformed name, kNotFound with a hint that says
  // how to fetch it and what is here.
  [[nodiscard]] Result<Kernel> Find(std::string_view name) const;

  // Find, or else fetch. Two processes may fetch at once. Errors: kNotFound,
  // listing the lines that the archive has; kSystem with apt's own words.
  [[nodiscard]] Result<Kernel> FindOrFetch(std::string_view name,
                                           const Progress& progress);

  // Asks the archive for something newer than what is here.
  [[nodiscard]] Result<Kernel> Fetch(std::string_view name,
                                     const Progress& progress);

  // What is here; with `ask_archive` also what could be fetched.
  [[nodiscard]] Result<std::vector<KernelLine>> List(bool ask_archive,
                                                     const Progress& progress);

 private:
  std::string directory_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_STORE_H_
