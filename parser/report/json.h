// OomReport -> JSON, schema oomlab.report/1 (parser/report/schema.h):
//
//   {"schema":"oomlab.report/1","reports":[
//   {"kind":"memcg","outcome":"killed","complete":true,"missing":[],...}
//   ]}
//
// Absent fields are left out, never null or 0. Names are those of the struct
// members. A name whose bytes are not UTF-8 has U+FFFD in their place, and
// beside it all of its bytes as hexadecimal digits in comm_hex.

#ifndef OOMLAB_PARSER_REPORT_JSON_H_
#define OOMLAB_PARSER_REPORT_JSON_H_

#include <string>
#include <vector>

#include "parser/report/oom_report.h"

namespace oomlab::parser {

// The whole document, with one report a line.
[[nodiscard]] std::string WriteReportsJson(
    const std::vector<OomReport>& reports);

// One report as one line, without its line feed: an element of "reports", and
// with `schema` a line of ndjson, which then names the schema itself.
void AppendReportJson(const OomReport& report, bool schema, std::string& out);

// Names as in the JSON: "memcg", "group_killed".
[[nodiscard]] const char* ReportKindName(ReportKind kind);
[[nodiscard]] const char* ReportOutcomeName(ReportOutcome outcome);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_REPORT_JSON_H_
