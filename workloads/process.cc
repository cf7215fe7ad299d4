#include "workloads/process.h"

#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "workloads/memory.h"

namespace oomlab::workloads {
namespace {

void TakeName(std::string_view name) {
  std::array<char, kCommBytes + 1> text = {};
  std::copy_n(name.begin(), std::min<std::size_t>(name.size(), kCommBytes),
              text.begin());
  ::prctl(PR_SET_NAME, text.data());
}

}  // namespace

void Enter(const Options& options, Role role, std::uint64_t index,
           bool active) {
  SettleProcess();
  // Workers keep the parent's name by inheritance.
  const char* const option = role == Role::kParent ? "comm" : "worker-comm";
  if (options.Knows(option) && options.Has(option))
    TakeName(options.Text(option));
  SayProcess(role, index, active);
}

}  // namespace oomlab::workloads
