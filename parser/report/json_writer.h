// Compact JSON, appended to a string as it is made.
//
//   JsonWriter json(out);
//   json.BeginObject();
//   json.Field("pid", 102);
//   json.Field("uid", row.uid);   // optional: left out when absent
//   json.EndObject();
//
// A report with thousands of task rows goes through this once per row; building
// a tree of JSON values first cost most of the time of `oomlab parse`.

#ifndef OOMLAB_PARSER_REPORT_JSON_WRITER_H_
#define OOMLAB_PARSER_REPORT_JSON_WRITER_H_

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace oomlab::parser {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }

  // Names are ASCII without quotes and backslashes.
  void Key(std::string_view name) {
    Separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    needs_comma_ = false;
  }

  // Bytes that are not UTF-8 become U+FFFD.
  void Value(std::string_view text);
  void Value(const std::string& text) { Value(std::string_view(text)); }
  void Value(const char* text) { Value(std::string_view(text)); }
  void Value(bool value) {
    Separate();
    out_ += value ? "true" : "false";
    needs_comma_ = true;
  }
  template <class Number>
  requires(std::integral<Number> ||
           std::floating_point<Number>) void Value(Number value) {
    Separate();
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    out_.append(digits, end);
    needs_comma_ = true;
  }

  template <class T>
  void Field(std::string_view name, const T& value) {
    Key(name);
    Value(value);
  }
  template <class T>
  void Field(std::string_view name, const std::optional<T>& value) {
    if (value) Field(name, *value);
  }

 private:
  void Separate() {
    if (needs_comma_) out_ += ',';
  }
  void Open(char bracket) {
    Separate();
    out_ += bracket;
    needs_comma_ = false;
  }
  void Close(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
  }

  std::string& out_;
  bool needs_comma_ = false;
};

// Whether `text` is well-formed UTF-8.
[[nodiscard]] bool IsUtf8(std::string_view text);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_JSON_WRITER_H_
