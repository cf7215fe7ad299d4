// pagecache: pages of a file, dirty or clean, that the kernel can write back
// and take away, and that are in nobody's RSS. filemap: a private mapping of a
// file, some of whose pages are then written: each turns from file into
// anonymous memory.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "workloads/control.h"
#include "workloads/file.h"
#include "workloads/kinds.h"
#include "workloads/memory.h"
#include "workloads/task.h"

namespace oomlab::workloads {
namespace {

class PageCacheTask final : public Task {
 public:
  explicit PageCacheTask(const Options& options)
      : options_(options), size_(RoundToPages(options.Number("bytes"))) {}

  void Prepare() override {
    fd_ = CreateFile(options_.Text("path"), /*leave=*/false);
  }

  Taken Take() override {
    const std::uint64_t written = WriteFile(fd_, size_);
    if (written != size_) return {Outcome::kEnomem, written};
    // After this the pages stay, as clean ones.
    if (options_.Is("state", "clean") && ::fsync(fd_) != 0)
      return {Outcome::kEnomem, 0};
    return {Outcome::kReached, written};
  }

 private:
  const Options& options_;
  std::uint64_t size_;
  int fd_ = -1;
};

class FileMapTask final : public Task {
 public:
  explicit FileMapTask(const Options& options)
      : size_(RoundToPages(options.Number("bytes"))),
        write_bytes_(RoundToPages(options.Number("write"))) {
    if (write_bytes_ > size_) Die("filemap: --write is more than --bytes", 0);
    if (size_ == 0) return;
    // One file for all workers, in the page cache before any of them maps it.
    const int fd = CreateFile(options.Text("path"), /*leave=*/false);
    if (WriteFile(fd, size_) != size_)
      Die("cannot fill the file to be mapped", errno);
    if (::fsync(fd) != 0) Die("cannot write back the file", errno);
    void* const base = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_NORESERVE, fd, 0);
    if (base == MAP_FAILED) Die("cannot map the file", errno);
    (void)::madvise(base, size_, MADV_NOHUGEPAGE);
    ::close(fd);
    memory_ = {.base = static_cast<char*>(base), .bytes = size_};
  }

  // Every page is resident as a page of the file.
  void Prepare() override {
    const volatile char* const base = memory_.base;
    for (std::uint64_t at = 0; at < size_; at += PageBytes()) (void)base[at];
  }

  Taken Take() override {
    Touch({.base = memory_.base, .bytes = write_bytes_}, EndIfAbandoned);
    return {Outcome::kReached, write_bytes_};
  }

 private:
  std::uint64_t size_;
  std::uint64_t write_bytes_;
  Mapping memory_;
};

}  // namespace

void RunPageCache(const Options& options) {
  PageCacheTask task(options);
  RunTask(options, task);
}

void RunFileMap(const Options& options) {
  FileMapTask task(options);
  RunTask(options, task);
}

}  // namespace oomlab::workloads
