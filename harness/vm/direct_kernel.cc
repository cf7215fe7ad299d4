#include "harness/vm/direct_kernel.h"

#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/user_directory.h"

namespace oomlab::harness {
namespace {

namespace fs = std::filesystem;

// The boot protocol's header (Documentation/arch/x86/boot.rst).
constexpr std::size_t kSetupSectors = 0x1f1;
constexpr std::size_t kMagic = 0x202;          // "HdrS"
constexpr std::size_t kVersion = 0x206;        // payload_*: from 2.08 on
constexpr std::size_t kPayloadOffset = 0x248;  // After the real-mode part.
constexpr std::size_t kPayloadLength = 0x24c;
constexpr std::uint32_t kMaxVmlinuxBytes = 1u << 30;

// A value of the file at `at`; nothing beyond its end. Little-endian, as x86.
template <class T>
std::optional<T> Read(std::string_view bytes, std::uint64_t at) {
  if (at > bytes.size() || bytes.size() - at < sizeof(T)) return std::nullopt;
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

std::optional<std::string_view> Payload(std::string_view bzimage) {
  if (bzimage.substr(0, kVersion).substr(std::min(kMagic, bzimage.size())) !=
          "HdrS" ||
      Read<std::uint16_t>(bzimage, kVersion).value_or(0) < 0x208) {
    return std::nullopt;
  }
  const auto sectors = Read<std::uint8_t>(bzimage, kSetupSectors);
  const auto offset = Read<std::uint32_t>(bzimage, kPayloadOffset);
  const auto length = Read<std::uint32_t>(bzimage, kPayloadLength);
  if (!sectors || !offset || !length || *length < 8) return std::nullopt;
  const std::uint64_t at =
      ((*sectors == 0 ? 4u : *sectors) + 1u) * 512ull + *offset;
  if (at > bzimage.size() || bzimage.size() - at < *length) return std::nullopt;
  return bzimage.substr(at, *length);
}

struct ReaderDeleter {
  void operator()(archive* a) const { archive_read_free(a); }
};

Result<std::string> Decompress(std::string_view data, std::uint32_t size) {
  const std::unique_ptr<archive, ReaderDeleter> reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  const auto fail = [&](std::string_view why) {
    return Fail(ErrorCode::kMalformed,
                fmt::format("cannot unpack the kernel image: {}", why));
  };
  if (archive_read_open_memory(reader.get(), data.data(), data.size()) !=
          ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    return fail("unknown compression");
  }
  std::string out(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const la_ssize_t n =
        archive_read_data(reader.get(), out.data() + have, size - have);
    if (n < 0) {
      const char* why = archive_error_string(reader.get());
      return fail(why == nullptr ? "damaged" : why);
    }
    if (n == 0) return fail(fmt::format("{} of {} bytes", have, size));
    have += static_cast<std::size_t>(n);
  }
  return out;
}

// XEN_ELFNOTE_PHYS32_ENTRY: where a 64-bit kernel can be entered by PVH.
bool HasPvhNote(std::string_view notes) {
  constexpr std::uint32_t kPhys32Entry = 18;
  const auto padded = [](std::uint64_t n) { return (n + 3) / 4 * 4; };
  for (std::uint64_t at = 0; const auto note = Read<Elf64_Nhdr>(notes, at);) {
    const std::uint64_t name = at + sizeof(Elf64_Nhdr);
    if (note->n_type == kPhys32Entry && name < notes.size() &&
        notes.substr(name, 4) == std::string_view("Xen\0", 4)) {
      return true;
    }
    at = name + padded(note->n_namesz) + padded(note->n_descsz);
  }
  return false;
}

bool StartsByPvh(std::string_view elf) {
  const auto header = Read<Elf64_Ehdr>(elf, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64) {
    return false;
  }
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    const auto segment =
        Read<Elf64_Phdr>(elf, header->e_phoff + i * sizeof(Elf64_Phdr));
    if (segment && segment->p_type == PT_NOTE &&
        segment->p_offset <= elf.size() &&
        HasPvhNote(elf.substr(segment->p_offset, segment->p_filesz))) {
      return true;
    }
  }
  return false;
}

bool IsSha256(std::string_view text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdef") == text.npos;
}

// Removes what is used least, and what a killed process left half-written.
// Errors are for the next time: others may remove the same files right now.
void Prune(const std::string& directory) {
  constexpr std::chrono::hours kAbandoned{1};
  const auto now = fs::file_time_type::clock::now();
  std::vector<std::pair<fs::file_time_type, fs::path>> kernels;
  std::error_code ec;
  std::error_code ignored;
  for (fs::directory_iterator it(directory, ec); !ec && it != fs::end(it);
       it.increment(ec)) {
    const std::string name = it->path().filename().string();
    const std::string_view hash = std::string_view(name).substr(0, 64);
    std::error_code gone;
    const auto used = it->last_write_time(gone);
    if (gone || !IsSha256(hash)) continue;
    if (name == hash) {
      kernels.emplace_back(used, it->path());
    } else if (name.compare(64, 5, ".new.") == 0 && now - used > kAbandoned) {
      fs::remove(it->path(), ignored);
    }
  }
  if (kernels.size() <= kKeptKernels) return;
  std::sort(kernels.begin(), kernels.end(), std::greater<>());
  for (std::size_t i = kKeptKernels; i < kernels.size(); ++i) {
    fs::remove(kernels[i].second, ignored);
  }
}

}  // namespace

Result<std::string> ExtractVmlinux(std::string_view bzimage) {
  const auto payload = Payload(bzimage);
  if (!payload) {
    return Fail(ErrorCode::kNoMatch, "not a bzImage with a known payload");
  }
  // The last four bytes are the size. With gzip they are its own; the others
  // have them appended by the kernel's build.
  const std::uint32_t size =
      Read<std::uint32_t>(*payload, payload->size() - 4).value_or(0);
  if (size == 0 || size > kMaxVmlinuxBytes) {
    return Fail(ErrorCode::kMalformed,
                fmt::format("the kernel image states a size of {}", size));
  }
  std::string_view data = *payload;
  if (!data.starts_with("\x1f\x8b")) data.remove_suffix(4);
  Result<std::string> elf = Decompress(data, size);
  if (elf && !StartsByPvh(*elf)) {
    return Fail(ErrorCode::kNoMatch, "the kernel has no PVH entry");
  }
  return elf;
}

std::string DirectKernel(const std::string& bzimage_path,
                         const std::string& sha256,
                         std::string cache_directory) {
  if (sha256.empty()) return bzimage_path;
  if (cache_directory.empty()) cache_directory = UserCacheDirectory("vmlinux");
  std::string path = cache_directory + "/" + sha256;
  // First the touch, so that no other process prunes what is returned here.
  utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  if (access(path.c_str(), R_OK) == 0) return path;
  const Result<std::string> bzimage = ReadFile(bzimage_path);
  if (!bzimage) return bzimage_path;
  const Result<std::string> elf = ExtractVmlinux(*bzimage);
  if (!elf) return bzimage_path;
  std::error_code ec;
  fs::create_directories(cache_directory, ec);
  // Complete or not there at all: a second process may look for it right now.
  if (!ReplaceFile(path, *elf)) return bzimage_path;
  Prune(cache_directory);
  return path;
}

}  // namespace oomlab::harness
