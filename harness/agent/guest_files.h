// The programs that a guest needs, carried inside the oomlab command, so that
// it runs from wherever it lies.

#ifndef OOMLAB_HARNESS_AGENT_GUEST_FILES_H_
#define OOMLAB_HARNESS_AGENT_GUEST_FILES_H_

#include <string_view>

namespace oomlab::harness {

// The agent, a static ELF program: /init.
[[nodiscard]] std::string_view GuestInitProgram();

// The load generator, a static ELF program: /oomlab-load.
[[nodiscard]] std::string_view LoadProgram();

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_AGENT_GUEST_FILES_H_
