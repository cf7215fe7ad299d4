#include "harness/kernel/deb.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "harness/kernel/sha256.h"

namespace oomlab::harness {
namespace {

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

constexpr std::size_t kPieceBytes = std::size_t{1} << 18;

tl::unexpected<Error> Damaged(const std::string& deb, archive* reader) {
  const char* why = archive_error_string(reader);
  return Fail(ErrorCode::kMalformed,
              deb + " is damaged: " + (why != nullptr ? why : "it ends early"));
}

// Feeds the current entry of the outer archive to the inner one.
struct Feed {
  archive* outer = nullptr;
  std::vector<char> piece = std::vector<char>(kPieceBytes);
};

la_ssize_t ReadFeed(archive* inner, void* data, const void** piece) {
  Feed& feed = *static_cast<Feed*>(data);
  const la_ssize_t n =
      archive_read_data(feed.outer, feed.piece.data(), feed.piece.size());
  if (n < 0)
    archive_set_error(inner, EIO, "%s", archive_error_string(feed.outer));
  *piece = feed.piece.data();
  return n;
}

bool IsKernel(archive_entry* entry) {
  const char* raw = archive_entry_pathname(entry);
  if (raw == nullptr || archive_entry_filetype(entry) != AE_IFREG) return false;
  std::string_view path = raw;
  if (path.starts_with("./")) path.remove_prefix(2);
  if (path.starts_with("usr/")) path.remove_prefix(4);
  return path.starts_with("boot/vmlinuz-") ||
         (path.starts_with("lib/modules/") && path.ends_with("/vmlinuz"));
}

Result<ExtractedKernel> WriteEntry(archive* reader, const std::string& deb,
                                   const std::string& destination) {
  const Result<ScopedFd> fd =
      OpenFile(destination, O_WRONLY | O_CREAT | O_EXCL);
  if (!fd) return tl::unexpected(fd.error());
  ExtractedKernel kernel;
  Sha256 hash;
  std::vector<char> piece(kPieceBytes);
  for (;;) {
    const la_ssize_t n = archive_read_data(reader, piece.data(), piece.size());
    if (n < 0) return Damaged(deb, reader);
    if (n == 0) break;
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(n));
    hash.Add(bytes);
    kernel.size_bytes += bytes.size();
    if (Result<> done = WriteAll(fd->get(), bytes, destination); !done)
      return tl::unexpected(done.error());
  }
  if (::fsync(fd->get()) != 0)
    return FailErrno("cannot sync " + destination, errno);
  kernel.sha256 = hash.Hex();
  return kernel;
}

}  // namespace

Result<ExtractedKernel> ExtractKernel(const std::string& deb,
                                      const std::string& destination) {
  const Archive outer(archive_read_new());
  archive_read_support_format_ar(outer.get());
  if (archive_read_open_filename(outer.get(), deb.c_str(), kPieceBytes) !=
      ARCHIVE_OK)
    return Damaged(deb, outer.get());
  archive_entry* member = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(outer.get(), &member)) ==
         ARCHIVE_OK) {
    if (std::string_view(archive_entry_pathname(member))
            .starts_with("data.tar"))
      break;
  }
  if (status == ARCHIVE_EOF)
    return Fail(ErrorCode::kMalformed,
                deb + " is not a Debian package: no data.tar in it");
  if (status != ARCHIVE_OK) return Damaged(deb, outer.get());

  Feed feed;
  feed.outer = outer.get();
  const Archive inner(archive_read_new());
  archive_read_support_filter_all(inner.get());
  archive_read_support_format_tar(inner.get());
  if (archive_read_open(inner.get(), &feed, nullptr, ReadFeed, nullptr) !=
      ARCHIVE_OK)
    return Damaged(deb, inner.get());
  archive_entry* entry = nullptr;
  while ((status = archive_read_next_header(inner.get(), &entry)) ==
         ARCHIVE_OK) {
    if (IsKernel(entry)) return WriteEntry(inner.get(), deb, destination);
  }
  if (status != ARCHIVE_EOF) return Damaged(deb, inner.get());
  return Fail(ErrorCode::kNotFound, "no kernel in " + deb,
              "linux-image packages from 6.19 on are empty shells; the kernel "
              "is in linux-binary");
}

}  // namespace oomlab::harness
