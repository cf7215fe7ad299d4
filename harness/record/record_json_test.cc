#include "harness/record/record_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/record/schema.h"
#include "harness/scenario/validate.h"

namespace oomlab::harness {
namespace {

using nlohmann::json;

// A record in which every field differs from its default.
RunRecord FullRecord() {
  RunRecord record;
  record.status = "complete";
  record.context = {"0.1",
                    "2026-01-01T00:00:00Z",
                    "6.1",
                    "cpu",
                    2,
                    "vm",
                    "debian:6.12",
                    "/k/vmlinuz",
                    "6.12.95",
                    "6.12.95-1",
                    "ab12",
                    "7.2",
                    "microvm",
                    {"qemu", "-M", "microvm"},
                    "tcg",
                    "no /dev/kvm",
                    "oomlab run x"};
  record.scenario_name = "prefork-memcg";
  record.scenario_path = "scenarios/prefork-memcg.json";
  record.scenario_sha256 = "cd34";
  record.times = {1.5, 2.25, 4.0};
  record.verdict = Verdict::kBroken;
  record.broken = Broken{BrokenCause::kWitness, "they disagree"};
  record.findings = {{true, "outcome", "killed", "killed", {"a", "b"}}};
  record.console_panic = "Kernel panic";
  Observation& seen = record.observation;
  seen.guest = GuestInfo{"6.12.95", "#1 SMP", "console=ttyS0", 2,
                         1,         4096,     158984,          150000};
  seen.phases = {{"go", 5}, {"end", 9}};
  ProcessObservation process;
  process.workload = "server";
  process.role = "worker";
  process.index = 3;
  process.pid = 135;
  process.comm = "child";
  process.cgroup = "/app";
  process.oom_score_adj = -5;
  process.active = true;
  process.done = "reached";
  process.reached_bytes = 4096;
  process.exit_code = 1;
  process.exit_signal = 9;
  process.exit_ns = 77;
  seen.processes = {process};
  seen.before = Counters{{{"oom_kill", 0}}, {{"/app", {{"oom_kill", 0}}}}};
  seen.after = Counters{{{"oom_kill", 1}}, {{"/app", {{"oom_kill", 1}}}}};
  seen.samples = {{1, {{"/app", 4096}}, 2, 3, 4, 5}};
  seen.snapshots = {{"ready", 6, {{135, 1, 2, 3, 4, 5, 6}}, {{"/app", 8192}}}};
  seen.kernel_log_lost = 2;
  seen.agent_errors = {"an error"};
  seen.unsupported = {"a need"};
  seen.finished = true;
  return record;
}

TEST(RecordJsonTest, ReadsBackWhatItWrote) {
  const std::string text = EncodeRecord(FullRecord());
  const auto record = DecodeRecord(text);
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_EQ(EncodeRecord(*record), text);
  EXPECT_EQ(record->context.qemu_command.size(), 3u);
  EXPECT_EQ(record->verdict, Verdict::kBroken);
  ASSERT_TRUE(record->broken.has_value());
  EXPECT_EQ(record->broken->cause, BrokenCause::kWitness);
  ASSERT_EQ(record->observation.processes.size(), 1u);
  EXPECT_EQ(record->observation.processes[0].Id(), "server/worker/3");
  EXPECT_EQ(record->observation.processes[0].exit_signal, 9);
  ASSERT_TRUE(record->observation.after.has_value());
  EXPECT_EQ(record->observation.after->cgroup_events.at("/app").at("oom_kill"),
            1);
}

TEST(RecordJsonTest, ContextComesFirstAndAbsentFieldsAreLeftOut) {
  const std::string text = EncodeRecord(RunRecord{});
  EXPECT_LT(text.find("\"context\""), text.find("\"observation\""));
  for (const char* absent :
       {"verdict", "\"broken\"", "console_panic", "\"guest\"", "\"after\"",
        "null", "kernel_log\"", "scenario_text"})
    EXPECT_EQ(text.find(absent), text.npos) << absent;
  const auto record = DecodeRecord(text);
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_EQ(record->verdict, std::nullopt);
  EXPECT_FALSE(record->broken.has_value());
}

TEST(RecordJsonTest, WhatIsWrittenFitsTheSchema) {
  for (const RunRecord& record : {RunRecord{}, FullRecord()}) {
    for (const Diagnostic& wrong :
         ValidateJson(json::parse(EncodeRecord(record)), RecordSchema()))
      ADD_FAILURE() << wrong.pointer << ": " << wrong.what;
  }
  json damaged = json::parse(EncodeRecord(FullRecord()));
  damaged["observation"]["processes"][0]["rss"] = 1;
  damaged["observation"]["processes"][0].erase("pid");
  damaged["verdict"] = "passed";
  EXPECT_EQ(ValidateJson(damaged, RecordSchema()).size(), 3u);
}

// Every name must be known to the reader and to the schema.
TEST(RecordJsonTest, EveryVerdictAndCauseSurvives) {
  RunRecord record;
  for (int verdict = 0; verdict <= static_cast<int>(Verdict::kUnsupported);
       ++verdict) {
    for (int cause = 0; cause <= static_cast<int>(BrokenCause::kHost);
         ++cause) {
      record.verdict = static_cast<Verdict>(verdict);
      record.broken = Broken{static_cast<BrokenCause>(cause), ""};
      const std::string text = EncodeRecord(record);
      const auto read = DecodeRecord(text);
      ASSERT_TRUE(read.has_value()) << read.error().message;
      EXPECT_EQ(read->verdict, record.verdict);
      EXPECT_EQ(read->broken->cause, record.broken->cause);
      EXPECT_TRUE(ValidateJson(json::parse(text), RecordSchema()).empty());
    }
  }
}

TEST(RecordJsonTest, ACommThatIsNotUtf8KeepsItsBytes) {
  RunRecord record = FullRecord();
  const std::string comm = "\xff<\x1b\xc3(";
  record.observation.processes[0].comm = comm;
  const std::string text = EncodeRecord(record);
  EXPECT_NE(text.find("\"comm_hex\": \"ff3c1bc328\""), text.npos);
  EXPECT_EQ(text.find('\xff'), text.npos);
  EXPECT_EQ(text.find('\x1b'), text.npos);
  const auto read = DecodeRecord(text);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->observation.processes[0].comm, comm);
  EXPECT_TRUE(ValidateJson(json::parse(text), RecordSchema()).empty());
}

TEST(RecordJsonTest, HostileBytesElsewhereDoNotThrow) {
  RunRecord record = FullRecord();
  record.console_panic = "panic \xfe";
  record.findings[0].log_lines = {"\xc0\x80"};
  record.scenario_path = "dir/\xff.json";
  const std::string text = EncodeRecord(record);
  EXPECT_TRUE(DecodeRecord(text).has_value());
}

TEST(RecordJsonTest, DamageIsNamed) {
  json damaged = json::parse(EncodeRecord(FullRecord()));
  damaged["observation"].erase("finished");
  auto read = DecodeRecord(damaged.dump());
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kMalformed);
  EXPECT_NE(read.error().message.find("finished"), std::string::npos);

  damaged = json::parse(EncodeRecord(FullRecord()));
  damaged["schema"] = "oomlab.record/2";
  read = DecodeRecord(damaged.dump());
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message,
            "schema is \"oomlab.record/2\", not \"oomlab.record/1\"");

  damaged = json::parse(EncodeRecord(FullRecord()));
  damaged["observation"]["processes"][0]["comm_hex"] = "f";
  EXPECT_FALSE(DecodeRecord(damaged.dump()).has_value());
  damaged["observation"]["processes"][0]["comm_hex"] = "fg";
  EXPECT_FALSE(DecodeRecord(damaged.dump()).has_value());
  damaged["observation"]["processes"][0]["comm_hex"] = 7;
  EXPECT_FALSE(DecodeRecord(damaged.dump()).has_value());
  EXPECT_FALSE(DecodeRecord("{\"schema\":").has_value());
  EXPECT_FALSE(DecodeRecord("[]").has_value());
}

TEST(RunRecordTest, ExitStatusesAreThoseOfTheManual) {
  EXPECT_EQ(ExitStatus(Verdict::kPass), 0);
  EXPECT_EQ(ExitStatus(Verdict::kFail), 1);
  EXPECT_EQ(ExitStatus(Verdict::kBroken), 3);
  EXPECT_EQ(ExitStatus(Verdict::kUnsupported), 4);
}

}  // namespace
}  // namespace oomlab::harness
