#include "parser/dialect/copies.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include "parser/scan.h"

namespace oomlab::parser {
namespace {

constexpr std::string_view kNoBreakSpace = "\xc2\xa0";
constexpr std::string_view kIdeographicSpace = "\xe3\x80\x80";
constexpr std::size_t kMaxSoft = 16'384;
// The widest gap in a kernel's own lines is 13 blanks, in the task table.
constexpr std::size_t kPadding = 20;

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsEscape(std::string_view text) {
  return text.size() >= 3 && text[0] == '=' && HexValue(text[1]) >= 0 &&
         HexValue(text[2]) >= 0;
}

// In quoted-printable text every "=" begins an escape or ends the line.
bool IsQuotedPrintable(std::string_view line) {
  while (TakeUntil(line, "=")) {
    if (line.empty()) return true;
    if (line.size() < 2 || HexValue(line[0]) < 0 || HexValue(line[1]) < 0) {
      return false;
    }
  }
  return true;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 12>
    kEntities = {{
        {"lt;", "<"},
        {"gt;", ">"},
        {"amp;", "&"},
        {"quot;", "\""},
        {"apos;", "'"},
        {"nbsp;", " "},
        {"#39;", "'"},
        {"#x27;", "'"},
        {"#43;", "+"},
        {"#160;", " "},
        {"lt", "<"},  // Some copies lose the semicolon.
        {"gt", ">"},
    }};

// Whether `text` holds `a`, `b` or a byte that is not ASCII. Sixteen bytes at a
// time: every line of a report comes through here.
bool HasAny(std::string_view text, char a, char b) {
  using Bytes = unsigned char __attribute__((vector_size(16)));
  using Words = unsigned long long __attribute__((vector_size(16)));
  const auto is = [](Bytes bytes, char c) {
    return reinterpret_cast<Bytes>(bytes == static_cast<unsigned char>(c));
  };
  Bytes seen{};
  while (text.size() >= sizeof(Bytes)) {
    Bytes bytes;
    std::memcpy(&bytes, text.data(), sizeof(bytes));
    seen |= is(bytes, a) | is(bytes, b) | (bytes & 0x80);
    text.remove_prefix(sizeof(Bytes));
  }
  const auto words = reinterpret_cast<Words>(seen);
  if ((words[0] | words[1]) != 0) return true;
  for (const char c : text) {
    if (c == a || c == b || static_cast<signed char>(c) < 0) return true;
  }
  return false;
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Fixed words of the kernel that stand at the end of their line.
bool EndsFixedWords(std::string_view head) {
  head = TrimRight(head);
  return Contains(head, " invoked oom-killer: ") ||
         head.ends_with("Mem-Info:") || head.ends_with("Call Trace:") ||
         head.ends_with("Tasks state (memory values in pages):");
}

}  // namespace

std::string_view CopyUndoer::UndoQuotedPrintable(std::string_view line,
                                                 bool& open) {
  open = false;
  if (!soft_.empty()) {
    soft_ += line;
    line = soft_;
  }
  if (line.find('=') == std::string_view::npos) {
    decoded_ = std::string(line);
    soft_.clear();
    return decoded_;
  }
  if (!quoted_printable_ && Contains(line, "=3D") && IsQuotedPrintable(line)) {
    quoted_printable_ = true;
  }
  if (quoted_printable_ && !IsQuotedPrintable(line)) quoted_printable_ = false;
  if (!quoted_printable_) {
    decoded_ = std::string(line);
    soft_.clear();
    return decoded_;
  }
  if (line.ends_with('=') && line.size() < kMaxSoft) {
    open = true;
    std::string joined(line.substr(0, line.size() - 1));
    soft_ = std::move(joined);
    return {};
  }
  decoded_.clear();
  while (!line.empty()) {
    if (IsEscape(line)) {
      decoded_ += static_cast<char>(HexValue(line[1]) * 16 + HexValue(line[2]));
      line.remove_prefix(3);
    } else {
      decoded_ += line[0];
      line.remove_prefix(1);
    }
  }
  soft_.clear();
  return decoded_;
}

std::string_view CopyUndoer::UndoWide(std::string_view line) {
  if (!Contains(line, kNoBreakSpace) && !Contains(line, kIdeographicSpace)) {
    return line;
  }
  if (!wide_) {
    const std::string_view start = TrimLeft(line);
    wide_ = start.starts_with("[\xc2\xa0") ||
            Contains(line, "invoked\xc2\xa0oom-killer:\xc2\xa0") ||
            Contains(line, "Call\xc2\xa0Trace:") ||
            (start.starts_with('[') &&
             start.substr(0, start.find(']') + 3).ends_with("]\xc2\xa0"));
  }
  // An ideographic space behind the line's end is the copyist's.
  while (line.ends_with(kIdeographicSpace)) {
    line.remove_suffix(kIdeographicSpace.size());
  }
  if (!wide_) return line;
  blanks_.clear();
  while (!line.empty()) {
    if (TakePrefix(line, kNoBreakSpace) ||
        TakePrefix(line, kIdeographicSpace)) {
      blanks_ += ' ';
    } else {
      blanks_ += line[0];
      line.remove_prefix(1);
    }
  }
  return blanks_;
}

std::string_view CopyUndoer::UndoEntities(std::string_view line) {
  if (line.find('&') == std::string_view::npos) return line;
  if (!html_) {
    html_ = Contains(line, "[&lt;") || Contains(line, "&lt;TASK&gt;") ||
            Contains(line, "&nbsp;invoked&nbsp;") || line.starts_with("&lt;");
  }
  if (!html_) return line;
  std::string& out = pieces_.emplace_back();
  while (!line.empty()) {
    bool replaced = false;
    if (line[0] == '&') {
      for (const auto& [name, text] : kEntities) {
        if (!line.substr(1).starts_with(name)) continue;
        out += text;
        line.remove_prefix(1 + name.size());
        replaced = true;
        break;
      }
    }
    if (!replaced) {
      out += line[0];
      line.remove_prefix(1);
    }
  }
  return out;
}

void CopyUndoer::SplitAtBreaks(std::string_view line) {
  std::size_t at = line.find("<br");
  if (!breaks_ && at != std::string_view::npos) {
    breaks_ = EndsFixedWords(line.substr(0, at));
  }
  while (breaks_ && at != std::string_view::npos) {
    std::string_view rest = line.substr(at + 3);
    const std::size_t close = rest.find('>');
    if (close == std::string_view::npos || close > 2) break;  // "<br />"
    result_.push_back(line.substr(0, at));
    line = rest.substr(close + 1);
    at = line.find("<br");
  }
  if (!line.empty() || result_.empty()) result_.push_back(line);
}

bool CopyUndoer::NeedsNothing(std::string_view line) const {
  if (line.starts_with('>') || breaks_ || !soft_.empty()) return false;
  return !HasAny(line, '&', '=') && line.find("<br") == std::string_view::npos;
}

const std::vector<std::string_view>& CopyUndoer::Undo(std::string_view line) {
  result_.clear();
  if (NeedsNothing(line)) {
    result_.push_back(line);
    return result_;
  }
  pieces_.clear();
  // Mail quotes. A process may be called ">" in a log without timestamps.
  while (line.starts_with('>')) {
    std::string_view rest = line.substr(1);
    TakePrefix(rest, " ");
    if (rest.starts_with("invoked oom-killer: ")) break;
    line = rest;
  }
  if (quoted_printable_ || !soft_.empty() || Contains(line, "=3D")) {
    bool open = false;
    line = UndoQuotedPrintable(line, open);
    if (open) return result_;
  }
  line = UndoWide(line);
  SplitAtBreaks(line);
  // Views into pieces_ must not move while it grows.
  pieces_.reserve(result_.size());
  for (std::string_view& piece : result_) piece = UndoEntities(piece);
  return result_;
}

const std::vector<std::string_view>& CopyUndoer::Finish() {
  result_.clear();
  if (!soft_.empty()) {
    decoded_ = std::exchange(soft_, {});
    result_.push_back(decoded_);
  }
  return result_;
}

bool UndoOctal(std::string_view text, std::string& out) {
  if (text.find("#0") == std::string_view::npos) return false;
  out.clear();
  bool any = false;
  while (!text.empty()) {
    const bool escape = text.size() >= 4 && text[0] == '#' && text[1] == '0' &&
                        text[2] >= '0' && text[2] <= '3' && text[3] >= '0' &&
                        text[3] <= '7';
    if (escape) {
      out += static_cast<char>((text[2] - '0') * 8 + (text[3] - '0'));
      text.remove_prefix(4);
      any = true;
    } else {
      out += text[0];
      text.remove_prefix(1);
    }
  }
  return any;
}

bool RemovePadding(std::string_view text, std::string& out) {
  if (text.size() < kPadding * 2) return false;
  bool any = false;
  std::size_t at = 0;
  while (at < text.size()) {
    // One of any kPadding bytes in a run is at a multiple of kPadding - 1.
    std::size_t probe = at + kPadding - 1;
    if (probe >= text.size() || text[probe] != ' ') {
      if (any) out.append(text.substr(at, kPadding));
      at += kPadding;
      continue;
    }
    std::size_t begin = probe, end = probe;
    while (begin > at && text[begin - 1] == ' ') --begin;
    while (end < text.size() && text[end] == ' ') ++end;
    const bool is_padding =
        end - begin >= kPadding && begin > 0 && end < text.size();
    if (is_padding && !any) {
      any = true;
      out.assign(text.substr(0, at));
    }
    if (any) {
      out.append(text.substr(at, (is_padding ? begin : end) - at));
    }
    at = end;
  }
  return any;
}

}  // namespace oomlab::parser
