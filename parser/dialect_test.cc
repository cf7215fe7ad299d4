// Every dialect that a log can come in gives the reports of the plain log.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "parser/parse.h"
#include "parser/testing/logs.h"

namespace oomlab::parser {
namespace {

constexpr const char* kLogs[] = {
    "7.2.12+deb13-cloud-amd64/global", "7.2.12+deb13-cloud-amd64/group",
    "6.12.95+deb12-cloud-amd64/sysrq", "6.1.0-55-cloud-amd64/memcg",
    "5.10.0-46-cloud-amd64/global",    "5.10.0-46-cloud-amd64/panic-console"};

// Each line of each record behind a front.
std::string Fronted(const std::vector<Record>& records,
                    const std::function<std::string(const Record&)>& front,
                    const std::string& back = "\n") {
  std::string out;
  for (const Record& record : records) {
    for (const std::string& line : SplitLines(record.text + "\n")) {
      out += front(record);
      out += line;
      out += back;
    }
  }
  return out;
}

std::string Stamp(const Record& record) {
  const std::string usec = fmt::format("{:0>7}", record.usec);
  return fmt::format("[{:>5}.{}] ", usec.substr(0, usec.size() - 6),
                     usec.substr(usec.size() - 6));
}

std::function<std::string(const Record&)> Fixed(const std::string& front) {
  return [front](const Record&) { return front; };
}

std::function<std::string(const Record&)> Stamped(
    const std::string& front, const std::string& back = "") {
  return [front, back](const Record& r) { return front + Stamp(r) + back; };
}

struct Dialect {
  const char* name;
  std::function<std::string(const std::vector<Record>&)> write;
};

void PrintTo(const Dialect& dialect, std::ostream* out) {
  *out << dialect.name;
}

using Records = std::vector<Record>;

std::string Export(const Records& records) {
  std::string out;
  for (const Record& record : records) {
    out += "__CURSOR=s=1;i=" + record.usec + "\n__REALTIME_TIMESTAMP=17\n" +
           "PRIORITY=4\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\n" +
           "SYSLOG_IDENTIFIER=kernel\n";
    if (record.text.find('\n') == std::string::npos) {
      out += "MESSAGE=" + record.text + "\n";
    } else {
      out += "MESSAGE\n";
      for (std::size_t i = 0, n = record.text.size(); i < 8; ++i, n >>= 8U) {
        out += static_cast<char>(n & 255U);
      }
      out += record.text + "\n";
    }
    out += "\n";
  }
  return out;
}

std::string Json(const Records& records, bool bytes) {
  std::string out;
  for (const Record& record : records) {
    nlohmann::json entry = {{"_TRANSPORT", "kernel"},
                            {"PRIORITY", "4"},
                            {"SYSLOG_IDENTIFIER", "kernel"},
                            {"MESSAGE", record.text}};
    if (bytes) {
      entry["MESSAGE"] =
          std::vector<unsigned char>(record.text.begin(), record.text.end());
    }
    out += entry.dump() + "\n";
  }
  return out;
}

std::string Docker(const Records& records) {
  std::string out;
  for (const std::string& line : SplitLines(Fronted(records, Stamped("")))) {
    out += nlohmann::json{{"log", line + "\n"},
                          {"stream", "stdout"},
                          {"time", "2025-08-12T03:54:03.1Z"}}
               .dump() +
           "\n";
  }
  return out;
}

// journalctl: the front once a record, blanks before its further lines.
std::string JournalShort(const Records& records) {
  const std::string front = "Mar 08 11:36:09 host kernel: ";
  std::string out;
  for (const Record& record : records) {
    out += front +
           Replace(record.text, "\n", "\n" + std::string(front.size(), ' ')) +
           "\n";
  }
  return out;
}

std::string Wrapped(const Records& records, std::size_t width) {
  std::string out;
  for (const std::string& line : SplitLines(Fronted(records, Stamped("")))) {
    for (std::size_t at = 0; at < line.size(); at += width) {
      out += line.substr(at, width) + "\n";
    }
  }
  return out;
}

std::string QuotedPrintable(const Records& records) {
  std::string out;
  for (const std::string& line : SplitLines(Fronted(records, Stamped("")))) {
    std::string row;
    for (const char c : Replace(line, "=", "=3D")) {
      // An escape is not broken by a soft line break.
      if (row.size() >= 73 && row[row.size() - 1] != '=' &&
          row[row.size() - 2] != '=') {
        out += row + "=\n";
        row.clear();
      }
      row += c;
    }
    out += row + "\n";
  }
  return out;
}

std::string Html(const Records& records) {
  std::string text = Fronted(records, Stamped(""), "<br>\n");
  text = Replace(Replace(text, "<br>\n", "\x01"), "&", "&amp;");
  text = Replace(Replace(text, "<", "&lt;"), ">", "&gt;");
  return "<pre>\n" + Replace(text, "\x01", "<br />\n") + "</pre>\n";
}

std::string Octal(const Records& records) {
  std::string out;
  for (const Record& record : records) {
    out += "Mar  8 11:36:09 host kernel: " + Stamp(record) +
           Replace(record.text, "\n", "#012") + "\n";
  }
  return out;
}

std::string RawLevels(const Records& records) {
  return Fronted(records, [](const Record& r) { return "<6>" + Stamp(r); });
}

const Dialect kDialects[] = {
    {"bare", [](const Records& r) { return Fronted(r, Fixed("")); }},
    {"bare_indented", [](const Records& r) { return Fronted(r, Fixed("\t")); }},
    {"indented", [](const Records& r) { return Fronted(r, Stamped("    ")); }},
    {"crlf", [](const Records& r) { return Fronted(r, Stamped(""), "\r\n"); }},
    {"dmesg_T",
     [](const Records& r) {
       return Fronted(r, Fixed("[Tue Aug 12 03:54:03 2025] "));
     }},
    {"dmesg_T_german",
     [](const Records& r) {
       return Fronted(r, Fixed("[Di Aug 12 03:54:03 2025] "));
     }},
    {"dmesg_T_japanese",
     [](const Records& r) {
       return Fronted(r,
                      Fixed("[\xe7\x81\xab  8\xe6\x9c\x88 12 03:54:03 2025] "));
     }},
    {"dmesg_x",
     [](const Records& r) { return Fronted(r, Stamped("kern  :info  : ")); }},
    {"dmesg_iso",
     [](const Records& r) {
       return Fronted(r, Fixed("2025-08-12T03:54:03,123456+00:00 "));
     }},
    {"raw_levels", RawLevels},
    {"caller",
     [](const Records& r) { return Fronted(r, Stamped("", "[  T102] ")); }},
    {"caller_tight",
     [](const Records& r) {
       return Fronted(r, [](const Record& one) {
         std::string stamp = Stamp(one);
         stamp.pop_back();
         return stamp + "[ T4002] ";
       });
     }},
    {"rfc3164",
     [](const Records& r) {
       return Fronted(r, Fixed("Mar  8 11:36:09 host kernel: "));
     }},
    {"rfc3164_stamped",
     [](const Records& r) {
       return Fronted(r, Stamped("Mar 18 11:36:09 host.example kernel: "));
     }},
    {"busybox",
     [](const Records& r) {
       return Fronted(r, Stamped("Jan  1 00:00:09 box kern.warn kernel: "));
     }},
    {"rfc3164_priority",
     [](const Records& r) {
       return Fronted(r, Fixed("<4>Mar  8 11:36:09 host kernel: "));
     }},
    {"rfc5424",
     [](const Records& r) {
       return Fronted(r,
                      Fixed("<4>1 2025-08-12T03:54:03.12Z host kernel - - - "));
     }},
    {"rfc5424_data",
     [](const Records& r) {
       return Fronted(r, Stamped("<4>1 2025-08-12T03:54:03Z host kernel 1 - "
                                 "[a b=\"c\"] \xef\xbb\xbf"));
     }},
    {"rsyslog_iso",
     [](const Records& r) {
       return Fronted(r,
                      Fixed("2025-08-12T03:54:03.123456+02:00 host kernel: "));
     }},
    {"short_iso",
     [](const Records& r) {
       return Fronted(r, Fixed("2025-08-12T03:54:03+0200 host kernel: "));
     }},
    {"short_monotonic",
     [](const Records& r) { return Fronted(r, Stamped("", "host kernel: ")); }},
    {"kernel_only",
     [](const Records& r) { return Fronted(r, Fixed("kernel: ")); }},
    {"cri",
     [](const Records& r) {
       return Fronted(r, Stamped("2025-08-12T03:54:03.123456789Z stdout F "));
     }},
    {"vmware",
     [](const Records& r) {
       return Fronted(
           r, Stamped("2025-08-12T03:54:03.123Z In(05) vcpu-5 - Guest: <6>"));
     }},
    {"vmware_old",
     [](const Records& r) {
       return Fronted(
           r, Stamped("2018-08-12T03:54:03.123Z| vcpu-0| I125: Guest: "));
     }},
    {"android",
     [](const Records& r) {
       return Fronted(r, Stamped("<6>", "[0:        swapper:    0] "));
     }},
    {"mail", [](const Records& r) { return Fronted(r, Stamped("> > ")); }},
    {"mail_tight", [](const Records& r) { return Fronted(r, Stamped(">>")); }},
    {"journal_short", JournalShort},
    {"journal_export", Export},
    {"journal_json", [](const Records& r) { return Json(r, false); }},
    {"journal_json_bytes", [](const Records& r) { return Json(r, true); }},
    {"docker", Docker},
    {"octal", Octal},
    {"wrapped_80", [](const Records& r) { return Wrapped(r, 80); }},
    {"wrapped_115", [](const Records& r) { return Wrapped(r, 115); }},
    {"wrapped_131", [](const Records& r) { return Wrapped(r, 131); }},
    {"quoted_printable", QuotedPrintable},
    {"html", Html},
    {"no_break_spaces",
     [](const Records& r) {
       return Replace(Fronted(r, Stamped("")), " ", "\xc2\xa0");
     }},
};

class DialectTest : public ::testing::TestWithParam<Dialect> {};

TEST_P(DialectTest, GivesTheReportsOfThePlainLog) {
  for (const char* name : kLogs) {
    SCOPED_TRACE(name);
    const std::string log = TestLog(name);
    const std::string text = GetParam().write(ToRecords(log));
    EXPECT_EQ(WithoutTimes(ParseLog(text)), WithoutTimes(ParseLog(log)))
        << text.substr(0, 3000);
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, DialectTest, ::testing::ValuesIn(kDialects),
                         [](const auto& param) {
                           return std::string(param.param.name);
                         });

TEST(DialectTest, OneFileMayMixThemAll) {
  const Records records = ToRecords(TestLog(kLogs[1]));
  std::string text;
  for (const Dialect& dialect : kDialects) text += dialect.write(records);
  const auto reports = ParseLog(text);
  const std::string want = WithoutTimes(ParseLog(TestLog(kLogs[1])));
  EXPECT_EQ(reports.size(), std::size(kDialects));
  for (const OomReport& report : reports) {
    EXPECT_EQ(WithoutTimes({report}), want) << "line " << report.first_line;
  }
}

TEST(DialectTest, BootTimesSurviveWhereTheyArePrinted) {
  for (const char* name : {"indented", "dmesg_x", "raw_levels", "caller",
                           "rfc3164_stamped", "short_monotonic", "docker"}) {
    for (const Dialect& dialect : kDialects) {
      if (std::string(name) != dialect.name) continue;
      const std::string log = TestLog(kLogs[0]);
      EXPECT_EQ(WithoutLines(ParseLog(dialect.write(ToRecords(log)))),
                WithoutLines(ParseLog(log)))
          << name;
    }
  }
}

}  // namespace
}  // namespace oomlab::parser
