#include "harness/vm/direct_kernel.h"

#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

template <class T>
void Append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// An ELF file with one note segment and a note of `type`.
std::string Elf(std::uint32_t type) {
  std::string note;
  Append(note, Elf64_Nhdr{.n_namesz = 4, .n_descsz = 4, .n_type = 1});
  note.append("GNU\0abcd", 8);
  Append(note, Elf64_Nhdr{.n_namesz = 4, .n_descsz = 4, .n_type = type});
  note.append("Xen\0\0\0\0\1", 8);
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_phoff = sizeof(Elf64_Ehdr);
  header.e_phnum = 1;
  Elf64_Phdr segment{};
  segment.p_type = PT_NOTE;
  segment.p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
  segment.p_filesz = note.size();
  std::string out;
  Append(out, header);
  Append(out, segment);
  out += note;
  out.append(5000, '\x5a');
  return out;
}

std::string Compress(const std::string& data, int filter) {
  std::string out(data.size() + 10000, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_raw(writer);
  EXPECT_EQ(archive_write_add_filter(writer, filter), ARCHIVE_OK);
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, data.data(), data.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

// As the kernel's build makes it: header, code, payload, its size.
std::string BzImage(const std::string& elf, int filter) {
  std::string payload = Compress(elf, filter);
  if (filter != ARCHIVE_FILTER_GZIP) {
    Append(payload, static_cast<std::uint32_t>(elf.size()));
  }
  std::string out(1024, '\0');
  out[0x1f1] = 1;
  std::memcpy(&out[0x202], "HdrS\x0f\x02", 6);
  const std::uint32_t offset = 16;
  const auto length = static_cast<std::uint32_t>(payload.size());
  std::memcpy(&out[0x248], &offset, 4);
  std::memcpy(&out[0x24c], &length, 4);
  return out + std::string(16, '\x90') + payload + "signature";
}

constexpr int kFilters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ,
                            ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_LZ4};

TEST(ExtractVmlinuxTest, UnpacksEveryCompression) {
  const std::string elf = Elf(18);
  for (const int filter : kFilters) {
    const auto out = ExtractVmlinux(BzImage(elf, filter));
    ASSERT_TRUE(out.has_value()) << filter << ": " << out.error().message;
    EXPECT_EQ(*out, elf) << filter;
  }
}

TEST(ExtractVmlinuxTest, AKernelWithoutPvhEntryIsNoMatch) {
  const auto out = ExtractVmlinux(BzImage(Elf(17), ARCHIVE_FILTER_XZ));
  ASSERT_FALSE(out.has_value());
  EXPECT_EQ(out.error().code, ErrorCode::kNoMatch);
}

TEST(ExtractVmlinuxTest, NoTruncationAndNoDamageComesOutAsAKernel) {
  const std::string elf = Elf(18);
  for (const int filter : kFilters) {
    const std::string image = BzImage(elf, filter);
    for (std::size_t size = 0; size < image.size() - 9; ++size) {
      EXPECT_FALSE(ExtractVmlinux(image.substr(0, size))) << filter << size;
    }
    for (std::size_t at = 0; at < image.size(); ++at) {
      std::string damaged = image;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
      const auto out = ExtractVmlinux(damaged);  // No crash; at most an ELF.
      EXPECT_EQ(out ? out->size() : elf.size(), elf.size());
    }
  }
}

TEST(ExtractVmlinuxTest, OtherFilesAreNoMatch) {
  for (const std::string& bytes : {std::string(),
                                   std::string("\x7f"
                                               "ELF"),
                                   std::string(4096, 'H')}) {
    EXPECT_EQ(ExtractVmlinux(bytes).error().code, ErrorCode::kNoMatch);
  }
}

TEST(DirectKernelTest, IsMadeOnceAndFallsBackToTheImage) {
  const std::string directory = ::testing::TempDir() + "/direct";
  std::filesystem::remove_all(directory);
  const std::string image = ::testing::TempDir() + "/bzImage";
  std::ofstream(image, std::ios::binary)
      << BzImage(Elf(18), ARCHIVE_FILTER_ZSTD);
  const std::string path = DirectKernel(image, "abc", directory);
  EXPECT_EQ(path, directory + "/abc");
  EXPECT_EQ(ReadFile(path).value(), Elf(18));
  std::filesystem::remove(image);
  EXPECT_EQ(DirectKernel(image, "abc", directory), path);

  EXPECT_EQ(DirectKernel(image, "", directory), image);
  EXPECT_EQ(DirectKernel(image, "def", directory), image);
  std::ofstream(image) << "no kernel";
  EXPECT_EQ(DirectKernel(image, "def", directory), image);
}

// A SHA-256, as far as the cache is concerned.
std::string Hash(char digit) { return std::string(64, digit); }

TEST(DirectKernelTest, KeepsTheMostRecentlyUsedAndWhatIsNotItsOwn) {
  namespace fs = std::filesystem;
  const fs::path directory = ::testing::TempDir() + "/pruned";
  fs::remove_all(directory);
  fs::create_directories(directory);
  const std::string image = ::testing::TempDir() + "/pruned.bzImage";
  std::ofstream(image, std::ios::binary)
      << BzImage(Elf(18), ARCHIVE_FILTER_ZSTD);
  const auto add = [&](const std::string& name, int age_minutes) {
    std::ofstream(directory / name) << "x";
    fs::last_write_time(
        directory / name,
        fs::file_time_type::clock::now() - std::chrono::minutes(age_minutes));
  };
  // The oldest first: '0' is 19 minutes old, '9' 10.
  for (char digit = '0'; digit <= '9'; ++digit) {
    add(Hash(digit), 19 - (digit - '0'));
  }
  add("initramfs", 1000);
  add(Hash('a') + ".new.1", 61);
  add(Hash('a') + ".new.2", 59);
  add(Hash('a') + ".other", 1000);
  const auto use = [&](char digit) {
    EXPECT_EQ(DirectKernel(image, Hash(digit), directory),
              directory / Hash(digit));
  };
  use('0');  // A use, and no new file: nothing is removed.
  EXPECT_TRUE(fs::exists(directory / Hash('1')));
  use('f');
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(directory)) {
    left.push_back(entry.path().filename());
  }
  EXPECT_THAT(left, UnorderedElementsAre(
                        Hash('0'), Hash('4'), Hash('5'), Hash('6'), Hash('7'),
                        Hash('8'), Hash('9'), Hash('f'), "initramfs",
                        Hash('a') + ".new.2", Hash('a') + ".other"));
}

TEST(ExtractVmlinuxTest, UnpacksARealKernel) {
  const char* kernel = std::getenv("OOMLAB_TEST_KERNEL");
  if (kernel == nullptr || *kernel == '\0') {
    GTEST_SKIP() << "needs a kernel: bazel test "
                    "--test_env=OOMLAB_TEST_KERNEL=/path/to/bzImage";
  }
  const auto image = ReadFile(kernel);
  ASSERT_TRUE(image.has_value()) << image.error().message;
  const auto elf = ExtractVmlinux(*image);
  ASSERT_TRUE(elf.has_value()) << elf.error().message;
  EXPECT_THAT(*elf, HasSubstr("Linux version "));
}

}  // namespace
}  // namespace oomlab::harness
