#include "harness/scenario/validate.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace oomlab::harness {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

std::string KindOf(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      return "null";
    case json::value_t::object:
      return "an object {...}";
    case json::value_t::array:
      return "a list [...]";
    case json::value_t::string:
      return "a text";
    case json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    default:
      return value.dump();
  }
}

std::string KindOfSchemaType(const std::string& type) {
  if (type == "object") return "an object {...}";
  if (type == "array") return "a list [...]";
  if (type == "string") return "a text in quotes";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  return type;
}

// The schemas that apply to one value: several through allOf and if/then.
using Schemas = std::vector<const json*>;

class Explainer {
 public:
  Explainer(const json& document, const json& schema)
      : document_(document), schema_(schema) {}

  // One diagnostic (or none, or several) for an error of valijson. Only leaves
  // are explained; "failed to validate item #1" only repeats one.
  void Explain(const Pointer& at, const std::string& error) {
    if (error.starts_with("Failed to validate")) return;
    const json& value = document_.at(at);
    const Schemas schemas = SchemasOf(at);
    if (error.starts_with("Missing required property")) {
      ExplainMissing(at, value, schemas);
    } else if (error.starts_with("Object contains a property")) {
      ExplainUnknown(at, value, schemas);
    } else {
      Add({at.to_string(), JsonSource::Part::kValue, Wrong(value, schemas),
           DescriptionOf(schemas)});
    }
  }

  [[nodiscard]] std::vector<Diagnostic> Finish() {
    return std::move(diagnostics_);
  }

 private:
  // The same fault may be found twice, through allOf.
  void Add(Diagnostic diagnostic) {
    if (reported_.insert(diagnostic.pointer + " " + diagnostic.what).second)
      diagnostics_.push_back(std::move(diagnostic));
  }

  const json* Resolve(const json* schema) const {
    while (schema->contains("$ref"))
      schema =
          &schema_.at(Pointer(schema->at("$ref").get<std::string>().substr(1)));
    return schema;
  }

  // `schema` and whatever its allOf and if/then add for `value`.
  void Collect(const json* schema, const json& value, Schemas& schemas) const {
    schema = Resolve(schema);
    schemas.push_back(schema);
    if (const auto then = schema->find("then"); then != schema->end()) {
      const json& condition = schema->at("if").at("properties");
      bool holds = value.is_object();
      for (const auto& [key, wanted] : condition.items())
        holds =
            holds && value.contains(key) && value.at(key) == wanted.at("const");
      if (holds) Collect(&*then, value, schemas);
    }
    if (const auto all = schema->find("allOf"); all != schema->end())
      for (const json& each : *all) Collect(&each, value, schemas);
  }

  Schemas SchemasOf(const Pointer& at) const {
    std::vector<std::string> steps;
    for (Pointer p = at; !p.empty(); p.pop_back()) steps.push_back(p.back());
    Schemas schemas;
    Collect(&schema_, document_, schemas);
    Pointer here;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      here /= *step;
      Schemas below;
      for (const json* schema : schemas)
        if (const json* next = Member(*schema, *step); next != nullptr)
          Collect(next, document_.at(here), below);
      schemas = std::move(below);
    }
    return schemas;
  }

  static const json* Member(const json& schema, const std::string& step) {
    if (schema.contains("properties") && schema["properties"].contains(step))
      return &schema["properties"][step];
    if (schema.contains("additionalProperties") &&
        schema["additionalProperties"].is_object())
      return &schema["additionalProperties"];
    return schema.contains("items") ? &schema["items"] : nullptr;
  }

  std::string DescriptionOf(const Schemas& schemas) const {
    for (const json* schema : schemas)
      if (schema->contains("description"))
        return schema->at("description").get<std::string>();
    return {};
  }

  static std::vector<std::string> Names(const json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    return names;
  }

  // valijson names only the first of several, so all are looked up here.
  void ExplainUnknown(const Pointer& at, const json& value,
                      const Schemas& schemas) {
    for (const json* schema : schemas) {
      if (!schema->contains("additionalProperties") ||
          (*schema)["additionalProperties"] != false)
        continue;
      const std::vector<std::string> allowed = Names((*schema)["properties"]);
      // What is there already cannot be what was meant.
      std::vector<std::string> absent;
      for (const std::string& name : allowed)
        if (!value.contains(name)) absent.push_back(name);
      for (const std::string& name : Names(value)) {
        if (std::find(allowed.begin(), allowed.end(), name) != allowed.end())
          continue;
        const std::string nearest = NearestWord(name, absent);
        Add({(at / name).to_string(), JsonSource::Part::kKey, "unknown field",
             nearest.empty() ? "the fields here are " + QuotedList(allowed)
                             : "did you mean \"" + nearest + "\"?"});
      }
    }
  }

  void ExplainMissing(const Pointer& at, const json& value,
                      const Schemas& schemas) {
    for (const json* schema : schemas) {
      if (!schema->contains("required")) continue;
      for (const auto& name : schema->at("required")) {
        const auto key = name.get<std::string>();
        if (value.contains(key) || Misspelt(key, value, *schema)) continue;
        Schemas wanted;
        if (const json* member = Member(*schema, key); member != nullptr)
          Collect(member, json(), wanted);
        Add({at.to_string(), JsonSource::Part::kValue,
             "lacks the field \"" + key + "\"", DescriptionOf(wanted)});
      }
    }
  }

  static bool Misspelt(const std::string& key, const json& value,
                       const json& schema) {
    const std::vector<std::string> names = Names(value);
    return std::any_of(names.begin(), names.end(), [&](const auto& name) {
      return !(schema.contains("properties") &&
               schema["properties"].contains(name)) &&
             !NearestWord(name, {key}).empty();
    });
  }

  static std::string QuotedList(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
      text += (text.empty() ? "\"" : ", \"") + name + "\"";
    return text;
  }

  // What a value must be that is none of an object's fields.
  static std::string Wrong(const json& value, const Schemas& schemas) {
    for (const json* schema : schemas) {
      std::string wrong = WrongType(value, *schema);
      if (wrong.empty()) wrong = WrongChoice(value, *schema);
      if (wrong.empty()) wrong = OutOfBounds(value, *schema);
      if (!wrong.empty()) return wrong;
    }
    return "has a value that is not allowed here";
  }

  static std::string WrongType(const json& value, const json& schema) {
    if (!schema.contains("type")) return {};
    const json& type = schema["type"];
    const json types = type.is_array() ? type : json::array({type});
    std::string wanted;
    for (const auto& each : types) {
      const auto name = each.get<std::string>();
      if (name == value.type_name() ||
          (name == "integer" && value.is_number_integer()))
        return {};
      wanted += (wanted.empty() ? "" : " or ") + KindOfSchemaType(name);
    }
    return "must be " + wanted + ", not " + KindOf(value);
  }

  static std::string WrongChoice(const json& value, const json& schema) {
    if (!schema.contains("enum")) return {};
    std::vector<std::string> choices;
    for (const auto& each : schema["enum"]) {
      if (each == value) return {};
      choices.push_back(each.get<std::string>());
    }
    std::string text = "must be " + QuotedChoices(choices);
    text +=
        ", not " + (value.is_string() ? "\"" + value.get<std::string>() + "\""
                                      : KindOf(value));
    if (value.is_string())
      if (const auto nearest = NearestWord(value.get<std::string>(), choices);
          choices.size() > 1 && !nearest.empty())
        text += "; did you mean \"" + nearest + "\"?";
    return text;
  }

  static std::string OutOfBounds(const json& value, const json& schema) {
    const auto bound = [&](const char* key) { return schema[key].dump(); };
    if (value.is_number()) {
      const auto number = value.get<double>();
      if (schema.contains("minimum") && number < schema["minimum"])
        return "must be at least " + bound("minimum") + ", not " + value.dump();
      if (schema.contains("exclusiveMinimum") &&
          number <= schema["exclusiveMinimum"])
        return "must be more than " + bound("exclusiveMinimum") + ", not " +
               value.dump();
      if (schema.contains("maximum") && number > schema["maximum"])
        return "must be at most " + bound("maximum") + ", not " + value.dump();
      return "is too large: " + value.dump();
    }
    if (value.is_string() && schema.contains("minLength"))
      return "must not be empty";
    if (value.is_array() && schema.contains("minItems"))
      return "must hold at least " + bound("minItems") + " item";
    if (value.is_object() && schema.contains("minProperties"))
      return "must hold at least " + bound("minProperties") + " field";
    return {};
  }

  const json& document_;
  const json& schema_;
  std::set<std::string> reported_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace

std::vector<Diagnostic> ValidateJson(const json& document,
                                     std::string_view schema_text) {
  const json schema_document = json::parse(schema_text);
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_document),
                      schema);
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(
          schema, valijson::adapters::NlohmannJsonAdapter(document), &results))
    return {};

  Explainer explainer(document, schema_document);
  for (const auto& error : results) {
    Pointer at;  // Of {"<root>", "[workloads]", "[0]"}.
    for (std::size_t i = 1; i < error.context.size(); ++i) {
      const std::string& step = error.context[i];
      const std::string name = step.substr(1, step.size() - 2);
      if (document.at(at).is_array())
        at /= static_cast<std::size_t>(std::stoull(name));
      else
        at /= name;
    }
    explainer.Explain(at, error.description);
  }
  std::vector<Diagnostic> diagnostics = explainer.Finish();
  // Whatever happens, an invalid document must not look valid.
  if (diagnostics.empty())
    diagnostics.push_back(
        {"", JsonSource::Part::kValue, "does not fit the schema", ""});
  return diagnostics;
}

}  // namespace oomlab::harness
