#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/size.h"
#include "harness/scenario/check.h"

namespace oomlab::harness {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
constexpr std::uint64_t kMiB = 1ull << 20;

// A word that may become part of a path.
bool IsName(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest && text[0] != '.' &&
         text[0] != '-' && text.find_first_not_of(kNameCharacters) == text.npos;
}

class Checker {
 public:
  explicit Checker(const json& document) : document_(document) {}

  std::vector<Diagnostic> Run() {
    CheckText(document_, Pointer());
    if (!document_.is_object()) return std::move(found_);
    Name(Pointer("/name"));
    Size(Pointer("/machine/memory"), false);
    Memory(Pointer("/machine/memory"));
    CheckSysctls();
    Each("/cgroups", [this](const Pointer& at) { CheckCgroup(at); });
    Each("/workloads", [this](const Pointer& at) { CheckWorkload(at); });
    return std::move(found_);
  }

 private:
  void Add(const Pointer& at, std::string what, std::string hint,
           JsonSource::Part part = JsonSource::Part::kValue) {
    found_.push_back({at.to_string(), part, std::move(what), std::move(hint)});
  }

  // The text at a place, if there is one.
  const std::string* Text(const Pointer& at) const {
    if (!document_.contains(at)) return nullptr;
    return document_.at(at).get_ptr<const std::string*>();
  }

  template <class Visit>
  void Each(const char* list, Visit visit) {
    const Pointer at(list);
    if (!document_.contains(at) || !document_.at(at).is_array()) return;
    for (std::size_t i = 0; i < document_.at(at).size(); ++i) visit(at / i);
  }

  // "\u0000" would end an argument or a file name early, a newline an entry. A
  // process may call itself anything without NUL, and tests of log readers need
  // it to.
  void CheckText(const json& value, const Pointer& at) {
    const bool is_comm =
        !at.empty() && (at.back() == "comm" || at.back() == "worker_comm");
    const auto control = [is_comm](const std::string& text) {
      return std::any_of(text.begin(), text.end(), [is_comm](char c) {
        return c == '\0' ||
               (!is_comm &&
                (static_cast<unsigned char>(c) < 0x20 || c == 0x7f));
      });
    };
    if (value.is_string() && control(value.get_ref<const std::string&>()))
      Add(at, "holds a control character",
          is_comm ? "any byte but NUL is allowed" : "texts are single lines");
    if (!value.is_structured()) return;
    for (const auto& [key, member] : value.items())
      CheckText(member, value.is_array()
                            ? at / static_cast<std::size_t>(std::stoull(key))
                            : at / key);
  }

  void Name(const Pointer& at) {
    const std::string* name = Text(at);
    if (name != nullptr && !IsName(*name))
      Add(at, "\"" + *name + "\" is not a name",
          "use 1 to 64 letters, digits, '-', '_' and '.', the first a letter, "
          "a digit or '_'");
  }

  void Size(const Pointer& at, bool max_allowed) {
    const std::string* text = Text(at);
    if (text == nullptr || (max_allowed && *text == "max")) return;
    const Result<std::uint64_t> size = ParseSize(*text);
    if (!size) Add(at, size.error().message, size.error().hint);
  }

  void Memory(const Pointer& at) {
    if (!document_.contains(at)) return;
    const json& value = document_.at(at);
    std::uint64_t bytes = 0;
    if (value.is_string()) {
      const auto size = ParseSize(value.get_ref<const std::string&>());
      if (!size) return;  // Said already.
      bytes = *size;
    } else if (value.is_number_unsigned()) {
      bytes = value.get<std::uint64_t>();
    } else {
      return;
    }
    if (bytes < 64 * kMiB)
      Add(at, FormatSize(bytes) + " is too little for a guest",
          "give it 64MiB at least");
    else if (bytes % kMiB != 0)
      Add(at, FormatSize(bytes) + " is not a whole number of MiB",
          "write " + std::to_string(bytes / kMiB) + "MiB");
  }

  void CheckSysctls() {
    const Pointer at("/sysctls");
    if (!document_.contains(at) || !document_.at(at).is_object()) return;
    for (const auto& [name, value] : document_.at(at).items()) {
      const std::size_t dot = name.find('.');
      if (dot != name.npos && dot > 0 && dot + 1 < name.size() &&
          name.find_first_not_of(kNameCharacters) == name.npos &&
          name.find("..") == name.npos && name[0] != '.')
        continue;
      Add(at / name, "this is not the name of a sysctl",
          "names have a group and a dot, as in \"vm.oom_dump_tasks\" or "
          "\"kernel.panic\"",
          JsonSource::Part::kKey);
    }
  }

  void CheckCgroup(const Pointer& at) {
    for (const char* limit : {"memory.max", "memory.high", "memory.low",
                              "memory.min", "memory.swap.max"})
      Size(at / limit, true);
    const std::string* path = Text(at / "path");
    if (path == nullptr) return;
    bool good = path->size() > 1 && path->front() == '/';
    for (std::size_t begin = 1; good && begin <= path->size();) {
      const std::size_t end = std::min(path->find('/', begin), path->size());
      good = IsName(std::string_view(*path).substr(begin, end - begin));
      begin = end + 1;
    }
    if (!good)
      Add(at / "path", "\"" + *path + "\" is not the path of a cgroup",
          "write it as \"/app\" or \"/app/workers\"");
  }

  void CheckWorkload(const Pointer& at) {
    Name(at / "name");
    for (const char* size : {"image", "worker_private", "grow_by", "bytes"})
      Size(at / size, false);
    for (const char* field : {"comm", "worker_comm"}) {
      constexpr std::size_t kLongestComm =
          15;  // TASK_COMM_LEN without its NUL.
      const std::string* comm = Text(at / field);
      if (comm != nullptr && comm->size() > kLongestComm)
        Add(at / field,
            "has " + std::to_string(comm->size()) +
                " bytes, more than the 15 that the kernel keeps",
            "shorten it to \"" + comm->substr(0, kLongestComm) + "\"");
    }
  }

  const json& document_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> CheckValues(const json& document) {
  return Checker(document).Run();
}

}  // namespace oomlab::harness
