#include "cli/log_input.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/fd.h"

namespace oomlab::cli {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

Result<ScopedFd> OpenInput(const std::string& path) {
  if (path == "-") {
    ScopedFd fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!fd.valid()) return FailErrno("cannot read standard input", errno);
    return fd;
  }
  Result<ScopedFd> fd = OpenFile(path, O_RDONLY);
  struct stat status {};
  if (fd && ::fstat(fd->get(), &status) == 0 && S_ISDIR(status.st_mode))
    return FailErrno("cannot read " + path, EISDIR);
  return fd;
}

tl::unexpected<Error> FailReading(const std::string& path, archive* reader) {
  const char* why = archive_error_string(reader);
  return Fail(
      ErrorCode::kMalformed,
      "cannot read " + path + ": " + (why != nullptr ? why : "unknown error"));
}

}  // namespace

Result<> ReadLog(const std::string& path, const PieceSink& sink) {
  const Result<ScopedFd> fd = OpenInput(path);
  if (!fd) return tl::unexpected(fd.error());
  // "raw" takes any bytes but none as one entry; what is not compressed passes
  // through.
  const std::unique_ptr<archive, FreeArchive> reader(archive_read_new());
  archive_read_support_format_empty(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  if (archive_read_open_fd(reader.get(), fd->get(), kPieceBytes) != ARCHIVE_OK)
    return FailReading(path, reader.get());
  archive_entry* entry = nullptr;
  const int header = archive_read_next_header(reader.get(), &entry);
  if (header == ARCHIVE_EOF) return {};  // Empty input.
  if (header != ARCHIVE_OK) return FailReading(path, reader.get());
  for (;;) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int read =
        archive_read_data_block(reader.get(), &data, &size, &offset);
    if (read == ARCHIVE_EOF) return {};
    if (size > 0) sink({static_cast<const char*>(data), size});
    if (read != ARCHIVE_OK) return FailReading(path, reader.get());
  }
}

}  // namespace oomlab::cli
