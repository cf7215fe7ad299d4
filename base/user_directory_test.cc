#include "base/user_directory.h"

#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace oomlab {
namespace {

class UserCacheDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
  }
};

TEST_F(UserCacheDirectoryTest, XdgCacheHomeComesFirst) {
  setenv("HOME", "/home/u", 1);
  setenv("XDG_CACHE_HOME", "/big/cache", 1);
  EXPECT_EQ(UserCacheDirectory("kernels"), "/big/cache/oomlab/kernels");
}

TEST_F(UserCacheDirectoryTest, HomeComesNext) {
  setenv("HOME", "/home/u", 1);
  EXPECT_EQ(UserCacheDirectory("accel"), "/home/u/.cache/oomlab/accel");
}

TEST_F(UserCacheDirectoryTest, ARelativeOrEmptyVariableIsIgnored) {
  setenv("HOME", "/home/u", 1);
  for (const char* value : {"", "cache", "./cache"}) {
    setenv("XDG_CACHE_HOME", value, 1);
    EXPECT_EQ(UserCacheDirectory("x"), "/home/u/.cache/oomlab/x") << value;
  }
}

TEST_F(UserCacheDirectoryTest, WithoutHomeTheUserDatabaseTells) {
  const passwd* user = getpwuid(getuid());
  const std::string home = user != nullptr ? user->pw_dir : "";
  for (const char* value : {"", "home/u"}) {
    setenv("HOME", value, 1);
    EXPECT_EQ(UserCacheDirectory("x"), home + "/.cache/oomlab/x") << value;
  }
  unsetenv("HOME");
  EXPECT_EQ(UserCacheDirectory("x"), home + "/.cache/oomlab/x");
}

}  // namespace
}  // namespace oomlab
