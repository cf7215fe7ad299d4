#include "harness/kernel/deb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/fd.h"
#include "harness/kernel/bzimage.h"
#include "harness/kernel/sha256.h"
#include "harness/kernel/test_support.h"

namespace oomlab::harness {
namespace {

using ::testing::HasSubstr;

const std::string kImage = MakeBzImage("7.2.12+deb13-cloud-amd64");

TEST(Sha256Test, AgreesWithFips180) {
  Sha256 hash;
  hash.Add("a");
  hash.Add("bc");
  EXPECT_EQ(hash.Hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ExtractKernelTest, FindsTheKernelOfEveryEraAndCompression) {
  const TempDirectory directory;
  int count = 0;
  for (const char* path :
       {"./boot/vmlinuz-6.12.95+deb12-cloud-amd64",
        "./usr/lib/modules/7.2.12+deb13-cloud-amd64/vmlinuz",
        "./lib/modules/7.2.12/vmlinuz", "boot/vmlinuz-5.10"}) {
    for (const char* compression : {"xz", "gz", "zst"}) {
      const std::string deb = directory / "k.deb";
      const std::string out = directory / std::to_string(++count);
      WriteTestFile(deb, MakeDeb(compression, {{"./boot/config-1", "CONFIG"},
                                               {path, kImage},
                                               {"./boot/System.map", "x"}}));
      const auto kernel = ExtractKernel(deb, out);
      ASSERT_TRUE(kernel.has_value()) << kernel.error().message;
      EXPECT_EQ(kernel->size_bytes, kImage.size());
      EXPECT_EQ(kernel->sha256, Sha256OfFile(out));
      EXPECT_TRUE(ReadFile(out) == kImage) << path << " " << compression;
    }
  }
}

// What Debian calls linux-image from 6.19 on, and files named to be mistaken.
TEST(ExtractKernelTest, AShellHasNoKernel) {
  const TempDirectory directory;
  WriteTestFile(directory / "k.deb",
                MakeDeb("xz", {{"./usr/share/doc/linux-image/vmlinuz", "no"},
                               {"./usr/lib/modules/7/vmlinuz.txt", "no"},
                               {"./home/boot/vmlinuz-1", "no"}}));
  const auto kernel = ExtractKernel(directory / "k.deb", directory / "out");
  ASSERT_FALSE(kernel.has_value());
  EXPECT_EQ(kernel.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(kernel.error().hint, HasSubstr("linux-binary"));
  EXPECT_FALSE(std::filesystem::exists(directory / "out"));
}

TEST(ExtractKernelTest, ACutPackageNeverGivesAPartOfAKernel) {
  const TempDirectory directory;
  const std::string deb =
      MakeDeb("xz", {{"./boot/vmlinuz-6.12", kImage}, {"./z", "end"}});
  int errors = 0;
  for (std::size_t size = 0; size < deb.size(); size += 1009) {
    const std::string out = directory / std::to_string(size);
    WriteTestFile(directory / "k.deb", std::string_view(deb).substr(0, size));
    const auto kernel = ExtractKernel(directory / "k.deb", out);
    if (kernel) {
      EXPECT_TRUE(ReadFile(out) == kImage) << "cut at " << size;
    } else {
      EXPECT_EQ(kernel.error().code, ErrorCode::kMalformed) << size;
      ++errors;
    }
  }
  EXPECT_GT(errors, 200);
}

TEST(ExtractKernelTest, SaysWhatIsNoPackage) {
  const TempDirectory directory;
  WriteTestFile(directory / "text.deb", std::string(5000, 'x'));
  for (const std::string& deb : {directory / "text.deb", directory / "none"}) {
    const auto kernel = ExtractKernel(deb, directory / "out");
    ASSERT_FALSE(kernel.has_value());
    EXPECT_THAT(kernel.error().message, HasSubstr(deb));
  }
}

TEST(ReadBzImageReleaseTest, ReadsTheHeader) {
  const TempDirectory directory;
  WriteTestFile(directory / "bzImage", kImage);
  EXPECT_EQ(ReadBzImageRelease(directory / "bzImage"),
            "7.2.12+deb13-cloud-amd64");
}

TEST(ReadBzImageReleaseTest, AHeaderWithoutAVersionIsNoError) {
  const TempDirectory directory;
  std::string image = kImage;
  image[0x20e] = image[0x20f] = 0;
  WriteTestFile(directory / "none", image);
  EXPECT_EQ(ReadBzImageRelease(directory / "none"), "");
  image[0x20e] = image[0x20f] = '\xff';  // Beyond the end of the file.
  WriteTestFile(directory / "beyond", std::string_view(image).substr(0, 4096));
  EXPECT_EQ(ReadBzImageRelease(directory / "beyond"), "");
}

TEST(ReadBzImageReleaseTest, ControlBytesDoNotGetIntoTheRelease) {
  const TempDirectory directory;
  WriteTestFile(directory / "bzImage", MakeBzImage("6.1\x1b[31m"));
  EXPECT_EQ(ReadBzImageRelease(directory / "bzImage"), "6.1");
}

TEST(ReadBzImageReleaseTest, SaysWhatIsNoKernel) {
  const TempDirectory directory;
  for (const std::string& bytes : {std::string(),
                                   std::string("\x7f"
                                               "ELF"),
                                   std::string(4096, 'x'), MakeDeb("gz", {})}) {
    WriteTestFile(directory / "file", bytes);
    const auto release = ReadBzImageRelease(directory / "file");
    ASSERT_FALSE(release.has_value());
    EXPECT_EQ(release.error().code, ErrorCode::kMalformed);
    EXPECT_NE(release.error().hint, "");
  }
}

}  // namespace
}  // namespace oomlab::harness
