#include "harness/scenario/process_pattern.h"

#include <charconv>
#include <system_error>

namespace oomlab::harness {

std::optional<ProcessName> ParseProcessName(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == 0 || slash == text.npos) return std::nullopt;
  ProcessName name{std::string(text.substr(0, slash)), {}, std::nullopt};
  const std::string_view role = text.substr(slash + 1);
  constexpr std::string_view kWorker = "worker/";
  if (role == "parent" || role == "worker") {
    name.role = role;
    return name;
  }
  if (!role.starts_with(kWorker)) return std::nullopt;
  name.role = "worker";
  const std::string_view digits = role.substr(kWorker.size());
  unsigned index = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  // "worker/03" would not be equal to any process's own name.
  if (std::to_string(index) != digits) return std::nullopt;
  name.index = index;
  return name;
}

}  // namespace oomlab::harness
