// The guest's console: stored byte for byte, and searched for a panic.
//
//   ConsoleLog console;
//   console.Open("run/console.log");
//   console.Append("[    1.16] Kernel panic - not syncing: sysrq trig");
//   console.Append("gered crash\r\n");
//   console.panic_line()  ->  "Kernel panic - not syncing: sysrq triggered
//   crash"

#ifndef OOMLAB_HARNESS_VM_CONSOLE_LOG_H_
#define OOMLAB_HARNESS_VM_CONSOLE_LOG_H_

#include <optional>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/result.h"

namespace oomlab::harness {

class ConsoleLog {
 public:
  // Creates or empties the file. Without Open nothing is stored.
  [[nodiscard]] Result<> Open(const std::string& path);

  // Bytes as they arrive, cut anywhere.
  [[nodiscard]] Result<> Append(std::string_view bytes);

  // First panic line, from "Kernel panic" on, control characters left out. A
  // line that has not ended yet counts as well.
  [[nodiscard]] std::optional<std::string> panic_line() const;

  // The last line that is not empty; "" if there is none.
  [[nodiscard]] std::string last_line() const;

 private:
  void Line();

  std::string path_;
  ScopedFd fd_;
  std::string line_;  // Without its newline; at most kMaxLineBytes.
  std::string last_;
  std::optional<std::string> panic_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_CONSOLE_LOG_H_
