#include "harness/run/replay.h"

#include <fmt/format.h>

#include <string_view>

namespace oomlab::harness {
namespace {

std::string ShellWord(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "%+,-./:=@_~";
  // A leading '~' would be somebody's home.
  if (!word.empty() && word[0] != '~' &&
      word.find_first_not_of(kPlain) == std::string::npos)
    return word;
  std::string quoted = "'";
  for (const char c : word)
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string ReplayCommand(const std::string& directory, const Kernel& kernel,
                          const std::string& accel,
                          std::optional<double> timeout_s) {
  const std::string exact = kernel.name.starts_with("debian:")
                                ? "debian:" + kernel.release
                                : kernel.path;
  std::string command = "oomlab run " +
                        ShellWord(directory + "/scenario.json") + " --kernel " +
                        ShellWord(exact) + " --accel " + accel;
  if (timeout_s) command += fmt::format(" --timeout {}", *timeout_s);
  return command;
}

}  // namespace oomlab::harness
