#include "harness/scenario/diagnostic.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <tuple>
#include <utility>

namespace oomlab::harness {
namespace {

// Edits (insert, delete, replace, swap of neighbours) from one word to another,
// blind to case.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  };
  std::vector<std::vector<std::size_t>> edits(
      a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        edits[i][j] = i + j;
        continue;
      }
      edits[i][j] =
          std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1,
                    edits[i - 1][j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1)});
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
          same(a[i - 2], b[j - 1]))
        edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
    }
  }
  return edits[a.size()][b.size()];
}

}  // namespace

Error ToError(const JsonSource& source, std::vector<Diagnostic> diagnostics) {
  const auto place = [&source](const Diagnostic& diagnostic) {
    return std::make_tuple(
        diagnostic.what.starts_with("lacks "),
        source.OffsetOf(diagnostic.pointer, diagnostic.part));
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) {
                     return place(a) < place(b);
                   });
  Error error{ErrorCode::kUsage, {}, {}};
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!error.message.empty()) {
      if (!error.hint.empty()) error.message += "\nhint: " + error.hint;
      error.message += "\n";
    }
    const std::string pointer =
        diagnostic.pointer.empty() ? "/" : diagnostic.pointer;
    error.message +=
        source.Mark(source.OffsetOf(diagnostic.pointer, diagnostic.part),
                    pointer + ": " + diagnostic.what);
    error.hint = diagnostic.hint;
  }
  return error;
}

std::string NearestWord(std::string_view word,
                        const std::vector<std::string>& choices) {
  constexpr std::size_t kLongestWord = 64;
  if (word.size() > kLongestWord) return {};
  std::string nearest;
  // A third of the letters may be wrong, and one in any case.
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string& choice : choices) {
    const std::size_t distance = EditDistance(word, choice);
    if (distance >= least || distance >= choice.size()) continue;
    least = distance;
    nearest = choice;
  }
  return nearest;
}

std::string QuotedChoices(const std::vector<std::string>& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
    text += '"';
    text += choices[i];
    text += '"';
  }
  return text;
}

std::string HintOfChoices(std::string_view word,
                          const std::vector<std::string>& choices) {
  if (const std::string nearest = NearestWord(word, choices); !nearest.empty())
    return "did you mean \"" + nearest + "\"?";
  return "choose " + QuotedChoices(choices);
}

}  // namespace oomlab::harness
