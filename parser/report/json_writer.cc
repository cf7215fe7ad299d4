#include "parser/report/json_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oomlab::parser {
namespace {

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

}  // namespace

void JsonWriter::Value(std::string_view text) {
  Separate();
  needs_comma_ = true;
  if (std::all_of(text.begin(), text.end(), IsPlain)) {
    out_ += '"';
    out_ += text;
    out_ += '"';
    return;
  }
  out_ += nlohmann::json(text).dump(-1, ' ', false,
                                    nlohmann::json::error_handler_t::replace);
}

bool IsUtf8(std::string_view text) {
  if (std::all_of(text.begin(), text.end(),
                  [](char c) { return static_cast<signed char>(c) >= 0; })) {
    return true;
  }
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace oomlab::parser
