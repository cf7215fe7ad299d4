#include "harness/kernel/store.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

#include "base/size.h"
#include "base/user_directory.h"
#include "harness/kernel/bzimage.h"
#include "harness/kernel/deb.h"
#include "harness/kernel/sha256.h"
#include "harness/kernel/version.h"

namespace oomlab::harness {
namespace {

namespace fs = std::filesystem;

// How many packages of a line are tried when the mirror lacks the newest.
constexpr int kDownloadAttempts = 3;
constexpr const char* kAptLock = "apt";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string Resolve(std::string directory) {
  if (directory.empty()) directory = UserCacheDirectory("kernels");
  std::error_code error;
  const fs::path absolute = fs::absolute(directory, error);
  return error ? directory : absolute.lexically_normal().string();
}

AptOptions Complete(AptOptions apt, const std::string& directory) {
  if (apt.directory.empty()) apt.directory = directory + "/.apt";
  if (apt.mirror.empty()) apt.mirror = Environment("OOMLAB_DEBIAN_MIRROR");
  return apt;
}

Kernel ToKernel(std::string name, const CachedKernel& cached) {
  return {.name = std::move(name),
          .path = cached.path,
          .release = cached.release,
          .package_version = cached.package_version,
          .sha256 = cached.sha256};
}

std::string LineName(std::string_view version) {
  return "debian:" + std::string(LineOf(version));
}

// "debian:7.2, debian:6.12", each once, in the order given.
template <class Kernels, class Version>
std::string LineNames(const Kernels& kernels, Version version) {
  std::string text;
  std::string last;
  for (const auto& kernel : kernels) {
    std::string line = LineName(version(kernel));
    if (line == last) continue;
    text += (text.empty() ? "" : ", ") + line;
    last = std::move(line);
  }
  return text;
}

Result<Kernel> FindFile(const KernelName& name) {
  std::error_code error;
  const fs::path path = fs::canonical(name.path(), error);
  if (error)
    return FailErrno("cannot open the kernel " + name.path(), error.value());
  Result<std::string> release = ReadBzImageRelease(path.string());
  if (!release) return tl::unexpected(release.error());
  Result<std::string> sha256 = Sha256OfFile(path.string());
  if (!sha256) return tl::unexpected(sha256.error());
  return Kernel{.name = name.text(),
                .path = path.string(),
                .release = *std::move(release),
                .package_version = {},
                .sha256 = *std::move(sha256)};
}

Result<Kernel> Verified(Kernel kernel) {
  const Result<std::string> sha256 = Sha256OfFile(kernel.path);
  if (!sha256) return tl::unexpected(sha256.error());
  if (*sha256 != kernel.sha256)
    return Fail(ErrorCode::kMalformed,
                kernel.path + " has changed since it was fetched",
                "oomlab kernel remove debian:" + kernel.release +
                    ", then fetch it again");
  return kernel;
}

std::function<void()> Waiting(const Progress& progress) {
  return [&progress] { progress("waiting for another fetch to finish"); };
}

// After Commit nothing is staged any more.
struct Discarded {
  const KernelCache& cache;
  const std::string& release;
  ~Discarded() { cache.Discard(release); }
};

}  // namespace

KernelStore::KernelStore(std::string directory, AptOptions apt)
    : cache_(Resolve(std::move(directory))),
      archive_(Complete(std::move(apt), cache_.directory())) {}

Result<Kernel> KernelStore::Find(std::string_view name) const {
  const Result<KernelName> wanted = KernelName::Parse(name);
  if (!wanted) return tl::unexpected(wanted.error());
  if (!wanted->path().empty()) return FindFile(*wanted);
  const std::vector<CachedKernel> here = cache_.List();
  for (const CachedKernel& kernel : here)
    if (wanted->Selects(kernel.release, kernel.package_version))
      return Verified(ToKernel(wanted->text(), kernel));
  const std::string lines =
      LineNames(here, [](const CachedKernel& k) { return k.package_version; });
  return Fail(ErrorCode::kNotFound,
              "no kernel " + wanted->text() + " on this machine",
              "oomlab kernel fetch " + wanted->text() +
                  "; here: " + (lines.empty() ? std::string("none") : lines));
}

Result<Kernel> KernelStore::FindOrFetch(std::string_view name,
                                        const Progress& progress) {
  Result<Kernel> found = Find(name);
  if (found || found.error().code != ErrorCode::kNotFound ||
      !name.starts_with("debian:"))
    return found;
  return Fetch(name, progress);
}

Result<std::vector<KernelPackage>> KernelStore::AskArchive(
    const Progress& progress) {
  if (packages_) return *packages_;
  const Result<ScopedFd> lock =
      cache_.Lock(kAptLock, KernelCache::Mode::kExclusive, Waiting(progress));
  if (!lock) return tl::unexpected(lock.error());
  if (Result<> done = archive_.Update(progress); !done)
    return tl::unexpected(done.error());
  Result<std::vector<KernelPackage>> packages = archive_.Kernels();
  if (packages) packages_ = *packages;
  return packages;
}

Result<Kernel> KernelStore::Obtain(const KernelName& name,
                                   const KernelPackage& package,
                                   const Progress& progress,
                                   bool& no_download) {
  const Result<ScopedFd> lock = cache_.Lock(
      package.release, KernelCache::Mode::kExclusive, Waiting(progress));
  if (!lock) return tl::unexpected(lock.error());
  if (const auto here = cache_.Load(package.release);
      here && here->package_version == package.version) {
    progress(here->release + " is here already");
    return Verified(ToKernel(name.text(), *here));
  }
  const Result<std::string> staging = cache_.Stage(package.release);
  if (!staging) return tl::unexpected(staging.error());
  const Discarded discarded{cache_, package.release};
  progress("fetching " + package.package + " " + package.version + " (" +
           FormatCount(package.size_bytes >> 20) + " MiB)");
  Result<std::string> deb;
  {
    const Result<ScopedFd> lists =
        cache_.Lock(kAptLock, KernelCache::Mode::kShared, Waiting(progress));
    if (!lists) return tl::unexpected(lists.error());
    deb = archive_.Download(package, *staging);
  }
  no_download = !deb.has_value();
  if (!deb) return tl::unexpected(deb.error());
  const std::string vmlinuz = *staging + "/vmlinuz";
  const Result<ExtractedKernel> extracted = ExtractKernel(*deb, vmlinuz);
  if (!extracted)
    return Wrap("cannot unpack " + package.package, extracted.error());
  if (const auto release = ReadBzImageRelease(vmlinuz); !release)
    return Wrap("bad kernel in " + package.package, release.error());
  const Result<CachedKernel> kernel =
      cache_.Commit({.release = package.release,
                     .package = package.package,
                     .package_version = package.version,
                     .sha256 = extracted->sha256,
                     .size_bytes = extracted->size_bytes,
                     .path = {}});
  if (!kernel) return tl::unexpected(kernel.error());
  return ToKernel(name.text(), *kernel);
}

Result<Kernel> KernelStore::Fetch(std::string_view name,
                                  const Progress& progress) {
  const Result<KernelName> wanted = KernelName::Parse(name);
  if (!wanted) return tl::unexpected(wanted.error());
  if (!wanted->path().empty()) return FindFile(*wanted);
  cache_.RemoveLeftovers();
  Result<std::vector<KernelPackage>> packages = AskArchive(progress);
  if (!packages) {
    if (const Result<Kernel> here = Find(name); here)
      packages.error().hint =
          here->release + " is here and runs without a network";
    return tl::unexpected(packages.error());
  }
  std::optional<Error> first_error;
  int attempts = 0;
  for (const KernelPackage& package : *packages) {
    if (!wanted->Selects(package.release, package.version)) continue;
    bool no_download = false;
    Result<Kernel> kernel = Obtain(*wanted, package, progress, no_download);
    // Other errors (a full disk) would meet the next package too.
    if (kernel || !no_download) return kernel;
    progress(kernel.error().message);
    if (!first_error) first_error = kernel.error();
    if (++attempts == kDownloadAttempts) break;
    progress("trying the next older package");
  }
  if (first_error) return tl::unexpected(*std::move(first_error));
  return Fail(
      ErrorCode::kNotFound, "no kernel " + wanted->text() + " in the archive",
      "available: " + LineNames(*packages, [](const KernelPackage& package) {
        return package.version;
      }));
}

Result<std::vector<KernelLine>> KernelStore::List(bool ask_archive,
                                                  const Progress& progress) {
  std::vector<KernelLine> lines;
  const auto line = [&](std::string_view version) -> KernelLine& {
    const std::string name = LineName(version);
    const auto it = std::find_if(
        lines.begin(), lines.end(),
        [&](const KernelLine& known) { return known.name == name; });
    if (it != lines.end()) return *it;
    return lines.emplace_back(
        KernelLine{.name = name, .package_version = {}, .present = {}});
  };
  if (ask_archive) {
    const Result<std::vector<KernelPackage>> packages = AskArchive(progress);
    if (!packages) return tl::unexpected(packages.error());
    for (const KernelPackage& package : *packages) {
      KernelLine& of = line(package.version);
      if (of.package_version.empty()) of.package_version = package.version;
    }
  }
  for (const CachedKernel& kernel : cache_.List())
    line(kernel.package_version)
        .present.push_back(ToKernel("debian:" + kernel.release, kernel));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const KernelLine& a, const KernelLine& b) {
                     return CompareVersions(a.name, b.name) > 0;
                   });
  return lines;
}

Result<std::vector<Kernel>> KernelStore::Remove(std::string_view name) {
  const Result<KernelName> wanted = KernelName::Parse(name);
  if (!wanted) return tl::unexpected(wanted.error());
  if (!wanted->path().empty())
    return Fail(ErrorCode::kUsage,
                wanted->text() + " is not a kernel of the store");
  cache_.RemoveLeftovers();
  std::vector<Kernel> removed;
  for (const CachedKernel& kernel : cache_.List()) {
    if (!wanted->Selects(kernel.release, kernel.package_version)) continue;
    const Result<ScopedFd> lock =
        cache_.Lock(kernel.release, KernelCache::Mode::kExclusive, [] {});
    if (!lock) return tl::unexpected(lock.error());
    if (Result<> done = cache_.Remove(kernel.release); !done)
      return tl::unexpected(done.error());
    removed.push_back(ToKernel("debian:" + kernel.release, kernel));
  }
  if (removed.empty())
    return Fail(ErrorCode::kNotFound,
                "no kernel " + wanted->text() + " on this machine");
  return removed;
}

}  // namespace oomlab::harness
