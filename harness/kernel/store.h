// The kernel store: kernels by name, on this machine's disk.
//
//   debian:6.12        newest -cloud-amd64 kernel of that line
//   debian:6.12.95     that version
//   /path/to/bzImage   a kernel file; more forms in name.h
//
// Kernels of Debian are fetched by apt with a private configuration (own lists,
// own sources, the archive's keyring), so what arrives is signature-checked and
// the machine's own apt is not touched. The mirror is the one the machine's apt
// uses, or $OOMLAB_DEBIAN_MIRROR.
//
// Layout, below $XDG_CACHE_HOME/oomlab/kernels (or ~/.cache/...): one directory
// per release with vmlinuz and kernel.json, made complete under another name
// and then renamed, so a half-fetched kernel is never seen (cache.h).

#ifndef OOMLAB_HARNESS_KERNEL_STORE_H_
#define OOMLAB_HARNESS_KERNEL_STORE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "harness/kernel/apt.h"
#include "harness/kernel/cache.h"
#include "harness/kernel/name.h"

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

class KernelStore {
 public:
  // `directory` empty: the user's cache directory. Not created until needed.
  // `apt.directory` empty: ".apt" in `directory`; `apt.mirror` empty:
  // $OOMLAB_DEBIAN_MIRROR, or else the machine's.
  explicit KernelStore(std::string directory = {}, AptOptions apt = {});

  // The kernel, if it is here; never touches the network. The file's SHA-256 is
  // computed anew, and that of a stored kernel must be what it was. Errors:
  // kUsage for a malformed name; kNotFound with a hint that says how to fetch
  // it and what is here; kMalformed for a damaged kernel or a path that is not
  // a bzImage; those of open(2) for a path.
  [[nodiscard]] Result<Kernel> Find(std::string_view name) const;

  // Find, or else Fetch.
  [[nodiscard]] Result<Kernel> FindOrFetch(std::string_view name,
                                           const Progress& progress);

  // The newest such kernel of the archive, downloaded unless it is here. The
  // archive's lists are read once in the life of a store. Any number of
  // processes may fetch at once. When a line's newest package cannot
  // be downloaded, the next older one is tried, and said. Errors: as Find;
  // kNotFound listing the lines that the archive has; kSystem with apt's own
  // words.
  [[nodiscard]] Result<Kernel> Fetch(std::string_view name,
                                     const Progress& progress);

  // What is here; with `ask_archive` also what could be fetched. Newest first.
  [[nodiscard]] Result<std::vector<KernelLine>> List(bool ask_archive,
                                                     const Progress& progress);

  // Removes every kernel here that the Debian name can mean; returns them.
  // Errors: kNotFound when there is none; kUsage for a path.
  [[nodiscard]] Result<std::vector<Kernel>> Remove(std::string_view name);

 private:
  [[nodiscard]] Result<std::vector<KernelPackage>> AskArchive(
      const Progress& progress);
  // Sets `no_download` when what failed is the download of this package.
  [[nodiscard]] Result<Kernel> Obtain(const KernelName& name,
                                      const KernelPackage& package,
                                      const Progress& progress,
                                      bool& no_download);

  KernelCache cache_;
  AptArchive archive_;
  std::optional<std::vector<KernelPackage>> packages_;  // Once asked for.
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_STORE_H_
