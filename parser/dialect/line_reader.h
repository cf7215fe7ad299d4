// Physical lines of a log -> lines of kernel text.
//
//   LineReader reader([](const KernelLine& line) { ... });
//   reader.Add("[    1.938968] prefork invoked oom-killer: ...", 3);
//   reader.Finish();
//
// The dialect is recognised line by line, so that one file may mix several.
// Lines that user space wrote are passed over.

#ifndef OOMLAB_PARSER_DIALECT_LINE_READER_H_
#define OOMLAB_PARSER_DIALECT_LINE_READER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "parser/dialect/kernel_line.h"

namespace oomlab::parser {

class LineReader {
 public:
  // The line's views are valid during the call only.
  using Sink = std::function<void(const KernelLine&)>;

  explicit LineReader(Sink sink) : sink_(std::move(sink)) {}

  // `raw` is without its line feed; `unterminated` when it had none.
  void Add(std::string_view raw, std::size_t number, bool unterminated = false);

  // Hands out what was held back.
  void Finish();

 private:
  void AddKmsgRecord(std::string_view raw, KernelLine line);

  Sink sink_;
  bool last_was_kmsg_ = false;
  std::string unescaped_;
};

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_LINE_READER_H_
