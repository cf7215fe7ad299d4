#include "harness/vm/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>

namespace oomlab::harness {
namespace {

struct Node {
  unsigned mode = 0;  // With the file type.
  dev_t device = 0;
  std::string_view content = {};
};

struct EntryDeleter {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
struct WriterDeleter {
  void operator()(archive* a) const { archive_write_free(a); }
};
using EntryPtr = std::unique_ptr<archive_entry, EntryDeleter>;
using WriterPtr = std::unique_ptr<archive, WriterDeleter>;

la_ssize_t Append(archive* /*writer*/, void* out, const void* data,
                  std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

tl::unexpected<Error> FailArchive(archive* writer, std::string_view path) {
  const char* why = archive_error_string(writer);
  return Fail(ErrorCode::kSystem,
              fmt::format("cannot put {} into the initramfs: {}", path,
                          why == nullptr ? "unknown" : why));
}

// "/a/b" -> "a/b"; false when a component is empty, "." or "..".
bool Normalise(std::string_view path, std::string& out) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  out = path;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return false;
    start = end + 1;
  }
  return true;
}

// Every node by its path. The order of a map puts a directory before what it
// holds, as the kernel's unpacker needs it.
Result<std::map<std::string, Node>> Layout(
    const std::vector<InitramfsFile>& files) {
  std::map<std::string, Node> nodes;
  nodes["dev"] = {.mode = S_IFDIR | 0755};
  nodes["dev/console"] = {.mode = S_IFCHR | 0600, .device = makedev(5, 1)};
  for (const InitramfsFile& file : files) {
    std::string path;
    if (!Normalise(file.path, path)) {
      return Fail(ErrorCode::kUsage,
                  fmt::format("bad initramfs path '{}'", file.path));
    }
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      const auto [it, added] = nodes.try_emplace(path.substr(0, slash),
                                                 Node{.mode = S_IFDIR | 0755});
      if (!S_ISDIR(it->second.mode)) {
        return Fail(ErrorCode::kUsage,
                    fmt::format("initramfs path {} lies below the file {}",
                                path, it->first));
      }
    }
    const Node node{.mode = S_IFREG | (file.mode & 07777),
                    .content = file.content};
    if (!nodes.try_emplace(path, node).second) {
      return Fail(ErrorCode::kUsage,
                  fmt::format("initramfs path {} is given twice", path));
    }
  }
  return nodes;
}

}  // namespace

Result<std::string> BuildInitramfs(const std::vector<InitramfsFile>& files) {
  const auto nodes = Layout(files);
  if (!nodes) return tl::unexpected(nodes.error());

  std::string out;
  const WriterPtr writer(archive_write_new());
  if (archive_write_set_format_cpio_newc(writer.get()) != ARCHIVE_OK ||
      archive_write_set_bytes_in_last_block(writer.get(), 1) != ARCHIVE_OK ||
      archive_write_open(writer.get(), &out, nullptr, Append, nullptr) !=
          ARCHIVE_OK) {
    return FailArchive(writer.get(), "anything");
  }
  std::int64_t inode = 0;
  for (const auto& [path, node] : *nodes) {
    const EntryPtr entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), path.c_str());
    archive_entry_set_mode(entry.get(), node.mode);
    archive_entry_set_rdev(entry.get(), node.device);
    archive_entry_set_size(entry.get(),
                           static_cast<la_int64_t>(node.content.size()));
    archive_entry_set_mtime(entry.get(), 1, 0);
    archive_entry_set_nlink(entry.get(), 1);
    archive_entry_set_ino64(entry.get(), ++inode);
    if (archive_write_header(writer.get(), entry.get()) != ARCHIVE_OK ||
        archive_write_data(writer.get(), node.content.data(),
                           node.content.size()) !=
            static_cast<la_ssize_t>(node.content.size())) {
      return FailArchive(writer.get(), path);
    }
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) {
    return FailArchive(writer.get(), "the trailer");
  }
  return out;
}

}  // namespace oomlab::harness
