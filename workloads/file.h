// Files that a workload fills.

#ifndef OOMLAB_WORKLOADS_FILE_H_
#define OOMLAB_WORKLOADS_FILE_H_

#include <cstdint>
#include <string_view>

namespace oomlab::workloads {

// A new empty file "oomlab-load.PID" in a directory, open for reading and
// writing. Without `leave` it has no name any more and goes with the last
// process that holds it. Ends with an error when it cannot be made.
[[nodiscard]] int CreateFile(std::string_view directory, bool leave);

// Writes `bytes` from the start of the file, by write(2), every page not zero.
// Returns how many were written: fewer when the file system or the memory is
// full. Ends when abandoned.
[[nodiscard]] std::uint64_t WriteFile(int fd, std::uint64_t bytes);

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_FILE_H_
