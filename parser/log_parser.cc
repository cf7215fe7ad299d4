#include "parser/log_parser.h"

#include <utility>

namespace oomlab::parser {

LogParser::LogParser(Sink sink)
    : router_(std::move(sink)),
      reader_([this](const KernelLine& line) { router_.Add(line); }) {}

void LogParser::AddLine(std::string_view line, bool unterminated) {
  ++line_;
  reader_.Add(line, line_, unterminated);
}

void LogParser::Feed(std::string_view piece) {
  while (true) {
    const std::size_t end = piece.find('\n');
    if (end == std::string_view::npos) break;
    if (partial_.empty()) {
      AddLine(piece.substr(0, end), false);
    } else {
      partial_.append(piece.substr(0, end));
      AddLine(partial_, false);
      partial_.clear();
    }
    piece.remove_prefix(end + 1);
  }
  partial_.append(piece);
}

void LogParser::Finish() {
  if (!partial_.empty()) AddLine(partial_, true);
  partial_.clear();
  reader_.Finish();
  router_.Finish();
}

}  // namespace oomlab::parser
