// Every captured and published log in testdata/ beside its expected reports.
//
// Rewrite the expectations after a change that is meant, then read the diff:
//   bazel run //parser:golden_test -- --write

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "base/fd.h"
#include "parser/parse.h"
#include "parser/report/json.h"
#include "parser/report/schema.h"

namespace oomlab::parser {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<fs::path> Logs(const fs::path& root) {
  std::vector<fs::path> logs;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

std::string MustRead(const fs::path& path) {
  auto text = ReadFile(path.string());
  EXPECT_TRUE(text.has_value()) << text.error().message;
  return text.value_or("");
}

fs::path ExpectedPath(fs::path log) { return log.replace_extension(".json"); }

TEST(GoldenTest, EveryLogGivesItsExpectedReports) {
  const std::vector<fs::path> logs = Logs("parser/testdata");
  ASSERT_GE(logs.size(), 40u);
  for (const fs::path& log : logs) {
    SCOPED_TRACE(log.string());
    const Json got = Json::parse(WriteReportsJson(ParseLog(MustRead(log))));
    const Json want = Json::parse(MustRead(ExpectedPath(log)));
    EXPECT_EQ(got, want) << "differences:\n"
                         << nlohmann::json::diff(want, got).dump(1);
  }
}

TEST(GoldenTest, EveryExpectationObeysTheSchema) {
  const auto schema_json = nlohmann::json::parse(ReportSchema());
  valijson::Schema schema;
  valijson::SchemaParser parser;
  const valijson::adapters::NlohmannJsonAdapter schema_adapter(schema_json);
  parser.populateSchema(schema_adapter, schema);
  for (const fs::path& log : Logs("parser/testdata")) {
    SCOPED_TRACE(log.string());
    const auto json = nlohmann::json::parse(MustRead(ExpectedPath(log)));
    const valijson::adapters::NlohmannJsonAdapter adapter(json);
    valijson::Validator validator;
    valijson::ValidationResults results;
    EXPECT_TRUE(validator.validate(schema, adapter, &results));
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      std::string where;
      for (const auto& part : error.context) where += part;
      ADD_FAILURE() << where << ": " << error.description;
    }
  }
}

TEST(GoldenTest, TheSchemaRefusesWhatItDoesNotName) {
  const auto schema_json = nlohmann::json::parse(ReportSchema());
  valijson::Schema schema;
  valijson::SchemaParser parser;
  const valijson::adapters::NlohmannJsonAdapter schema_adapter(schema_json);
  parser.populateSchema(schema_adapter, schema);
  auto json = nlohmann::json::parse(
      WriteReportsJson(ParseLog("Killed process 7 (x) total-vm:8kB, "
                                "anon-rss:4kB, file-rss:0kB\n")));
  valijson::Validator validator;
  EXPECT_TRUE(validator.validate(
      schema, valijson::adapters::NlohmannJsonAdapter(json), nullptr));
  json["reports"][0]["victims"][0]["total_vm"] = 8;
  EXPECT_FALSE(validator.validate(
      schema, valijson::adapters::NlohmannJsonAdapter(json), nullptr));
}

// One line a field of a report, one line a task row: fit for reading and diff.
void Print(const Json& json, int depth, std::string& out) {
  constexpr int kDeepest = 4;
  if (depth >= kDeepest || !json.is_structured() || json.empty()) {
    out += json.dump();
    return;
  }
  const bool object = json.is_object();
  out += object ? '{' : '[';
  bool first = true;
  for (const auto& item : json.items()) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(static_cast<std::size_t>(depth) + 1, ' ');
    if (object) out += Json(item.key()).dump() + ": ";
    Print(item.value(), depth + 1, out);
  }
  out += '\n';
  out.append(static_cast<std::size_t>(depth), ' ');
  out += object ? '}' : ']';
}

void WriteExpectations() {
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  const fs::path root =
      fs::path(workspace ? workspace : ".") / "parser/testdata";
  for (const fs::path& log : Logs(root)) {
    const Json json = Json::parse(WriteReportsJson(ParseLog(MustRead(log))));
    std::string text;
    Print(json, 0, text);
    const auto done = ReplaceFile(ExpectedPath(log).string(), text + "\n");
    if (!done) std::cerr << done.error().message << "\n";
  }
}

}  // namespace
}  // namespace oomlab::parser

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "--write") {
    oomlab::parser::WriteExpectations();
    return 0;
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
