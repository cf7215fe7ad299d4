#include "harness/kernel/test_support.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <system_error>

namespace oomlab::harness {
namespace {

void Need(bool condition, const std::string& what) {
  if (condition) return;
  std::cerr << "test set-up: " << what << "\n";
  std::abort();
}

void AddFile(archive* writer, const std::string& path,
             const std::string& content) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, path.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
  Need(archive_write_header(writer, entry) == ARCHIVE_OK, "archive header");
  Need(archive_write_data(writer, content.data(), content.size()) ==
           static_cast<la_ssize_t>(content.size()),
       "archive data");
  archive_entry_free(entry);
}

// Runs `fill` on an archive in memory.
template <class Configure, class Fill>
std::string MakeArchive(Configure configure, Fill fill) {
  std::string bytes(std::size_t{8} << 20, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  configure(writer);
  archive_write_set_bytes_in_last_block(writer, 1);
  Need(archive_write_open_memory(writer, bytes.data(), bytes.size(), &used) ==
           ARCHIVE_OK,
       "archive in memory");
  fill(writer);
  Need(archive_write_close(writer) == ARCHIVE_OK, "closing an archive");
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

}  // namespace

TempDirectory::TempDirectory() {
  const char* base = std::getenv("TEST_TMPDIR");
  path_ = std::string(base != nullptr ? base : "/tmp") + "/kernel.XXXXXX";
  Need(::mkdtemp(path_.data()) != nullptr, "cannot create " + path_);
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void WriteTestFile(const std::string& path, std::string_view bytes,
                   bool executable) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  Need(file.good(), "cannot write " + path);
  Need(::chmod(path.c_str(), executable ? 0755 : 0644) == 0, "chmod " + path);
}

std::string MakeBzImage(std::string_view release) {
  constexpr std::size_t kVersionAt = 0x3000;
  std::string image(0x4000, '\0');
  image.replace(0x202, 4, "HdrS");
  image[0x20e] = static_cast<char>((kVersionAt - 0x200) & 0xff);
  image[0x20f] = static_cast<char>((kVersionAt - 0x200) >> 8);
  const std::string version =
      std::string(release) + " (builder@host) #1 SMP PREEMPT_DYNAMIC";
  image.replace(kVersionAt, version.size(), version);
  std::minstd_rand random(1);
  for (int i = 0; i < 300'000; ++i) image += static_cast<char>(random() >> 8);
  return image;
}

std::string MakeDeb(
    const std::string& compression,
    const std::vector<std::pair<std::string, std::string>>& files) {
  const std::string data = MakeArchive(
      [&](archive* writer) {
        archive_write_set_format_gnutar(writer);
        if (compression == "xz") archive_write_add_filter_xz(writer);
        if (compression == "gz") archive_write_add_filter_gzip(writer);
        if (compression == "zst") archive_write_add_filter_zstd(writer);
      },
      [&](archive* writer) {
        for (const auto& [path, content] : files)
          AddFile(writer, path, content);
      });
  return MakeArchive(
      [](archive* writer) { archive_write_set_format_ar_svr4(writer); },
      [&](archive* writer) {
        AddFile(writer, "debian-binary", "2.0\n");
        AddFile(writer, "control.tar.xz", "not read");
        AddFile(writer, "data.tar." + compression, data);
      });
}

}  // namespace oomlab::harness
