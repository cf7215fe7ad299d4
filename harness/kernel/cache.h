// The kernels on this machine's disk, and who may change them.
//
//   <directory>/6.12.95+deb12-cloud-amd64/vmlinuz
//                                        /kernel.json
//   <directory>/.staging-<release>/      a fetch under way, or what one left
//   <directory>/.locks/<release>         who holds its flock may stage there
//
// A kernel appears by one rename of its complete, synced staging directory, so
// readers need no lock. A process that dies loses its flock; what it staged is
// removed by whoever fetches next.

#ifndef OOMLAB_HARNESS_KERNEL_CACHE_H_
#define OOMLAB_HARNESS_KERNEL_CACHE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace oomlab::harness {

// kernel.json, but for the path.
struct CachedKernel {
  std::string release;  // "6.12.95+deb12-cloud-amd64"; the directory's name
  std::string package;  // "linux-image-6.12.95+deb12-cloud-amd64"
  std::string package_version;  // "6.12.95-1~bpo12+1"
  std::string sha256;           // Of vmlinuz, lower-case hex.
  std::uint64_t size_bytes = 0;
  std::string path;  // Of vmlinuz.
};

class KernelCache {
 public:
  explicit KernelCache(std::string directory)
      : directory_(std::move(directory)) {}

  [[nodiscard]] const std::string& directory() const { return directory_; }

  // Complete kernels, newest version first. A directory that is not one (its
  // kernel.json or vmlinuz is missing or has the wrong size) is not listed.
  [[nodiscard]] std::vector<CachedKernel> List() const;
  [[nodiscard]] std::optional<CachedKernel> Load(
      const std::string& release) const;

  // Waits for the flock `name`; closing the descriptor releases it. Calls
  // `busy` once if another process holds it.
  enum class Mode { kShared, kExclusive };
  [[nodiscard]] Result<ScopedFd> Lock(const std::string& name, Mode mode,
                                      const std::function<void()>& busy) const;

  // An empty directory to build this kernel in. Hold its lock.
  [[nodiscard]] Result<std::string> Stage(const std::string& release) const;

  // Drops what is staged, if anything is. Hold the kernel's lock.
  void Discard(const std::string& release) const;

  // Makes the staged vmlinuz visible, described by `kernel`; what else is in
  // the staging directory is dropped. Hold the kernel's lock.
  [[nodiscard]] Result<CachedKernel> Commit(CachedKernel kernel) const;

  // Hold the kernel's lock. A VM that runs it keeps its open file.
  [[nodiscard]] Result<> Remove(const std::string& release) const;

  // Removes what dead fetches left.
  void RemoveLeftovers() const;

 private:
  [[nodiscard]] std::string Staging(const std::string& release) const;

  std::string directory_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_CACHE_H_
