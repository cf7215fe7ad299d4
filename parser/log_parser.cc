#include "parser/log_parser.h"

#include <algorithm>
#include <utility>

#include "parser/anchors.h"

namespace oomlab::parser {
namespace {

// What of the text before an anchor is parsed: a report whose head is lost
// shows itself only by its table, behind the whole of Mem-Info.
constexpr std::size_t kLookBack = 32'768;
// How many lines without a word of a report end the parsing: while a report
// waits for its end, and when none does.
constexpr std::size_t kIdleOpen = 1000;
constexpr std::size_t kIdleDone = 64;
// No log has longer lines; what follows in them is left out.
constexpr std::size_t kMaxPartial = 1'048'576;

std::size_t CountLines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// The first line that begins at `at` or behind it.
std::size_t LineStart(std::string_view text, std::size_t at) {
  if (at == 0 || text[at - 1] == '\n') return at;
  const std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

}  // namespace

LogParser::LogParser(Sink sink)
    : router_(std::move(sink)),
      reader_([this](const KernelLine& line) { router_.Add(line); }) {}

void LogParser::AddLine(std::string_view line, bool unterminated) {
  ++line_;
  reader_.Add(line, line_, unterminated);
}

bool LogParser::IsIdle() const {
  const std::size_t used = std::max(router_.last_used_line(), resumed_line_);
  if (line_ <= used + kIdleDone) return false;
  return !router_.has_waiting() || line_ > used + kIdleOpen;
}

void LogParser::Remember(std::string_view skipped) {
  if (skipped.size() >= kLookBack) {
    // One byte more tells whether the first of them begins a line.
    const std::size_t keep = std::min(skipped.size(), kLookBack + 1);
    history_.assign(skipped.substr(skipped.size() - keep));
    return;
  }
  history_.append(skipped);
  if (history_.size() > 4 * kLookBack) {
    history_.erase(0, history_.size() - kLookBack - 1);
  }
}

std::size_t LogParser::LookBack(std::string_view lines,
                                std::size_t skipped_from,
                                std::size_t line_start) {
  reader_.Skip();
  const std::size_t here = line_start - skipped_from;
  if (here >= kLookBack) {
    history_.clear();
    return LineStart(lines, line_start - kLookBack);
  }
  const std::size_t more = kLookBack - here;
  std::string_view history = history_;
  history.remove_prefix(
      history.size() > more ? LineStart(history, history.size() - more) : 0);
  line_ -= CountLines(history);
  while (!history.empty()) {
    const std::size_t end = history.find('\n');
    AddLine(history.substr(0, end), false);
    history.remove_prefix(end + 1);
  }
  history_.clear();
  return skipped_from;
}

// Parses lines from `at` on until nothing more comes of it; where it stopped.
std::size_t LogParser::Parse(std::string_view lines, std::size_t at) {
  while (at < lines.size()) {
    const std::size_t end = lines.find('\n', at);
    AddLine(lines.substr(at, end - at), false);
    at = end + 1;
    if (IsIdle()) {
      reader_.Skip();
      router_.CloseAll();
      skipping_ = true;
      break;
    }
  }
  return at;
}

void LogParser::Consume(std::string_view lines) {
  std::size_t at = 0;
  while (at < lines.size()) {
    if (!skipping_) {
      at = Parse(lines, at);
      continue;
    }
    std::size_t line_feeds = 0;
    const std::size_t anchor = FindAnchor(lines, at, line_feeds);
    if (anchor == std::string_view::npos) {
      line_ += line_feeds;
      Remember(lines.substr(at));
      return;
    }
    const std::size_t before = lines.substr(0, anchor).rfind('\n');
    const std::size_t line_start =
        before == std::string_view::npos ? 0 : before + 1;
    resumed_line_ = line_ + line_feeds + 1;
    const std::size_t begin = LookBack(lines, at, line_start);
    line_ =
        resumed_line_ - 1 - CountLines(lines.substr(begin, line_start - begin));
    at = begin;
    skipping_ = false;
  }
}

void LogParser::Feed(std::string_view piece) {
  if (!partial_.empty() || partial_too_long_) {
    const std::size_t end = piece.find('\n');
    const std::string_view head = piece.substr(0, end);
    if (partial_.size() + head.size() > kMaxPartial) {
      partial_too_long_ = true;
    } else {
      partial_.append(head);
    }
    if (end == std::string_view::npos) return;
    partial_ += '\n';
    partial_too_long_ = false;
    const std::string line = std::exchange(partial_, {});
    Consume(line);
    piece.remove_prefix(end + 1);
  }
  const std::size_t last = piece.rfind('\n');
  if (last != std::string_view::npos) {
    Consume(piece.substr(0, last + 1));
    piece.remove_prefix(last + 1);
  }
  partial_.assign(piece.substr(0, kMaxPartial));
  partial_too_long_ = piece.size() > kMaxPartial;
}

void LogParser::Finish() {
  if (!partial_.empty()) {
    // The line in which the input ends is parsed with what precedes it.
    std::size_t line_feeds = 0;
    if (skipping_ && FindAnchor(partial_, 0, line_feeds) != std::string::npos) {
      resumed_line_ = line_ + 1;
      LookBack(partial_, 0, 0);
      skipping_ = false;
    }
    if (!skipping_) AddLine(partial_, true);
    partial_.clear();
  }
  reader_.Finish();
  router_.Finish();
}

}  // namespace oomlab::parser
