#include "harness/kernel/version.h"

#include <cstddef>

namespace oomlab::harness {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Letters sort before other characters, '~' before the end of the text.
int Weight(std::string_view text, std::size_t at) {
  if (at >= text.size() || IsDigit(text[at])) return 0;
  const char c = text[at];
  if (c == '~') return -1;
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const int code = static_cast<unsigned char>(c);
  return letter ? code : code + 256;
}

std::size_t SkipZeros(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == '0') ++at;
  return at;
}

std::size_t SkipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

// One part of a version: runs of non-digits and of digits in turn.
int ComparePart(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !IsDigit(a[i])) ||
           (j < b.size() && !IsDigit(b[j]))) {
      const int difference = Weight(a, i) - Weight(b, j);
      if (difference != 0) return difference;
      ++i;
      ++j;
    }
    i = SkipZeros(a, i);
    j = SkipZeros(b, j);
    const std::string_view x = a.substr(i, SkipDigits(a, i) - i);
    const std::string_view y = b.substr(j, SkipDigits(b, j) - j);
    // Without leading zeros the longer number is the larger one.
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int order = x.compare(y); order != 0) return order;
    i += x.size();
    j += y.size();
  }
  return 0;
}

}  // namespace

int CompareVersions(std::string_view a, std::string_view b) {
  const std::size_t dash_a = a.rfind('-');
  const std::size_t dash_b = b.rfind('-');
  const int order = ComparePart(a.substr(0, dash_a), b.substr(0, dash_b));
  if (order != 0) return order;
  // No revision is the same as revision 0, which an empty part is.
  return ComparePart(dash_a == a.npos ? "" : a.substr(dash_a + 1),
                     dash_b == b.npos ? "" : b.substr(dash_b + 1));
}

std::string_view UpstreamNumbers(std::string_view version) {
  version = version.substr(0, version.find_first_not_of("0123456789."));
  while (version.ends_with('.')) version.remove_suffix(1);
  return version;
}

std::string_view LineOf(std::string_view version) {
  const std::string_view numbers = UpstreamNumbers(version);
  const std::size_t first = numbers.find('.');
  if (first == numbers.npos) return numbers;
  return numbers.substr(0, numbers.find('.', first + 1));
}

}  // namespace oomlab::harness
