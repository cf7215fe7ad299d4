#include "base/user_directory.h"

#include <pwd.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <vector>

namespace oomlab {
namespace {

// Empty unless it is an absolute path.
std::string Absolute(const char* path) {
  return path != nullptr && *path == '/' ? path : std::string();
}

std::string HomeOfUserDatabase() {
  std::vector<char> buffer(std::size_t{16} << 10);
  passwd entry{};
  passwd* found = nullptr;
  const int error =
      getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr ? Absolute(found->pw_dir) : "";
}

}  // namespace

std::string UserCacheDirectory(std::string_view name) {
  std::string cache = Absolute(std::getenv("XDG_CACHE_HOME"));
  if (cache.empty()) {
    cache = Absolute(std::getenv("HOME"));
    if (cache.empty()) cache = HomeOfUserDatabase();
    cache += "/.cache";
  }
  return cache + "/oomlab/" + std::string(name);
}

}  // namespace oomlab
