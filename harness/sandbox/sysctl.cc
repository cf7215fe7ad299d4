#include "harness/sandbox/sysctl.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "base/fd.h"

namespace oomlab::harness {
namespace {

// Multi-valued settings read back with tabs for blanks.
std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

Result<> SetSysctl(const std::string& name, const std::string& value) {
  std::string path = "/proc/sys/" + name;
  std::replace(path.begin(), path.end(), '.', '/');
  if (Result<> written = WriteControlFile(path, value); !written) {
    if (written.error().code == ErrorCode::kNotFound)
      return Fail(ErrorCode::kUnsupported, "this kernel has no sysctl " + name);
    return Wrap("cannot set " + name, written.error());
  }
  const Result<std::string> now = ReadFile(path);
  if (!now) return Wrap("cannot read back " + name, now.error());
  if (Words(*now) != Words(value)) {
    return Fail(ErrorCode::kSystem, "set " + name + " to " + value +
                                        ", but it reads " +
                                        now->substr(0, now->find('\n')));
  }
  return {};
}

}  // namespace oomlab::harness
