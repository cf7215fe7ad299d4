#include "harness/vm/accel.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "base/fd.h"
#include "base/user_directory.h"
#include "harness/vm/qemu_process.h"
#include "harness/vm/vm_run.h"

namespace oomlab::harness {
namespace {

using nlohmann::json;

struct Answer {
  bool works = false;
  std::string why;
};

std::string CachePath(const AccelProbe& probe) {
  const std::string directory = probe.cache_directory.empty()
                                    ? UserCacheDirectory("accel")
                                    : probe.cache_directory;
  if (probe.kernel_sha256.empty()) return {};
  return directory + "/" + probe.kernel_sha256 + ".json";
}

// What the answer depends on besides the kernel, whose hash is the file's name.
json Circumstances(const AccelProbe& probe, const std::string& qemu_version) {
  return {{"boot_id", ReadFile("/proc/sys/kernel/random/boot_id").value_or("")},
          {"qemu_version", qemu_version},
          {"machine", VmMachineName(probe.config.machine)},
          {"deadline_s", probe.deadline.count()}};
}

// A KVM that hangs and a host that was too busy to boot in time look the same,
// so that KVM does not work is believed for so long.
constexpr std::chrono::hours kRefusalHolds{1};

bool IsRecent(const std::string& path) {
  std::error_code ec;
  const auto written = std::filesystem::last_write_time(path, ec);
  if (ec) return false;
  const auto age = std::filesystem::file_time_type::clock::now() - written;
  // A file of the future (the clock was set back) would hold for too long.
  return age >= age.zero() && age <= kRefusalHolds;
}

// A file that is missing, damaged or of other circumstances is no answer.
std::optional<Answer> Remembered(const std::string& path,
                                 const json& circumstances) {
  if (path.empty()) return std::nullopt;
  const Result<std::string> text = ReadFile(path);
  if (!text) return std::nullopt;
  const json file = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!file.is_object() || !file.contains("circumstances") ||
      file["circumstances"] != circumstances || !file.contains("works") ||
      !file["works"].is_boolean() || !file.contains("why") ||
      !file["why"].is_string()) {
    return std::nullopt;
  }
  return Answer{file["works"].get<bool>(), file["why"].get<std::string>()};
}

// A cache that cannot be written costs the next run a probe, no more.
void Remember(const std::string& path, const json& circumstances,
              const Answer& answer) {
  if (path.empty()) return;
  std::error_code ec;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(),
                                      ec);
  const json file = {{"circumstances", circumstances},
                     {"works", answer.works},
                     {"why", answer.why}};
  // Console text may hold any byte; dump() would throw on what is not UTF-8.
  static_cast<void>(ReplaceFile(
      path, file.dump(2, ' ', true, json::error_handler_t::replace) + "\n"));
}

Result<Answer> Probe(const AccelProbe& probe, const std::stop_token& stop) {
  VmConfig config = probe.config;
  config.accel = VmAccel::kKvm;
  config.console_log_path.clear();
  VmDeadlines deadlines;
  deadlines.boot = probe.deadline;
  std::stop_source booted;
  const std::stop_callback cancel(stop, [&booted] { booted.request_stop(); });
  const VmOutcome out = RunVm(
      config, deadlines, [&booted](const json&) { booted.request_stop(); },
      booted.get_token());
  if (out.messages > 0) {
    return Answer{true, fmt::format("KVM booted it in {:.1f} s", out.boot_s)};
  }
  if (stop.stop_requested()) {
    return Fail(ErrorCode::kTimeout, "the probe of KVM was cancelled");
  }
  if (out.end == VmEnd::kHost) return Fail(ErrorCode::kSystem, out.message);
  return Answer{false, out.message};
}

Result<Answer> KvmWorks(AccelRequest request, const AccelProbe& probe,
                        const std::stop_token& stop) {
  const Result<std::string> version = QemuVersion(probe.config.qemu);
  if (!version) return tl::unexpected(version.error());
  if (const auto kvm = OpenFile(probe.device, O_RDWR); !kvm) {
    return Answer{false, kvm.error().message};
  }
  const std::string path = CachePath(probe);
  const json circumstances = Circumstances(probe, *version);
  if (std::optional<Answer> known = Remembered(path, circumstances);
      known &&
      (known->works || (request == AccelRequest::kAuto && IsRecent(path)))) {
    return *std::move(known);
  }
  Result<Answer> answer = Probe(probe, stop);
  if (answer) Remember(path, circumstances, *answer);
  return answer;
}

}  // namespace

Result<AccelRequest> ParseAccelRequest(std::string_view text) {
  if (text == "auto") return AccelRequest::kAuto;
  if (text == "kvm") return AccelRequest::kKvm;
  if (text == "tcg") return AccelRequest::kTcg;
  return Fail(ErrorCode::kUsage, fmt::format("unknown accelerator '{}'", text),
              "one of auto, kvm, tcg");
}

Result<AccelChoice> ChooseAccel(AccelRequest request, const AccelProbe& probe,
                                const std::stop_token& stop) {
  if (request == AccelRequest::kTcg) {
    return AccelChoice{VmAccel::kTcg, "asked for"};
  }
  const Result<Answer> answer = KvmWorks(request, probe, stop);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->works) {
    return AccelChoice{VmAccel::kKvm, answer->why};
  }
  const std::string reason = "KVM does not work here: " + answer->why;
  if (request == AccelRequest::kKvm) {
    return Fail(ErrorCode::kUnsupported, reason,
                "--accel auto or --accel tcg emulates the machine");
  }
  return AccelChoice{VmAccel::kTcg, reason};
}

}  // namespace oomlab::harness
