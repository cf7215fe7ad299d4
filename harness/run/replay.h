// The one command that runs a recorded scenario again, on the same kernel.
//
//   oomlab run oomlab-out/prefork-memcg-6.1.0-56-cloud-amd64/scenario.json
//     --kernel debian:6.1.0-56-cloud-amd64 --accel tcg         (one line)

#ifndef OOMLAB_HARNESS_RUN_REPLAY_H_
#define OOMLAB_HARNESS_RUN_REPLAY_H_

#include <optional>
#include <string>

#include "harness/kernel/store.h"

namespace oomlab::harness {

// Words are quoted for a shell where they need it. A kernel of the store is
// named by its release, since its line moves on; a kernel file by its path.
[[nodiscard]] std::string ReplayCommand(const std::string& directory,
                                        const Kernel& kernel,
                                        const std::string& accel,
                                        std::optional<double> timeout_s);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RUN_REPLAY_H_
