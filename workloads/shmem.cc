// shmem: memory that belongs to no single process: tmpfs files, memfd, System V
// segments, shared anonymous mappings. With --via=write it is in nobody's RSS;
// with --leave it outlives whoever is killed.

#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include "workloads/control.h"
#include "workloads/file.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/task.h"

namespace oomlab::workloads {
namespace {

class ShmemTask final : public Task {
 public:
  explicit ShmemTask(const Options& options)
      : options_(options), size_(RoundToPages(options.Number("bytes"))) {}

  void Prepare() override {
    if (size_ == 0) return;
    if (options_.Is("type", "sysv")) return PrepareSysV();
    if (options_.Is("type", "memfd")) {
      fd_ = ::memfd_create("oomlab-load", MFD_CLOEXEC);
      if (fd_ < 0) Die("cannot create a memfd", errno);
    } else if (options_.Is("type", "tmpfs")) {
      fd_ = CreateFile(options_.Text("path"), options_.Has("leave"));
    }
    if (fd_ >= 0 && ::ftruncate(fd_, static_cast<off_t>(size_)) != 0)
      return Refuse(errno, "cannot size the shared memory");
    if (fd_ >= 0 && options_.Is("via", "write")) return;
    const int flags =
        MAP_SHARED | (fd_ < 0 ? MAP_ANONYMOUS : 0) | MAP_NORESERVE;
    void* const base =
        ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, flags, fd_, 0);
    if (base == MAP_FAILED) return Refuse(errno, "cannot map shared memory");
    memory_ = {.base = static_cast<char*>(base), .bytes = size_};
    (void)::madvise(base, size_, MADV_NOHUGEPAGE);
  }

  Taken Take() override {
    if (refused_) return {Outcome::kEnomem, 0};
    if (size_ == 0) return {Outcome::kReached, 0};
    if (memory_.base == nullptr) {
      const std::uint64_t written = WriteFile(fd_, size_);
      return {written == size_ ? Outcome::kReached : Outcome::kEnomem, written};
    }
    // A full file system would be a SIGBUS in the middle of touching.
    struct statvfs space = {};
    if (options_.Is("type", "tmpfs") && ::fstatvfs(fd_, &space) == 0 &&
        space.f_blocks != 0 && space.f_bavail * space.f_frsize < size_)
      return {Outcome::kEnomem, 0};
    Touch(memory_, EndIfAbandoned);
    return {Outcome::kReached, size_};
  }

 private:
  void PrepareSysV() {
    const int id = ::shmget(IPC_PRIVATE, size_, IPC_CREAT | 0600);
    if (id < 0) return Refuse(errno, "cannot get a System V segment");
    void* const base = ::shmat(id, nullptr, 0);
    const int attach_error = errno;
    // Removed as soon as it is attached to by nobody, unless it shall stay.
    const bool attached = base != reinterpret_cast<void*>(-1);
    if (!attached || !options_.Has("leave")) ::shmctl(id, IPC_RMID, nullptr);
    if (!attached) return Refuse(attach_error, "cannot attach shared memory");
    memory_ = {.base = static_cast<char*>(base), .bytes = size_};
    (void)::madvise(base, size_, MADV_NOHUGEPAGE);
  }

  // A size that the kernel refuses is a result, anything else an error.
  void Refuse(int error_number, const char* what) {
    constexpr std::array<int, 4> kTooMuch = {ENOMEM, ENOSPC, EFBIG, EINVAL};
    if (std::find(kTooMuch.begin(), kTooMuch.end(), error_number) ==
        kTooMuch.end())
      Die(what, error_number);
    refused_ = true;
  }

  const Options& options_;
  std::uint64_t size_;
  int fd_ = -1;
  Mapping memory_;
  bool refused_ = false;
};

}  // namespace

void RunShmem(const Options& options) {
  if (options.Is("via", "write") &&
      (options.Is("type", "sysv") || options.Is("type", "anonymous")))
    Die("shmem: --via=write is for --type=tmpfs and memfd", 0);
  if (options.Has("leave") && !options.Is("type", "tmpfs") &&
      !options.Is("type", "sysv"))
    Die("shmem: --leave is for --type=tmpfs and sysv", 0);
  ShmemTask task(options);
  RunTask(options, task);
}

}  // namespace oomlab::workloads
