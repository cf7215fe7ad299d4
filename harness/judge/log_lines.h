// Lines of a kernel log by their number, as reports and victims count them.

#ifndef OOMLAB_HARNESS_JUDGE_LOG_LINES_H_
#define OOMLAB_HARNESS_JUDGE_LOG_LINES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oomlab::harness {

class LogLines {
 public:
  // Refers to `text`, which must outlive it.
  explicit LogLines(std::string_view text);

  // The line, 1-based and without its newline; nullopt outside the text.
  [[nodiscard]] std::optional<std::string> At(std::size_t number) const;

  // Lines `first` to `last` that hold one of `needles`, ten at most: evidence
  // for a reader, not the log.
  [[nodiscard]] std::vector<std::string> Find(
      std::size_t first, std::size_t last,
      const std::vector<std::string_view>& needles) const;

 private:
  std::vector<std::string_view> lines_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_JUDGE_LOG_LINES_H_
