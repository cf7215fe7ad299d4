// What `oomlab run` costs beyond the boot of its guest, both measured in turn
// in one run, so that a busy machine slows both:
//
//   bare      QEMU boots the kernel to an init that leaves at once
//   oomlab    `oomlab run` of a scenario whose load is trivial, from the start
//             of the command to its end, record on disk and verdict included
//
//   boot_bench OOMLAB BARE_INIT SCENARIO KERNEL ROUNDS

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/fd.h"
#include "harness/kernel/store.h"
#include "harness/vm/host_tsc.h"
#include "harness/vm/initramfs.h"
#include "harness/vm/qemu_command.h"
#include "harness/vm/vm_run.h"

namespace oomlab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kMostRatio = 1.25;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Seconds of one `oomlab run`, or none if it did not pass.
Result<double> TimeOomlab(const std::string& program,
                          const std::string& scenario,
                          const std::string& kernel, const std::string& out) {
  const Clock::time_point start = Clock::now();
  boost::asio::io_context context;
  boost::process::v2::process process(
      context, program,
      std::vector<std::string>{"run", scenario, "--kernel", kernel, "--accel",
                               "tcg", "--out", out, "-q"},
      boost::process::v2::process_stdio{nullptr, nullptr, {}});
  const int status = process.wait();
  if (status != 0)
    return Fail(ErrorCode::kSystem,
                "oomlab run ended with status " + std::to_string(status));
  return SecondsSince(start);
}

Result<double> TimeBareBoot(const std::string& kernel_path,
                            const std::string& initramfs_path) {
  harness::VmConfig config;
  config.kernel_path = kernel_path;
  config.initramfs_path = initramfs_path;
  config.tsc_khz = harness::HostTscKhz();
  const harness::VmOutcome outcome =
      harness::RunVm(config, {}, [](const nlohmann::json&) {});
  // Without a word and with status 0: what a bare init does.
  if (outcome.end != harness::VmEnd::kBootFailed || outcome.exit_status != 0)
    return Fail(ErrorCode::kSystem, "bare boot: " + outcome.message);
  return outcome.total_s;
}

Result<> Bench(const std::string& program, const std::string& bare_init,
               const std::string& scenario, const std::string& kernel_name,
               int rounds) {
  const Result<harness::Kernel> kernel =
      harness::KernelStore().Find(kernel_name);
  if (!kernel) return tl::unexpected(kernel.error());
  const Result<std::string> init = ReadFile(bare_init);
  if (!init) return tl::unexpected(init.error());
  const Result<std::string> archive =
      harness::BuildInitramfs({{"init", 0755, *init}});
  if (!archive) return tl::unexpected(archive.error());
  std::string directory =
      (std::filesystem::temp_directory_path() / "oomlab-bench-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr)
    return FailErrno("cannot make " + directory, errno);
  const std::string initramfs = directory + "/initramfs.cpio";
  Result<> done = ReplaceFile(initramfs, *archive);
  std::vector<double> bare, oomlab;
  for (int round = 0; done && round < rounds; ++round) {
    const Result<double> bare_s = TimeBareBoot(kernel->path, initramfs);
    if (!bare_s) {
      done = tl::unexpected(bare_s.error());
      break;
    }
    const Result<double> oomlab_s =
        TimeOomlab(program, scenario, kernel_name, directory + "/out");
    if (!oomlab_s) {
      done = tl::unexpected(oomlab_s.error());
      break;
    }
    bare.push_back(*bare_s);
    oomlab.push_back(*oomlab_s);
    std::printf("round %d: bare %.2f s, oomlab run %.2f s\n", round + 1,
                *bare_s, *oomlab_s);
    std::fflush(stdout);
  }
  std::filesystem::remove_all(directory);
  if (!done) return done;
  const double ratio = Median(oomlab) / Median(bare);
  std::printf("median of %d: bare %.2f s, oomlab run %.2f s, ratio %.2f\n",
              rounds, Median(bare), Median(oomlab), ratio);
  if (ratio > kMostRatio)
    return Fail(ErrorCode::kUsage, "a run costs more than " +
                                       std::to_string(kMostRatio) +
                                       " times its boot");
  return {};
}

}  // namespace
}  // namespace oomlab

int main(int argc, char** argv) {
  if (argc != 6 || std::atoi(argv[5]) < 1) {
    std::fprintf(stderr,
                 "usage: boot_bench OOMLAB BARE_INIT SCENARIO KERNEL ROUNDS\n");
    return 2;
  }
  const auto done =
      oomlab::Bench(argv[1], argv[2], argv[3], argv[4], std::atoi(argv[5]));
  if (done) return 0;
  std::fprintf(stderr, "error: %s\n", done.error().message.c_str());
  return done.error().code == oomlab::ErrorCode::kUsage ? 1 : 3;
}
