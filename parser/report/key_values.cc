#include "parser/report/key_values.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

constexpr std::array<bool, 256> kKeyChars = [] {
  std::array<bool, 256> chars{};
  for (int c = 0; c < 256; ++c) {
    chars[static_cast<std::size_t>(c)] =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
        (c >= '0' && c <= '9') || c == '_' || c == '(' || c == ')';
  }
  return chars;
}();

bool IsKeyChar(char c) { return kKeyChars[static_cast<unsigned char>(c)]; }

// Past a word that is no pair.
void SkipWord(std::string_view& text) { TakeWord(text); }

}  // namespace

bool ParseKeyValues(std::string_view text, KeyValueOptions options,
                    NamedValues& values,
                    std::optional<bool>* all_unreclaimable) {
  bool clean = true;
  text = TrimLeft(text);
  if (options.needs_kb && values.empty()) values.reserve(28);
  while (!text.empty()) {
    std::size_t n = 0;
    while (n < text.size() && IsKeyChar(text[n])) ++n;
    const std::string_view key = text.substr(0, n);
    if (n == 0 || IsDigit(text[0]) || n == text.size() ||
        (text[n] != ':' && text[n] != '?')) {
      clean = false;
      SkipWord(text);
      continue;
    }
    const bool question = text[n] == '?';
    std::string_view rest = TrimLeft(text.substr(n + 1));
    if (question) {
      // One letter tells, should the line be cut.
      const bool yes = rest.starts_with('y');
      if (all_unreclaimable != nullptr && (yes || rest.starts_with('n'))) {
        *all_unreclaimable = yes;
      }
      if (!TakePrefix(rest, yes ? "yes" : "no")) SkipWord(rest);
      text = TrimLeft(rest);
      continue;
    }
    const auto value = TakeInt<std::int64_t>(rest);
    const bool kb = TakePrefix(rest, "kB") || TakePrefix(rest, "KB");
    const bool cut = rest.empty() && options.unterminated && !kb;
    // "pages_scanned:224" stands among sizes and is none.
    const bool needs_kb = options.needs_kb && !key.starts_with("pages_");
    if (!value || cut || kb != needs_kb) {
      clean = false;
      SkipWord(rest);
    } else {
      values.emplace_back(key, *value);
    }
    text = TrimLeft(rest);
  }
  return clean;
}

}  // namespace oomlab::parser
