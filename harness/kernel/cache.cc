#include "harness/kernel/cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "harness/kernel/version.h"

namespace oomlab::harness {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kSchema = "oomlab.kernel/1";
constexpr std::string_view kStagingPrefix = ".staging-";

std::string Text(const json& object, const char* field) {
  const auto it = object.find(field);
  return it != object.end() && it->is_string() ? it->get<std::string>()
                                               : std::string();
}

Result<> SyncDirectory(const std::string& path) {
  const Result<ScopedFd> fd = OpenFile(path, O_RDONLY | O_DIRECTORY);
  if (!fd) return tl::unexpected(fd.error());
  if (::fsync(fd->get()) != 0) return FailErrno("cannot sync " + path, errno);
  return {};
}

Result<> RemoveTree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return FailErrno("cannot remove " + path, error.value());
  return {};
}

Result<> Rename(const std::string& from, const std::string& to,
                unsigned flags = 0) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) != 0)
    return FailErrno("cannot rename " + from + " to " + to, errno);
  return {};
}

// rename(2) replaces no directory that has files in it: when a damaged kernel,
// or an older build of the same release, is there, the two change places.
Result<> Replace(const std::string& from, const std::string& to) {
  std::error_code error;
  return Rename(from, to, fs::exists(to, error) ? RENAME_EXCHANGE : 0);
}

Result<> CreateDirectories(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return FailErrno("cannot create " + path, error.value());
  return {};
}

}  // namespace

std::string KernelCache::Staging(const std::string& release) const {
  return directory_ + "/" + std::string(kStagingPrefix) + release;
}

std::optional<CachedKernel> KernelCache::Load(
    const std::string& release) const {
  const std::string home = directory_ + "/" + release;
  const Result<std::string> text = ReadFile(home + "/kernel.json");
  if (!text) return std::nullopt;
  const json object = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || Text(object, "schema") != kSchema)
    return std::nullopt;
  CachedKernel kernel;
  kernel.release = Text(object, "release");
  kernel.package = Text(object, "package");
  kernel.package_version = Text(object, "package_version");
  kernel.sha256 = Text(object, "sha256");
  const auto size = object.find("size_bytes");
  if (size == object.end() || !size->is_number_unsigned()) return std::nullopt;
  kernel.size_bytes = size->get<std::uint64_t>();
  kernel.path = home + "/vmlinuz";
  std::error_code error;
  if (kernel.release != release || kernel.sha256.size() != 64 ||
      fs::file_size(kernel.path, error) != kernel.size_bytes || error)
    return std::nullopt;
  return kernel;
}

std::vector<CachedKernel> KernelCache::List() const {
  std::vector<CachedKernel> kernels;
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with('.')) continue;
    if (auto kernel = Load(name)) kernels.push_back(*std::move(kernel));
  }
  std::sort(kernels.begin(), kernels.end(),
            [](const CachedKernel& a, const CachedKernel& b) {
              const int order =
                  CompareVersions(a.package_version, b.package_version);
              return order != 0 ? order > 0 : a.release > b.release;
            });
  return kernels;
}

Result<ScopedFd> KernelCache::Lock(const std::string& name, Mode mode,
                                   const std::function<void()>& busy) const {
  const std::string path = directory_ + "/.locks/" + name;
  if (Result<> done = CreateDirectories(directory_ + "/.locks"); !done)
    return tl::unexpected(done.error());
  Result<ScopedFd> fd = OpenFile(path, O_RDWR | O_CREAT);
  if (!fd) return fd;
  const int operation = mode == Mode::kShared ? LOCK_SH : LOCK_EX;
  if (::flock(fd->get(), operation | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) busy();
  while (::flock(fd->get(), operation) != 0)
    if (errno != EINTR) return FailErrno("cannot lock " + path, errno);
  return fd;
}

Result<std::string> KernelCache::Stage(const std::string& release) const {
  const std::string path = Staging(release);
  if (Result<> done = RemoveTree(path); !done)
    return tl::unexpected(done.error());
  if (Result<> done = CreateDirectories(path); !done)
    return tl::unexpected(done.error());
  return path;
}

void KernelCache::Discard(const std::string& release) const {
  std::error_code ignored;  // What stays is a leftover for the next fetch.
  fs::remove_all(Staging(release), ignored);
}

Result<CachedKernel> KernelCache::Commit(CachedKernel kernel) const {
  const std::string staging = Staging(kernel.release);
  const std::string home = directory_ + "/" + kernel.release;
  const json object = {
      {"schema", kSchema},         {"release", kernel.release},
      {"package", kernel.package}, {"package_version", kernel.package_version},
      {"sha256", kernel.sha256},   {"size_bytes", kernel.size_bytes}};
  std::error_code error;
  for (fs::directory_iterator it(staging, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().filename() == "vmlinuz") continue;
    if (Result<> done = RemoveTree(it->path().string()); !done)
      return tl::unexpected(done.error());
  }
  Result<> done = ReplaceFile(
      staging + "/kernel.json",
      object.dump(2, ' ', true, json::error_handler_t::replace) + "\n");
  if (done) done = SyncDirectory(staging);
  if (done) done = Replace(staging, home);
  if (done) done = SyncDirectory(directory_);
  if (!done) return tl::unexpected(done.error());
  Discard(kernel.release);
  kernel.path = home + "/vmlinuz";
  return kernel;
}

Result<> KernelCache::Remove(const std::string& release) const {
  // Renamed first, so that a half-removed kernel is never seen either.
  const Result<std::string> staging = Stage(release);
  if (!staging) return tl::unexpected(staging.error());
  Result<> done = Rename(directory_ + "/" + release, *staging + "/removed");
  return done ? RemoveTree(*staging) : done;
}

void KernelCache::RemoveLeftovers() const {
  std::error_code error;
  std::vector<std::string> releases;
  for (fs::directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with(kStagingPrefix))
      releases.push_back(name.substr(kStagingPrefix.size()));
  }
  for (const std::string& release : releases) {
    const Result<ScopedFd> fd =
        OpenFile(directory_ + "/.locks/" + release, O_RDWR | O_CREAT);
    // Whoever holds the lock is at work there.
    if (!fd || ::flock(fd->get(), LOCK_EX | LOCK_NB) != 0) continue;
    fs::remove_all(Staging(release), error);
  }
}

}  // namespace oomlab::harness
