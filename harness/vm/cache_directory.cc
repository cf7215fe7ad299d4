#include "harness/vm/cache_directory.h"

#include <cstdlib>

namespace oomlab::harness {

std::string CacheDirectory(const std::string& name) {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') {
    return std::string(cache) + "/oomlab/" + name;
  }
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') {
    return std::string(home) + "/.cache/oomlab/" + name;
  }
  return {};
}

}  // namespace oomlab::harness
