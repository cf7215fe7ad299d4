#include "harness/agent/guest_files.h"

#include <cstddef>

// Named by ld -b binary.
extern "C" {
extern const char _binary_oomlab_guest_init_start[];  // NOLINT
extern const char _binary_oomlab_guest_init_end[];    // NOLINT
extern const char _binary_oomlab_load_start[];        // NOLINT
extern const char _binary_oomlab_load_end[];          // NOLINT
}

namespace oomlab::harness {

std::string_view GuestInitProgram() {
  return {_binary_oomlab_guest_init_start,
          static_cast<std::size_t>(_binary_oomlab_guest_init_end -
                                   _binary_oomlab_guest_init_start)};
}

std::string_view LoadProgram() {
  return {_binary_oomlab_load_start,
          static_cast<std::size_t>(_binary_oomlab_load_end -
                                   _binary_oomlab_load_start)};
}

}  // namespace oomlab::harness
