#include "harness/judge/log_lines.h"

#include <algorithm>

namespace oomlab::harness {

LogLines::LogLines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines_.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::optional<std::string> LogLines::At(std::size_t number) const {
  if (number == 0 || number > lines_.size()) return std::nullopt;
  return std::string(lines_[number - 1]);
}

std::vector<std::string> LogLines::Find(
    std::size_t first, std::size_t last,
    const std::vector<std::string_view>& needles) const {
  constexpr std::size_t kMost = 10;
  std::vector<std::string> found;
  for (std::size_t number = std::max<std::size_t>(first, 1);
       number <= std::min(last, lines_.size()) && found.size() < kMost;
       ++number) {
    const std::string_view line = lines_[number - 1];
    if (std::any_of(needles.begin(), needles.end(),
                    [line](std::string_view needle) {
                      return line.find(needle) != line.npos;
                    }))
      found.emplace_back(line);
  }
  return found;
}

}  // namespace oomlab::harness
