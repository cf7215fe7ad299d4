#include "harness/vm/vm_run.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include "harness/vm/byte_stream.h"
#include "harness/vm/console_log.h"
#include "harness/vm/qemu_process.h"

namespace oomlab::harness {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using boost::system::error_code;

double SecondsBetween(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

class Run {
 public:
  Run(const VmDeadlines& deadlines, MessageHandler on_message, VmOutcome& out)
      : deadlines_(deadlines),
        on_message_(std::move(on_message)),
        out_(out),
        reader_([this](const nlohmann::json& m) { Message(m); }) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  // A handler has thrown, or all is over and the pid is reaped (-1).
  ~Run() {
    if (pid_ > 0 && kill(pid_, SIGKILL) == 0) waitpid(pid_, nullptr, 0);
  }

  void Go(const VmConfig& config, const std::stop_token& stop);

 private:
  void Message(const nlohmann::json& message);
  void ConsoleBytes(std::string_view bytes);
  void ErrorBytes(std::string_view bytes);
  void StartBootTimer();
  void StartTimer(VmDeadlines::Seconds time, VmEnd end, std::string message);
  void EndQemu(VmEnd end, std::string message);
  void Exited(int wait_status);
  void Judge();
  std::string BootHint() const;
  std::string ErrorTail() const;

  const VmDeadlines& deadlines_;
  MessageHandler on_message_;
  VmOutcome& out_;

  asio::io_context io_{1};
  asio::steady_timer timer_{io_};
  ChannelReader reader_;
  ConsoleLog console_;
  std::optional<QemuProcess::Handle> handle_;
  std::optional<ByteStream> channel_stream_, console_stream_, error_stream_;
  pid_t pid_ = -1;
  Clock::time_point start_, last_byte_, hello_, end_;
  // Why QEMU was ended by us; the first reason counts.
  std::optional<std::pair<VmEnd, std::string>> verdict_;
};

void Run::Go(const VmConfig& config, const std::stop_token& stop) {
  if (!config.console_log_path.empty()) {
    if (const auto opened = console_.Open(config.console_log_path); !opened) {
      out_.message = opened.error().message;
      return;
    }
  }
  start_ = last_byte_ = Clock::now();
  Result<QemuProcess> qemu = StartQemu(io_, out_.argv);
  if (!qemu) {
    out_.message = qemu.error().message;
    if (!qemu.error().hint.empty()) {
      out_.message += " (" + qemu.error().hint + ")";
    }
    return;
  }
  handle_.emplace(std::move(qemu->handle));
  pid_ = handle_->id();
  channel_stream_.emplace(io_, std::move(qemu->channel),
                          [this](std::string_view bytes) {
                            last_byte_ = Clock::now();
                            reader_.Feed(bytes);
                          });
  console_stream_.emplace(io_, std::move(qemu->console),
                          [this](std::string_view b) { ConsoleBytes(b); });
  error_stream_.emplace(io_, std::move(qemu->errors),
                        [this](std::string_view b) { ErrorBytes(b); });
  handle_->async_wait([this](error_code ec, int status) {
    // Not a word of QEMU's end: SIGCHLD is ignored, or someone else reaped it.
    if (ec) verdict_.emplace(VmEnd::kHost, "cannot wait for QEMU");
    Exited(status);
  });
  StartBootTimer();
  const std::stop_callback cancel(stop, [this] {
    asio::post(io_, [this] { EndQemu(VmEnd::kCancelled, "cancelled"); });
  });
  io_.run();
}

void Run::Message(const nlohmann::json& message) {
  const Clock::time_point now = Clock::now();
  if (reader_.messages() == 1) {
    hello_ = now;
    const auto run = std::max<VmDeadlines::Seconds>(
        deadlines_.run, (hello_ - start_) * deadlines_.run_per_boot);
    StartTimer(
        run, VmEnd::kDeadline,
        fmt::format("the guest was not through within {:.1f} s", run.count()));
  }
  if (reader_.ended()) {
    end_ = now;
    StartTimer(deadlines_.leave, VmEnd::kFinished,
               "finished, but QEMU had to be ended");
  }
  on_message_(message);
}

void Run::ConsoleBytes(std::string_view bytes) {
  last_byte_ = Clock::now();
  if (const auto stored = console_.Append(bytes); !stored) {
    EndQemu(VmEnd::kHost, stored.error().message);
  }
}

void Run::ErrorBytes(std::string_view bytes) {
  constexpr std::size_t kKept = 8192;
  out_.qemu_stderr += bytes;
  if (out_.qemu_stderr.size() > kKept) {
    out_.qemu_stderr.erase(0, out_.qemu_stderr.size() - kKept);
  }
}

void Run::StartBootTimer() {
  const auto ticks = [](VmDeadlines::Seconds s) {
    return std::chrono::duration_cast<Clock::duration>(s);
  };
  const Clock::time_point silent = last_byte_ + ticks(deadlines_.boot_silence);
  const bool limited =
      deadlines_.boot && start_ + ticks(*deadlines_.boot) < silent;
  timer_.expires_at(limited ? start_ + ticks(*deadlines_.boot) : silent);
  timer_.async_wait([this, limited, silent, ticks](error_code ec) {
    if (ec || verdict_ || reader_.messages() > 0) return;
    if (limited) {
      return EndQemu(VmEnd::kBootFailed,
                     fmt::format("the guest did not boot within {:.1f} s{}",
                                 deadlines_.boot->count(), BootHint()));
    }
    if (last_byte_ + ticks(deadlines_.boot_silence) > silent) {
      return StartBootTimer();
    }
    EndQemu(VmEnd::kBootFailed,
            fmt::format("the guest did not boot: silent for {:.1f} s{}",
                        deadlines_.boot_silence.count(), BootHint()));
  });
}

void Run::StartTimer(VmDeadlines::Seconds time, VmEnd end,
                     std::string message) {
  // QEMU is being ended; a message on its way must not put off the SIGKILL.
  if (verdict_) return;
  timer_.expires_after(std::chrono::duration_cast<Clock::duration>(time));
  timer_.async_wait([this, end, message = std::move(message)](error_code ec) {
    if (!ec) EndQemu(end, message);
  });
}

void Run::EndQemu(VmEnd end, std::string message) {
  if (verdict_ || pid_ <= 0) return;
  verdict_.emplace(end, std::move(message));
  kill(pid_, SIGTERM);
  timer_.expires_after(
      std::chrono::duration_cast<Clock::duration>(deadlines_.terminate));
  timer_.async_wait([this](error_code ec) {
    if (!ec && pid_ > 0) kill(pid_, SIGKILL);
  });
}

void Run::Exited(int wait_status) {
  pid_ = -1;
  out_.total_s = SecondsBetween(start_, Clock::now());
  if (WIFEXITED(wait_status)) out_.exit_status = WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) out_.exit_signal = WTERMSIG(wait_status);
  channel_stream_->Drain();
  console_stream_->Drain();
  error_stream_->Drain();
  reader_.Close();
  Judge();
  io_.stop();
}

// The last lines of QEMU's stderr, as one.
std::string Run::ErrorTail() const {
  constexpr std::size_t kShown = 300;
  std::string tail = out_.qemu_stderr;
  if (tail.size() > kShown) tail.erase(0, tail.size() - kShown);
  while (tail.ends_with('\n')) tail.pop_back();
  std::replace(tail.begin(), tail.end(), '\n', ' ');
  return tail.empty() ? "nothing" : tail;
}

std::string Run::BootHint() const {
  const std::string last = console_.last_line();
  return last.empty() ? "; its console is empty"
                      : "; last line of its console: " + last;
}

void Run::Judge() {
  out_.messages = reader_.messages();
  out_.channel_faults = reader_.faults();
  const std::optional<std::string> panic_line = console_.panic_line();
  if (out_.messages > 0) {
    out_.boot_s = SecondsBetween(start_, hello_);
    out_.run_s = SecondsBetween(hello_, reader_.ended() ? end_ : Clock::now());
  }
  const auto set = [this](VmEnd end, std::string message) {
    out_.end = end;
    out_.message = std::move(message);
  };
  if (verdict_) {
    // Before the first message no process of ours could have forged the line.
    if (verdict_->first == VmEnd::kBootFailed && panic_line) {
      out_.panic_line = panic_line;
      return set(VmEnd::kGuestPanic,
                 "the guest panicked while booting: " + *panic_line);
    }
    return set(verdict_->first, verdict_->second);
  }
  // SIGTERM from outside makes QEMU exit with status 0, and say so.
  const bool terminated =
      out_.qemu_stderr.find("terminating on signal") != std::string::npos;
  if (out_.exit_signal || out_.exit_status != 0 || terminated) {
    const std::string how =
        out_.exit_signal
            ? fmt::format("was killed by signal {} ({})", *out_.exit_signal,
                          strsignal(*out_.exit_signal))
            : fmt::format("ended with status {}",
                          out_.exit_status.value_or(-1));
    return set(VmEnd::kQemuDied,
               fmt::format("QEMU {}; it said: {}", how, ErrorTail()));
  }
  if (reader_.ended()) return set(VmEnd::kFinished, "finished");
  if (panic_line) {
    out_.panic_line = panic_line;
    return set(VmEnd::kGuestPanic, "the guest panicked: " + *panic_line);
  }
  if (out_.messages == 0) {
    return set(VmEnd::kBootFailed,
               "the guest left before its first message" + BootHint());
  }
  set(VmEnd::kGuestLeft,
      fmt::format("the guest left after message {} without an end message",
                  out_.messages - 1));
}

}  // namespace

VmOutcome RunVm(const VmConfig& config, const VmDeadlines& deadlines,
                MessageHandler on_message, const std::stop_token& stop) {
  VmOutcome out;
  out.argv = QemuCommand(config);
  Run(deadlines, std::move(on_message), out).Go(config, stop);
  return out;
}

}  // namespace oomlab::harness
