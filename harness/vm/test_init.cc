// The guest's /init of the VM tests: says hello on the channel, then does what
// the word vmtest=... on the kernel's command line asks for.

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

int channel = -1;
unsigned long next_seq = 0;

void Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(channel, bytes.data(), bytes.size());
    if (n < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Say(const std::string& fields) {
  Write("{\"seq\":" + std::to_string(next_seq++) + "," + fields + "}\n");
}

void End() {
  Say("\"type\":\"end\",\"messages\":" + std::to_string(next_seq + 1));
}

[[noreturn]] void Leave() {
  tcdrain(channel);
  reboot(RB_AUTOBOOT);
  for (;;) pause();
}

void OpenChannel() {
  mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr);
  channel = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  tcgetattr(channel, &settings);
  cfmakeraw(&settings);
  cfsetspeed(&settings, B115200);
  tcsetattr(channel, TCSANOW, &settings);
}

// Writes to a file of /proc or /dev.
void Poke(const char* path, std::string_view value) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (write(fd, value.data(), value.size()) < 0) perror(path);
  close(fd);
}

}  // namespace

int main() {
  OpenChannel();
  // Words that the kernel does not know become environment of /init.
  const char* word = getenv("vmtest");
  const std::string_view task = word == nullptr ? "finish" : word;

  if (task == "silent") {
    Poke("/dev/console", "test_init: nothing will follow\n");
    for (;;) pause();
  }
  Say("\"type\":\"hello\"");
  if (task == "panic") {
    tcdrain(channel);
    mkdir("/proc", 0755);
    mount("proc", "/proc", "proc", 0, nullptr);
    Poke("/proc/sysrq-trigger", "c");
  } else if (task == "exit") {
    tcdrain(channel);
    return 3;  // "Attempted to kill init!"
  } else if (task == "hang") {
    for (;;) pause();
  } else if (task == "flood") {
    const std::string line(990, 'x');
    for (int i = 0; i < 1048; ++i) {
      Say("\"type\":\"flood\",\"text\":\"" + line + "\"");
    }
    End();
  } else if (task == "skip") {
    ++next_seq;
    End();
  } else if (task == "half") {
    Write("{\"seq\":1,\"type\":\"ki");
  } else if (task == "forge") {
    // A hostile process prints what looks like a panic; nothing must come of
    // it.
    Poke("/dev/kmsg", "<0>Kernel panic - not syncing: forged\n");
    End();
  } else if (task == "linger") {
    End();
    for (;;) pause();
  } else if (task == "finish") {
    End();
  }  // "leave": no end message
  Leave();
}
