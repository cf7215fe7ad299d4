#include "harness/vm/console_log.h"

#include <fcntl.h>

#include <algorithm>

namespace oomlab::harness {
namespace {

constexpr std::size_t kMaxLineBytes = 1024;  // As long as a printk record.

std::string Printable(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c >= ' ' && c <= '~'; });
  return out;
}

// From "Kernel panic" on, so without timestamp and caller.
std::optional<std::string> PanicIn(std::string_view line) {
  const std::size_t at = line.find("Kernel panic - not syncing");
  // The mark at a panic's end repeats the words: "---[ end Kernel panic ...".
  if (at == std::string_view::npos || line.find("---[ end") < at) {
    return std::nullopt;
  }
  return Printable(line.substr(at));
}

}  // namespace

Result<> ConsoleLog::Open(const std::string& path) {
  Result<ScopedFd> fd = OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!fd) return tl::unexpected(fd.error());
  fd_ = std::move(*fd);
  path_ = path;
  return {};
}

Result<> ConsoleLog::Append(std::string_view bytes) {
  Result<> stored;
  if (fd_.valid()) stored = WriteAll(fd_.get(), bytes, path_);
  for (const char c : bytes) {
    if (c == '\n') {
      Line();
    } else if (line_.size() < kMaxLineBytes) {
      line_ += c;
    }
  }
  return stored;
}

void ConsoleLog::Line() {
  if (!panic_) panic_ = PanicIn(line_);
  std::string text = Printable(line_);
  if (!text.empty()) last_ = std::move(text);
  line_.clear();
}

std::optional<std::string> ConsoleLog::panic_line() const {
  return panic_ ? panic_ : PanicIn(line_);
}

std::string ConsoleLog::last_line() const {
  std::string text = Printable(line_);
  return text.empty() ? last_ : text;
}

}  // namespace oomlab::harness
