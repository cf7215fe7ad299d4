// The JSON Schema (draft 7) of oomlab.report/1, as text:
//
//   oomlab schema report > report.schema.json
//
// It describes the whole document; "#/definitions/report" is one report, which
// as a line of ndjson names the schema itself.

#ifndef OOMLAB_PARSER_REPORT_SCHEMA_H_
#define OOMLAB_PARSER_REPORT_SCHEMA_H_

#include <string_view>

namespace oomlab::parser {

[[nodiscard]] std::string_view ReportSchema();

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_SCHEMA_H_
