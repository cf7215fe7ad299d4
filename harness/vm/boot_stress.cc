// Boots kernels again and again and counts what is lost.
//
//   bazel run //harness/vm:boot_stress -- --busy 2 --directory DIR KERNEL...
//
//   kernel     image boots lost  boot_s med (max) total_s med (max)  cpu_s
//   /k/6.12    elf       4    0       2.28 (2.33)       2.29 (2.35)   1.44
//
// total_s is QEMU's start to exit of a guest whose /init says hello and leaves;
// cpu_s is QEMU's processor time of one boot, which other load blurs less.

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "harness/vm/direct_kernel.h"
#include "harness/vm/host_tsc.h"
#include "harness/vm/initramfs.h"
#include "harness/vm/vm_run.h"

namespace {

using namespace oomlab;           // NOLINT(google-build-using-namespace)
using namespace oomlab::harness;  // NOLINT(google-build-using-namespace)

struct Options {
  std::vector<std::string> kernels;
  int boots = 10;
  int busy = 0;
  int parallel = 1;
  std::string init = "harness/vm/test_init";
  std::string directory;
};

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double CpuSeconds(const rusage& usage) {
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
             1e6;
}

double Max(const std::vector<double>& values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

// Boots `config` and prints one line of the table; how many were lost.
int Stress(const VmConfig& config, const Options& options,
           const std::string& kernel, const std::string& image) {
  rusage before{};
  getrusage(RUSAGE_CHILDREN, &before);
  std::vector<VmOutcome> outcomes(static_cast<std::size_t>(options.boots));
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(options.parallel));
  for (int i = 0; i < options.parallel; ++i) {
    threads.emplace_back([&] {
      for (std::size_t n = next++; n < outcomes.size(); n = next++) {
        outcomes[n] = RunVm(config, {}, [](const nlohmann::json&) {});
      }
    });
  }
  threads.clear();
  rusage after{};
  getrusage(RUSAGE_CHILDREN, &after);
  const double cpu_s = (CpuSeconds(after) - CpuSeconds(before)) /
                       static_cast<double>(outcomes.size());
  int lost = 0;
  std::vector<double> boot;
  std::vector<double> total;
  for (const VmOutcome& out : outcomes) {
    if (out.end == VmEnd::kFinished && out.channel_faults.empty()) {
      boot.push_back(out.boot_s);
      total.push_back(out.total_s);
    } else {
      ++lost;
      std::cerr << kernel << ": " << out.message << "\n";
    }
  }
  fmt::print(
      "{:34} {:5} {:5} {:5} {:10.2f} ({:.2f}) {:10.2f} ({:.2f}) {:6.2f}\n",
      kernel, image, options.boots, lost, Median(boot), Max(boot),
      Median(total), Max(total), cpu_s);
  std::fflush(stdout);
  return lost;
}

int Main(const Options& options) {
  const Result<std::string> init = ReadFile(options.init);
  if (!init) {
    std::cerr << "error: " << init.error().message << "\n";
    return 2;
  }
  VmConfig config;
  config.initramfs_path = options.directory + "/initramfs";
  config.tsc_khz = HostTscKhz();
  std::ofstream(config.initramfs_path, std::ios::binary)
      << BuildInitramfs({{"init", 0755, *init}}).value_or("");

  std::atomic<bool> stop = false;
  std::vector<std::jthread> busy;
  busy.reserve(static_cast<std::size_t>(options.busy));
  for (int i = 0; i < options.busy; ++i) {
    busy.emplace_back([&stop] {
      while (!stop.load(std::memory_order_relaxed)) {
      }
    });
  }
  int lost = 0;
  fmt::print("{:34} {:5} {:5} {:5} {:>17} {:>17} {:>6}\n", "kernel", "image",
             "boots", "lost", "boot_s med (max)", "total_s med (max)", "cpu_s");
  int number = 0;
  for (const std::string& kernel : options.kernels) {
    config.kernel_path = kernel;
    lost += Stress(config, options, kernel, "bz");
    // The cache's key need not be a hash.
    config.kernel_path =
        DirectKernel(kernel, std::to_string(number++), options.directory);
    if (config.kernel_path != kernel) {
      lost += Stress(config, options, kernel, "elf");
    }
  }
  stop = true;
  return lost == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Boots kernels again and again and counts what is lost.");
  app.add_option("kernel", options.kernels, "bzImage files")->required();
  app.add_option("--boots", options.boots, "boots of each kernel and image");
  app.add_option("--busy", options.busy, "busy loops beside them");
  app.add_option("--parallel", options.parallel, "guests at a time");
  app.add_option("--init", options.init, "the test's /init");
  app.add_option("--directory", options.directory, "for files of the run")
      ->required();
  CLI11_PARSE(app, argc, argv);
  return Main(options);
}
