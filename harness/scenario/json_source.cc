#include "harness/scenario/json_source.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

namespace oomlab::harness {
namespace {

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr std::size_t kMaxDepth = 32;

// Tells how far the lexer has read. The lexer reads token by token and calls
// the handler right after each, so this is the end of the token; only a number
// needs one character more to see its end.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* count)
      : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const {
    return at_ == other.at_;
  }
  bool operator!=(const CountingIterator& other) const {
    return at_ != other.at_;
  }

 private:
  const char* at_;
  std::size_t* count_;
};

// The first byte from `at` on that is neither blank, comment nor one of `also`.
std::size_t SkipBlank(std::string_view text, std::size_t at,
                      std::string_view also) {
  if (at == 0 && text.starts_with("\xEF\xBB\xBF")) at = 3;
  while (at < text.size()) {
    if (text.substr(at, 2) == "//") {
      at = std::min(text.find_first_of("\r\n", at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      const std::size_t close = text.find("*/", at + 2);
      if (close == text.npos) return at;
      at = close + 2;
    } else if (std::string_view(" \t\r\n").find(text[at]) != text.npos ||
               also.find(text[at]) != also.npos) {
      ++at;
    } else {
      return at;
    }
  }
  return text.size();
}

// The same number of bytes without those that a terminal would obey: C0, DEL
// and C1 (U+0080 to U+009F) control characters.
std::string Harmless(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next =
        static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == '\t') text[i] = ' ';
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) text[i] = '?';
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0)
      text[i] = text[i + 1] = '?';
  }
  return text;
}

// "[json.exception.parse_error.101] parse error at line 5, column 1: syntax
// error while parsing object key - unexpected '}'; expected string literal"
// without what Mark says better.
std::string PlainSyntaxError(std::string message) {
  if (const auto at = message.find("syntax error"); at != message.npos)
    message.erase(0, at);
  if (const auto at = message.find("; last read: '"); at != message.npos) {
    const auto rest = message.find("'; expected", at);
    message.erase(at, rest == message.npos ? rest : rest + 1 - at);
  }
  if (const auto at = message.find(" - "); at != message.npos)
    message.replace(at, 3, ": ");
  return message;
}

}  // namespace

// Receives the parser's events and writes down where each began.
class JsonPlaces : public nlohmann::json::json_sax_t {
 public:
  explicit JsonPlaces(JsonSource& source) : source_(source) {}

  // Where and why parsing stopped.
  struct Failure {
    std::size_t offset = 0;
    std::string what;
    std::string hint;
  };
  std::size_t* consumed() { return &consumed_; }
  const Failure& failure() const { return failure_; }

  bool null() override { return Value(); }
  bool boolean(bool /*value*/) override { return Value(); }
  bool number_integer(std::int64_t /*value*/) override { return Number(); }
  bool number_unsigned(std::uint64_t /*value*/) override { return Number(); }
  bool number_float(double /*value*/, const std::string& /*text*/) override {
    return Number();
  }
  bool string(std::string& /*value*/) override { return Value(); }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return Open(true); }
  bool start_array(std::size_t /*size*/) override { return Open(false); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(std::string& key) override {
    Container& object = open_.back();
    key_offset_ = Begin();
    object.key = key;
    if (!object.keys.insert(key).second)
      return Stop({key_offset_,
                   (object.pointer / key).to_string() +
                       ": this field is here for the second time",
                   "keep one of the two"});
    end_ = consumed_;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& cause) override {
    // `position` is behind the byte that was read last (and one too far at the
    // end of the text). That byte is the place, unless a whole literal is
    // unexpected; `last_token` is exact for literals only.
    const std::string_view text = source_.text_;
    const std::string_view what = cause.what();
    std::size_t offset =
        std::min(position == 0 ? 0 : position - 1, text.size());
    const bool at_byte = what.find("last read: '") != what.npos ||
                         what.find("unexpected '") != what.npos;
    if (!at_byte && text.substr(0, position).ends_with(last_token))
      offset = std::min(position, text.size()) - last_token.size();
    return Stop({offset, PlainSyntaxError(cause.what()), SyntaxHint()});
  }

 private:
  struct Container {
    bool is_object = false;
    std::size_t offset = 0;
    nlohmann::json::json_pointer pointer;
    std::size_t size = 0;
    std::string key;
    std::set<std::string> keys;
  };

  bool Stop(Failure failure) {
    failure_ = std::move(failure);
    return false;
  }

  [[nodiscard]] std::size_t Begin() const {
    return SkipBlank(source_.text_, end_, ",:");
  }

  nlohmann::json::json_pointer Place() {
    nlohmann::json::json_pointer pointer;
    JsonSource::Place place;
    place.value = place.key = Begin();
    if (!open_.empty()) {
      Container& parent = open_.back();
      pointer = parent.is_object ? parent.pointer / parent.key
                                 : parent.pointer / parent.size;
      if (parent.is_object) place.key = key_offset_;
      ++parent.size;
    }
    source_.places_[pointer.to_string()] = place;
    return pointer;
  }

  bool Value() {
    Place();
    end_ = consumed_;
    return true;
  }

  bool Number() {
    const std::size_t begin = Begin();
    Place();
    end_ = std::min(source_.text_.find_first_not_of("+-.0123456789eE", begin),
                    source_.text_.size());
    return true;
  }

  bool Open(bool is_object) {
    const std::size_t offset = Begin();
    if (open_.size() == kMaxDepth)
      return Stop({offset, "nested more than 32 levels deep", ""});
    open_.push_back({is_object, offset, Place(), 0, {}, {}});
    end_ = consumed_;
    return true;
  }

  bool Close() {
    open_.pop_back();
    end_ = consumed_;
    return true;
  }

  // What was probably forgotten, judged by what follows the last good token.
  [[nodiscard]] std::string SyntaxHint() const {
    const std::string_view text = source_.text_;
    const std::size_t next = SkipBlank(text, end_, "");
    const std::size_t after = SkipBlank(text, end_, ",:");
    if (after == text.size() && !open_.empty()) {
      const std::size_t line = static_cast<std::size_t>(std::count(
          text.begin(),
          text.begin() + static_cast<std::ptrdiff_t>(open_.back().offset),
          '\n'));
      return std::string("the ") + (open_.back().is_object ? "{" : "[") +
             " of line " + std::to_string(line + 1) + " is still open";
    }
    if (next < text.size() && text[next] == ',' &&
        (text[after] == '}' || text[after] == ']'))
      return std::string("remove the comma before the closing ") + text[after];
    const bool after_value = !open_.empty() && open_.back().size > 0;
    if (after_value && next < text.size() &&
        (text[next] == '"' || text[next] == '{' || text[next] == '['))
      return "is there a comma missing before this?";
    if (text.substr(after).starts_with('\''))
      return "strings stand in double quotes";
    return {};
  }

  JsonSource& source_;
  std::size_t consumed_ = 0;
  std::size_t end_ = 0;  // Of the last token.
  std::size_t key_offset_ = 0;
  std::vector<Container> open_;
  Failure failure_;
};

Result<JsonSource> JsonSource::Parse(std::string_view text,
                                     std::string_view name) {
  if (text.size() > kMaxBytes)
    return Fail(
        ErrorCode::kMalformed,
        std::string(name) + ": larger than 1 MiB, which is no scenario");
  JsonSource source(text, name);
  if (const auto nul = text.find('\0'); nul != text.npos)
    return Fail(ErrorCode::kMalformed, source.Mark(nul, "a NUL byte"));
  JsonPlaces places(source);
  const char* const begin = source.text_.data();
  if (!nlohmann::json::sax_parse(
          CountingIterator(begin, places.consumed()),
          CountingIterator(begin + source.text_.size(), places.consumed()),
          &places, nlohmann::json::input_format_t::json, true, true))
    return Fail(ErrorCode::kMalformed,
                source.Mark(places.failure().offset, places.failure().what),
                places.failure().hint);
  source.document_ = nlohmann::json::parse(source.text_, nullptr, false, true);
  return source;
}

std::size_t JsonSource::OffsetOf(const std::string& pointer, Part part) const {
  std::string nearest = pointer;
  auto found = places_.find(nearest);
  while (found == places_.end() && !nearest.empty()) {
    nearest.erase(nearest.rfind('/'));
    found = places_.find(nearest);
  }
  if (found == places_.end()) return 0;
  return part == Part::kKey && nearest == pointer ? found->second.key
                                                  : found->second.value;
}

std::string JsonSource::Mark(std::size_t offset, std::string_view what) const {
  constexpr std::size_t kBefore = 60;
  constexpr std::size_t kAfter = 60;
  offset = std::min(offset, text_.size());
  const std::string_view before = std::string_view(text_).substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0.
  const std::size_t line_end = std::min(text_.find('\n', offset), text_.size());

  // A window of a long line.
  const std::size_t from =
      offset - line_begin > kBefore ? offset - kBefore : line_begin;
  std::string excerpt =
      Harmless(text_.substr(from, std::min(line_end, offset + kAfter) - from));
  if (line_end < text_.size() && excerpt.ends_with('?') &&
      text_[line_end - 1] == '\r')
    excerpt.pop_back();
  const std::string_view left =
      std::string_view(excerpt).substr(0, offset - from);
  const auto marker = std::count_if(left.begin(), left.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  });

  constexpr std::size_t kLongestText = 500;  // It may quote a long value.
  std::string shown = Harmless(std::string(what.substr(0, kLongestText)));
  if (what.size() > kLongestText) shown += "...";
  const std::string number = std::to_string(line);
  return name_ + ":" + number + ":" + std::to_string(offset - line_begin + 1) +
         ": " + shown + "\n  " + number + " | " + excerpt + "\n  " +
         std::string(number.size(), ' ') + " | " +
         std::string(static_cast<std::size_t>(marker), ' ') + "^";
}

}  // namespace oomlab::harness
