// A JSON text with comments, and where in it every value stands.
//
//   Result<JsonSource> source = JsonSource::Parse(text, "memcg.json");
//   source->document()["workloads"][0]["image"]
//   source->Locate("/workloads/0/image", JsonSource::Part::kKey)
//     -> "memcg.json:12:7: /workloads/0/image: "
//
// Values are named by JSON pointer (RFC 6901). Lines and columns count from 1,
// columns in bytes.

#ifndef OOMLAB_HARNESS_SCENARIO_JSON_SOURCE_H_
#define OOMLAB_HARNESS_SCENARIO_JSON_SOURCE_H_

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oomlab::harness {

class JsonSource {
 public:
  // Which part of a member an error is about; array items have no key, so both
  // mean the value then.
  enum class Part { kKey, kValue };

  // `name` is used in messages only. Errors: kMalformed for what is no JSON, a
  // key that occurs twice in one object, nesting over 32 levels, NUL bytes, or
  // more than 1 MiB. The message is "name:line:column: what", the source line
  // and a marker below the place.
  [[nodiscard]] static Result<JsonSource> Parse(std::string_view text,
                                                std::string_view name);

  [[nodiscard]] const nlohmann::json& document() const { return document_; }

  // Byte offset of a value or key; of the nearest enclosing value if nothing
  // stands at `pointer`.
  [[nodiscard]] std::size_t OffsetOf(const std::string& pointer,
                                     Part part) const;

  // "name:line:column: what", then the source line and a marker:
  //
  //   memcg.json:3:12: /name: must be a string, not a number
  //     3 |   "name": 7,
  //       |           ^
  [[nodiscard]] std::string Mark(std::size_t offset,
                                 std::string_view what) const;

 private:
  struct Place {
    std::size_t key = 0;
    std::size_t value = 0;
  };
  friend class JsonPlaces;

  JsonSource(std::string_view text, std::string_view name)
      : name_(name), text_(text) {}

  std::string name_;
  std::string text_;
  nlohmann::json document_;
  std::map<std::string, Place> places_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SCENARIO_JSON_SOURCE_H_
