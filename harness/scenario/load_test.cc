#include "harness/scenario/load.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

namespace oomlab::harness {
namespace {

// The form that the manual shows.
constexpr std::string_view kGood = R"({
  "schema": "oomlab.scenario/1",
  "name": "prefork-memcg",
  "description": "a parent grows",
  "machine": {"memory": "256MiB", "cpus": 2},  // optional
  "sysctls": {"vm.oom_dump_tasks": 0, "kernel.core_pattern": "|x"},
  "cgroups": [
    {"path": "/app", "memory.max": "64MiB", "memory.high": "max",
     "memory.swap.max": 0, "memory.oom.group": true}
  ],
  "workloads": [
    {"name": "server", "kind": "prefork", "cgroup": "/app", "comm": "prefork",
     "worker_comm": "child", "oom_score_adj": -5, "image": "20MiB",
     "workers": 5, "grow": "parent", "grow_by": "80MiB",
     "worker_private": 4096},
    {"name": "stress", "kind": "alloc", "workers": 2, "bytes": "100MiB",
     "mode": "cycle", "cycles": 3, "worker_comm": "hog"}
  ],
  "deadline_s": 12.5,
  "expect": {"outcome": "killed", "constraint": "CONSTRAINT_MEMCG",
    "victims": [{"process": "server/parent"}],
    "survivors": [{"process": "server/worker", "count": 5},
                  {"process": "stress/worker/1"}],
    "task_table": true}
}
)";

TEST(LoadScenarioTest, ReadsEveryField) {
  const auto scenario = LoadScenario(kGood, "t.json");
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  EXPECT_EQ(scenario->name, "prefork-memcg");
  EXPECT_EQ(scenario->description, "a parent grows");
  EXPECT_EQ(scenario->machine.memory_bytes, 256ull << 20);
  EXPECT_EQ(scenario->machine.cpus, 2u);
  EXPECT_EQ(scenario->sysctls.at("vm.oom_dump_tasks"), "0");
  EXPECT_EQ(scenario->sysctls.at("kernel.core_pattern"), "|x");
  ASSERT_EQ(scenario->cgroups.size(), 1u);
  EXPECT_EQ(scenario->cgroups[0].path, "/app");
  EXPECT_EQ(scenario->cgroups[0].controls,
            (std::map<std::string, std::string>{{"memory.high", "max"},
                                                {"memory.max", "67108864"},
                                                {"memory.oom.group", "1"},
                                                {"memory.swap.max", "0"}}));
  ASSERT_EQ(scenario->workloads.size(), 2u);
  const Workload& server = scenario->workloads[0];
  EXPECT_EQ(server.cgroup, "/app");
  EXPECT_EQ(server.comm, "prefork");
  EXPECT_EQ(server.oom_score_adj, -5);
  const auto& prefork = std::get<PreforkOptions>(server.options);
  EXPECT_EQ(prefork.image_bytes, 20ull << 20);
  EXPECT_EQ(prefork.workers, 5u);
  EXPECT_EQ(prefork.grow, PreforkOptions::Grow::kParent);
  EXPECT_EQ(prefork.grow_bytes, 80ull << 20);
  EXPECT_EQ(prefork.worker_private_bytes, 4096u);
  EXPECT_EQ(prefork.worker_comm, "child");
  EXPECT_EQ(scenario->workloads[1].cgroup, "/");
  EXPECT_EQ(scenario->workloads[1].comm, std::nullopt);
  const auto& alloc = std::get<AllocOptions>(scenario->workloads[1].options);
  EXPECT_EQ(alloc.workers, 2u);
  EXPECT_EQ(alloc.bytes, 100ull << 20);
  EXPECT_EQ(alloc.mode, AllocOptions::Mode::kCycle);
  EXPECT_EQ(alloc.cycles, 3u);
  EXPECT_EQ(alloc.worker_comm, "hog");
  EXPECT_EQ(scenario->deadline_s, 12.5);
  EXPECT_EQ(scenario->expect.outcome, "killed");
  EXPECT_EQ(scenario->expect.constraint, "CONSTRAINT_MEMCG");
  ASSERT_TRUE(scenario->expect.victims && scenario->expect.survivors);
  EXPECT_EQ(scenario->expect.victims->at(0).process, "server/parent");
  EXPECT_EQ(scenario->expect.victims->at(0).count, std::nullopt);
  EXPECT_EQ(scenario->expect.survivors->at(0).count, 5u);
  EXPECT_EQ(scenario->expect.task_table, true);
}

TEST(LoadScenarioTest, WhatIsLeftOutHasTheDefaultOfTheManual) {
  const auto scenario = LoadScenario(
      R"({"schema": "oomlab.scenario/1", "name": "x", "workloads": [
          {"name": "a", "kind": "alloc", "bytes": 1}],
          "expect": {"victims": []}})",
      "t.json");
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  EXPECT_EQ(scenario->machine.memory_bytes, 192ull << 20);
  EXPECT_EQ(scenario->machine.cpus, 1u);
  EXPECT_EQ(scenario->deadline_s, 30);
  EXPECT_EQ(std::get<AllocOptions>(scenario->workloads[0].options).workers, 1u);
  EXPECT_EQ(scenario->expect.outcome, std::nullopt);
  ASSERT_TRUE(scenario->expect.victims.has_value());
  EXPECT_TRUE(scenario->expect.victims->empty());
  EXPECT_EQ(scenario->expect.task_table, std::nullopt);
}

// kGood with its first `from` replaced.
std::string With(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const auto at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

// As the command prints it.
std::string ErrorOf(const std::string& text) {
  const auto scenario = LoadScenario(text, "t.json");
  if (scenario) return "(no error)";
  EXPECT_EQ(scenario.error().code, ErrorCode::kUsage);
  return scenario.error().message +
         (scenario.error().hint.empty() ? "" : "\nhint: ") +
         scenario.error().hint;
}

// One thing wrong with kGood, and all that is said about it.
struct Mistake {
  const char* from;
  const char* to;
  const char* said;
};

TEST(LoadScenarioTest, AMistakeIsShownWithItsPlaceAndTheWayOut) {
  // clang-format off
  const Mistake mistakes[] = {
      {R"("image")", R"("imgae")",
       R"(t.json:13:51: /workloads/0/imgae: unknown field
  13 |      "worker_comm": "child", "oom_score_adj": -5, "imgae": "20MiB",
     |                                                   ^
hint: did you mean "image"?)"},
      {R"("image": "20MiB",)", R"()",
       R"(t.json:12:5: /workloads/0: lacks the field "image"
  12 |     {"name": "server", "kind": "prefork", "cgroup": "/app", "com
     |     ^
hint: memory that the parent fills before it forks, shared copy-on-write by the workers: a whole number of bytes, or a text such as "20MiB")"},
      {R"("20MiB")", R"(20.5)",
       R"(t.json:13:60: /workloads/0/image: must be a text in quotes or a whole number, not 20.5
  13 |      "worker_comm": "child", "oom_score_adj": -5, "image": 20.5,
     |                                                            ^
hint: memory that the parent fills before it forks, shared copy-on-write by the workers: a whole number of bytes, or a text such as "20MiB")"},
      {R"("20MiB")", R"("20MB")",
       R"(t.json:13:60: /workloads/0/image: '20MB' has the unknown unit 'MB'
  13 |      "worker_comm": "child", "oom_score_adj": -5, "image": "20MB",
     |                                                            ^
hint: write 20MiB (units of 1024))"},
      {R"("prefork",)", R"("prefrok",)",
       R"(t.json:12:32: /workloads/0/kind: must be "prefork" or "alloc", not "prefrok"; did you mean "prefork"?
  12 |     {"name": "server", "kind": "prefrok", "cgroup": "/app", "comm": "prefork",
     |                                ^
hint: kind of load: "prefork" (a parent whose image is shared copy-on-write by its workers) or "alloc" (workers that allocate, like stress))"},
      {R"("kind": "prefork", )", R"()",
       R"(t.json:12:5: /workloads/0: lacks the field "kind"
  12 |     {"name": "server", "cgroup": "/app", "comm": "prefork",
     |     ^
hint: kind of load: "prefork" (a parent whose image is shared copy-on-write by its workers) or "alloc" (workers that allocate, like stress))"},
      {R"("killed")", R"("kill")",
       R"(t.json:20:25: /expect/outcome: must be "killed", "group_killed", "panic", "no_killable_process" or "none", not "kill"
  20 |   "expect": {"outcome": "kill", "constraint": "CONSTRAINT_MEMCG",
     |                         ^
hint: what the OOM killer does: "killed" (one process at a time), "group_killed" (memory.oom.group), "panic", "no_killable_process", or "none" (memory does not run out))"},
      {R"("workers": 5)", R"("workers": 0)",
       R"(t.json:14:17: /workloads/0/workers: must be at least 1, not 0
  14 |      "workers": 0, "grow": "parent", "grow_by": "80MiB",
     |                 ^
hint: number of worker processes, 1 to 4096, 1 if not given)"},
      {R"("workers": 5)", R"("workers": "5")",
       R"(t.json:14:17: /workloads/0/workers: must be a whole number, not a text
  14 |      "workers": "5", "grow": "parent", "grow_by": "80MiB",
     |                 ^
hint: number of worker processes, 1 to 4096, 1 if not given)"},
      {R"("oomlab.scenario/1")", R"("oomlab.scenario/2")",
       R"(t.json:2:13: /schema: must be "oomlab.scenario/1", not "oomlab.scenario/2"
  2 |   "schema": "oomlab.scenario/2",
    |             ^
hint: form of this file: "oomlab.scenario/1")"},
      {R"(-5)", R"(-1001)",
       R"(t.json:13:47: /workloads/0/oom_score_adj: must be at least -1000, not -1001
  13 |      "worker_comm": "child", "oom_score_adj": -1001, "image": "20MiB",
     |                                               ^
hint: oom_score_adj of all its processes, a whole number from -1000 (never killed) to 1000 (killed first), 0 if not given)"},
      {R"("prefork",
)", R"("a-comm-of-sixteen",
)",
       R"(t.json:12:69: /workloads/0/comm: has 17 bytes, more than the 15 that the kernel keeps
  12 | me": "server", "kind": "prefork", "cgroup": "/app", "comm": "a-comm-of-sixteen",
     |                                                             ^
hint: shorten it to "a-comm-of-sixte")"},
      {R"("cgroup": "/app")", R"("cgroup": "/ap")",
       R"(t.json:12:53: /workloads/0/cgroup: "/ap" is not declared in "cgroups"
  12 |     {"name": "server", "kind": "prefork", "cgroup": "/ap", "comm": "prefork",
     |                                                     ^
hint: did you mean "/app"?)"},
      {R"("server/parent")", R"("srever/parent")",
       R"(t.json:21:29: /expect/victims/0/process: there is no workload "srever"
  21 |     "victims": [{"process": "srever/parent"}],
     |                             ^
hint: did you mean "server"?)"},
      {R"("server/parent")", R"("server")",
       R"(t.json:21:29: /expect/victims/0/process: "server" does not name processes
  21 |     "victims": [{"process": "server"}],
     |                             ^
hint: write "server/parent", "server/worker" or "server/worker/0")"},
      {R"("count": 5)", R"("count": 6)",
       R"(t.json:22:57: /expect/survivors/0/count: 6 of "server/worker" are more than there are
  22 |     "survivors": [{"process": "server/worker", "count": 6},
     |                                                         ^
hint: the scenario has 5)"},
      {R"(stress/worker/1)", R"(stress/worker/2)",
       R"(t.json:23:31: /expect/survivors/1/process: "stress" has no worker 2
  23 |                   {"process": "stress/worker/2"}],
     |                               ^
hint: its workers are 0 to 1)"},
      {R"("name": "stress")", R"("name": "server")",
       R"(t.json:16:14: /workloads/1/name: "server" is the name of two workloads
  16 |     {"name": "server", "kind": "alloc", "workers": 2, "bytes": "100MiB",
     |              ^
hint: names are unique)"},
      {R"(vm.oom_dump_tasks)", R"(oom_dump_tasks)",
       R"(t.json:6:15: /sysctls/oom_dump_tasks: this is not the name of a sysctl
  6 |   "sysctls": {"oom_dump_tasks": 0, "kernel.core_pattern": "|x"},
    |               ^
hint: names have a group and a dot, as in "vm.oom_dump_tasks" or "kernel.panic")"},
      {R"(true}
})", R"(1}
})",
       R"(t.json:24:19: /expect/task_table: must be true or false, not 1
  24 |     "task_table": 1}
     |                   ^
hint: true: every report holds the table of tasks; false: none does)"},
      {R"("cycles": 3, )", R"()",
       R"(t.json:17:14: /workloads/1/mode: mode "cycle" needs "cycles"
  17 |      "mode": "cycle", "worker_comm": "hog"}
     |              ^
hint: say how often, as in "cycles": 10)"},
      {R"("deadline_s": 12.5)", R"("deadline_s": 0)",
       R"(t.json:19:17: /deadline_s: must be more than 0, not 0
  19 |   "deadline_s": 0,
     |                 ^
hint: seconds from the first word of the guest to the end, at least 10 are given, above 0, 3600 at most, 30 if not given; slower machines get more in proportion)"},
      {R"(CONSTRAINT_MEMCG)", R"(MEMCG)",
       R"(t.json:20:49: /expect/constraint: must be "CONSTRAINT_NONE", "CONSTRAINT_CPUSET", "CONSTRAINT_MEMORY_POLICY" or "CONSTRAINT_MEMCG", not "MEMCG"
  20 |   "expect": {"outcome": "killed", "constraint": "MEMCG",
     |                                                 ^
hint: what limited the allocation, in the kernel's word)"},
      {R"(256MiB)", R"(32MiB)",
       R"(t.json:5:25: /machine/memory: 32 MiB is too little for a guest
  5 |   "machine": {"memory": "32MiB", "cpus": 2},  // optional
    |                         ^
hint: give it 64MiB at least)"},
      {R"("memory.max": "64MiB")", R"("memory.max": "10MiB")",
       R"(t.json:8:36: /cgroups/0/memory.max: 10 MiB is full before the start signal: the workloads in it begin with 20,500 KiB
  8 |     {"path": "/app", "memory.max": "10MiB", "memory.high": "max",
    |                                    ^
hint: raise the limit or make the images smaller)"},
      {R"("memory.max": "64MiB")", R"("memory.maxx": "64MB")",
       R"(t.json:8:22: /cgroups/0/memory.maxx: unknown field
  8 |     {"path": "/app", "memory.maxx": "64MB", "memory.high": "max",
    |                      ^
hint: did you mean "memory.max"?)"},
      {R"("grow": "parent", )", R"()",
       R"(t.json:14:31: /workloads/0/grow_by: nobody grows
  14 |      "workers": 5, "grow_by": "80MiB",
     |                               ^
hint: say who, as in "grow": "parent")"},
      {R"("process": "server/worker")", R"("process": "server/parent")",
       R"(t.json:22:57: /expect/survivors/0/count: 5 of "server/parent" are more than there are
  22 |     "survivors": [{"process": "server/parent", "count": 5},
     |                                                         ^
hint: the scenario has 1)"},
      {R"("description")", R"("descripton": 1, "foo")",
       R"(t.json:4:3: /descripton: unknown field
  4 |   "descripton": 1, "foo": "a parent grows",
    |   ^
hint: did you mean "description"?
t.json:4:20: /foo: unknown field
  4 |   "descripton": 1, "foo": "a parent grows",
    |                    ^
hint: the fields here are "cgroups", "deadline_s", "description", "expect", "machine", "name", "schema", "sysctls", "workloads")"},
      {R"("workloads": [)", R"("workloads": [], "x": [)",
       R"(t.json:11:16: /workloads: must hold at least 1 item
  11 |   "workloads": [], "x": [
     |                ^
hint: what runs, at least one; all start at the same moment once each is ready
t.json:11:20: /x: unknown field
  11 |   "workloads": [], "x": [
     |                    ^
hint: the fields here are "cgroups", "deadline_s", "description", "expect", "machine", "name", "schema", "sysctls", "workloads")"},
      {R"(prefork-memcg)", R"(../x)",
       R"(t.json:3:11: /name: "../x" is not a name
  3 |   "name": "../x",
    |           ^
hint: use 1 to 64 letters, digits, '-', '_' and '.', the first a letter, a digit or '_')"},
      {R"("/app", "mem)", R"("app", "mem)",
       R"(t.json:8:14: /cgroups/0/path: "app" is not the path of a cgroup
  8 |     {"path": "app", "memory.max": "64MiB", "memory.high": "max",
    |              ^
hint: write it as "/app" or "/app/workers")"},
      {R"("20MiB")", R"(-1)",
       R"(t.json:13:60: /workloads/0/image: must be at least 0, not -1
  13 |      "worker_comm": "child", "oom_score_adj": -5, "image": -1,
     |                                                            ^
hint: memory that the parent fills before it forks, shared copy-on-write by the workers: a whole number of bytes, or a text such as "20MiB")"},
      {R"("20MiB")", R"(18446744073709551615)",
       R"(t.json:13:60: /workloads/0/image: is too large: 18446744073709551615
  13 |      "worker_comm": "child", "oom_score_adj": -5, "image": 18446744073709551615,
     |                                                            ^
hint: memory that the parent fills before it forks, shared copy-on-write by the workers: a whole number of bytes, or a text such as "20MiB")"},
  };
  // clang-format on
  for (const Mistake& mistake : mistakes)
    EXPECT_EQ(ErrorOf(With(mistake.from, mistake.to)), mistake.said);
}

TEST(LoadScenarioTest, ContradictionsBetweenExpectationsAreRefused) {
  const Mistake mistakes[] = {
      {R"("count": 5)", R"("count": 5}, {"process": "server/parent")",
       "/expect/survivors: 1 killed and 1 alive of server/parent cannot both "
       "be: there are 1"},
      {R"("outcome": "killed")", R"("outcome": "none")",
       "/expect/victims: somebody is killed, but the outcome is \"none\""},
      {R"("outcome": "killed")", R"("outcome": "panic")",
       "/expect/victims: nobody can tell after a panic"},
      {R"([{"process": "server/parent"}])", "[]",
       "/expect/victims: nobody, but the outcome is \"killed\""},
      {R"("memory.max": "64MiB")", R"("memory.max": "max")",
       "/expect/constraint: no workload runs below a memory.max"},
  };
  for (const Mistake& mistake : mistakes) {
    EXPECT_NE(ErrorOf(With(mistake.from, mistake.to)).find(mistake.said),
              std::string::npos)
        << ErrorOf(With(mistake.from, mistake.to));
  }
}

TEST(LoadScenarioTest, ProcessesStayInTheInnermostCgroups) {
  const std::string error =
      ErrorOf(With(R"("memory.oom.group": true})",
                   R"("memory.oom.group": true}, {"path": "/app/inner"})"));
  EXPECT_NE(error.find("/workloads/0/cgroup: \"/app\" has the subgroup "
                       "\"/app/inner\""),
            error.npos)
      << error;
}

TEST(LoadScenarioTest, TheMachineCanBeAWholePc) {
  const std::string text = R"({
    "schema": "oomlab.scenario/1", "name": "pc", "description": "a whole PC",
    "machine": {"type": "q35"},
    "workloads": [{"name": "hog", "kind": "alloc", "workers": 1, "bytes": "1MiB"}],
    "expect": {"outcome": "none"}})";
  const auto scenario = LoadScenario(text, "t.json");
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  EXPECT_EQ(scenario->machine.type, Machine::Type::kQ35);
}

TEST(LoadScenarioTest, HugeSizesDoNotWrapAround) {
  const std::string error =
      ErrorOf(With(R"("worker_private": 4096)",
                   R"("worker_private": "4611686018427387904")"));
  EXPECT_NE(error.find("full before the start signal"), error.npos) << error;
}

TEST(LoadScenarioTest, ControlCharactersInTextsAreRefused) {
  const std::string error =
      ErrorOf(With(R"("comm": "prefork")", R"("comm": "pre\u0000k")"));
  EXPECT_NE(error.find("/workloads/0/comm: holds a control character"),
            error.npos)
      << error;
}

TEST(LoadScenarioTest, AProcessMayCallItselfAnythingButNul) {
  const auto scenario = LoadScenario(
      With(R"("comm": "prefork")", R"("comm": "] 0\n(1) \u001b[2m")"),
      "t.json");
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  EXPECT_EQ(scenario->workloads[0].comm, "] 0\n(1) \x1b[2m");
}

TEST(LoadScenarioTest, AFileOfAnotherKindIsOneError) {
  EXPECT_EQ(ErrorOf("[1, 2]"),
            "t.json:1:1: /: must be an object {...}, not a list [...]\n"
            "  1 | [1, 2]\n"
            "    | ^\n"
            "hint: What shall run out of memory, how, and what the kernel "
            "shall do. JSON with // and /* */ comments. Sizes are a number of "
            "bytes or a text with a unit: B, KiB, MiB, GiB, TiB (1 KiB = 1024 "
            "B).");
}

// What the checks let through can be decoded, and no value makes them crash:
// every value of kGood is replaced by every other kind of value.
TEST(LoadScenarioTest, AnyValueAnywhereIsAcceptedOrExplained) {
  using nlohmann::json;
  const json good = json::parse(kGood, nullptr, true, true);
  const json values[] = {nullptr,
                         true,
                         0,
                         -1,
                         1e300,
                         18446744073709551615u,
                         4097,
                         "",
                         "max",
                         "64MiB",
                         "/",
                         "99999999999999999999999",
                         "server/worker/4294967296",
                         "\x1b[2J",
                         std::string(100000, 'a'),
                         json::array(),
                         json::array({json::object()}),
                         json::object(),
                         {{"name", "x"}},
                         {{"kind", "alloc"}}};
  const json places = good.flatten();
  for (const auto& [pointer, ignored] : places.items()) {
    for (json::json_pointer at(pointer); !at.empty(); at.pop_back()) {
      for (const json& value : values) {
        json changed = good;
        changed[at] = value;
        const std::string text = changed.dump();
        const auto scenario = LoadScenario(text, "t.json");
        if (scenario) continue;
        EXPECT_EQ(scenario.error().code, ErrorCode::kUsage) << text;
        EXPECT_TRUE(scenario.error().message.starts_with("t.json:1:")) << text;
        EXPECT_EQ(scenario.error().message.find('\x1b'), std::string::npos);
        EXPECT_EQ(scenario.error().message.find("does not fit the schema"),
                  std::string::npos)
            << text;
        EXPECT_EQ(scenario.error().message.find("not allowed here"),
                  std::string::npos)
            << text << scenario.error().message;
      }
    }
  }
}

}  // namespace
}  // namespace oomlab::harness
