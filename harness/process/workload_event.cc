#include "harness/process/workload_event.h"

#include <charconv>
#include <map>

namespace oomlab::harness {
namespace {

// The "key=value" words of one line. The first failure is kept.
class Fields {
 public:
  explicit Fields(std::string_view words) {
    while (!words.empty()) {
      const auto space = words.find(' ');
      const std::string_view word = words.substr(0, space);
      words = space == std::string_view::npos ? "" : words.substr(space + 1);
      if (const auto equals = word.find('='); equals != std::string_view::npos)
        values_[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }

  [[nodiscard]] bool Has(std::string_view key) const {
    return values_.contains(key);
  }

  template <class T>
  T Number(std::string_view key) {
    T value{};
    const std::string_view text = Text(key);
    const auto [end, ec] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size()) Fault(key);
    return value;
  }

  std::string_view Text(std::string_view key) {
    const auto it = values_.find(key);
    if (it != values_.end()) return it->second;
    Fault(key);
    return {};
  }

  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  void Fault(std::string_view key) {
    if (fault_.empty()) fault_ = key;
  }

  std::map<std::string_view, std::string_view> values_;
  std::string fault_;
};

}  // namespace

Result<WorkloadEvent> ParseWorkloadEvent(std::string_view line) {
  using Kind = WorkloadEvent::Kind;
  const auto space = line.find(' ');
  const std::string_view name = line.substr(0, space);
  const std::string_view rest =
      space == std::string_view::npos ? "" : line.substr(space + 1);
  Fields fields(rest);
  WorkloadEvent event;
  if (name == "error") {
    event.message = rest;
    return event;
  }
  event.pid = fields.Number<int>("pid");
  if (name == "process") {
    event.kind = Kind::kProcess;
    event.role = fields.Text("role");
    event.index = fields.Number<int>("index");
    event.active = fields.Number<int>("active") != 0;
  } else if (name == "ready") {
    event.kind = Kind::kReady;
  } else if (name == "done") {
    event.kind = Kind::kDone;
    event.result = fields.Text("result");
    event.bytes = fields.Number<std::uint64_t>("bytes");
  } else if (name == "exited") {
    event.kind = Kind::kExited;
    if (fields.Has("signal"))
      event.exit_signal = fields.Number<int>("signal");
    else
      event.exit_code = fields.Number<int>("code");
  } else {
    return Fail(ErrorCode::kMalformed,
                "unknown workload event '" + std::string(line) + "'");
  }
  if (!fields.fault().empty())
    return Fail(ErrorCode::kMalformed, "the workload event '" +
                                           std::string(line) + "' lacks " +
                                           fields.fault());
  return event;
}

}  // namespace oomlab::harness
