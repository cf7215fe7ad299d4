#include "parser/testing/atoms.h"

#include <cstddef>
#include <nlohmann/json.hpp>

#include "parser/testing/logs.h"

namespace oomlab::parser {
namespace {

using Json = nlohmann::ordered_json;

// What tells the elements of a list apart.
std::string KeyOf(const Json& element, std::size_t index) {
  if (!element.is_object()) return std::to_string(index);
  std::string key;
  for (const char* name : {"pid", "node", "zone", "size_kib"}) {
    const auto at = element.find(name);
    if (at != element.end()) key += at->dump() + " ";
  }
  return key.empty() ? std::to_string(index) : key;
}

void Flatten(const Json& json, const std::string& path,
             std::set<std::string>& atoms) {
  if (json.is_object()) {
    for (const auto& item : json.items()) {
      if (item.key() == "line") continue;
      Flatten(item.value(), path + "." + item.key(), atoms);
    }
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      Flatten(json[i], path + "[" + KeyOf(json[i], i) + "]", atoms);
    }
  } else {
    atoms.insert(path + "=" + json.dump());
  }
}

}  // namespace

std::set<std::string> Atoms(const std::vector<OomReport>& reports) {
  std::set<std::string> atoms;
  const Json document = Json::parse(WithoutLines(reports));
  for (const Json& report : document.at("reports")) {
    Json values = report;
    for (const char* name : {"kind", "outcome", "complete", "missing",
                             "first_line", "last_line", "warnings"}) {
      values.erase(name);
    }
    // Frames are told apart by what they are: one may be lost.
    if (values.contains("call_trace")) {
      for (const Json& frame : values["call_trace"]) {
        atoms.insert("call_trace=" + frame.dump());
      }
      values.erase("call_trace");
    }
    Flatten(values, "", atoms);
  }
  return atoms;
}

std::string Unknown(const std::set<std::string>& got,
                    const std::set<std::string>& known) {
  std::string list;
  int count = 0;
  for (const std::string& atom : got) {
    if (known.contains(atom)) continue;
    if (++count <= 8) list += atom + "\n";
  }
  return list;
}

}  // namespace oomlab::parser
