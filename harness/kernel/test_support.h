// For tests of the kernel store: scratch directories, kernels and packages that
// are small but real enough for every reader.

#ifndef OOMLAB_HARNESS_KERNEL_TEST_SUPPORT_H_
#define OOMLAB_HARNESS_KERNEL_TEST_SUPPORT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oomlab::harness {

// A directory that goes away with everything in it.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

// Aborts when the file cannot be written: then no test can tell anything.
void WriteTestFile(const std::string& path, std::string_view bytes,
                   bool executable = false);

// A bzImage as far as its header goes: `release` as the kernel puts it there,
// followed by bytes that do not compress to nothing.
[[nodiscard]] std::string MakeBzImage(std::string_view release);

// The bytes of a .deb with data.tar.<compression> ("xz", "gz", "zst") that
// holds these files (path, content).
[[nodiscard]] std::string MakeDeb(
    const std::string& compression,
    const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_TEST_SUPPORT_H_
