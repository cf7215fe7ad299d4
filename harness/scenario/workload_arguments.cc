#include "harness/scenario/workload_arguments.h"

#include <optional>
#include <variant>

namespace oomlab::harness {
namespace {

const char* GrowName(PreforkOptions::Grow grow) {
  switch (grow) {
    case PreforkOptions::Grow::kNone:
      return "none";
    case PreforkOptions::Grow::kParent:
      return "parent";
    case PreforkOptions::Grow::kWorker:
      return "worker";
  }
  return "none";
}

std::vector<std::string> Arguments(const PreforkOptions& options) {
  return {"prefork",
          "--control",
          "--image=" + std::to_string(options.image_bytes),
          "--workers=" + std::to_string(options.workers),
          std::string("--grow=") + GrowName(options.grow),
          "--grow-bytes=" + std::to_string(options.grow_bytes),
          "--worker-private=" + std::to_string(options.worker_private_bytes)};
}

std::vector<std::string> Arguments(const AllocOptions& options) {
  const bool cycle = options.mode == AllocOptions::Mode::kCycle;
  return {"alloc",
          "--control",
          "--workers=" + std::to_string(options.workers),
          "--bytes=" + std::to_string(options.bytes),
          std::string("--mode=") + (cycle ? "cycle" : "keep"),
          "--cycles=" + std::to_string(options.cycles)};
}

}  // namespace

std::vector<std::string> WorkloadArguments(const Workload& workload) {
  return std::visit(
      [&workload](const auto& options) {
        std::vector<std::string> arguments = Arguments(options);
        if (workload.comm) arguments.push_back("--comm=" + *workload.comm);
        if (options.worker_comm)
          arguments.push_back("--worker-comm=" + *options.worker_comm);
        return arguments;
      },
      workload.options);
}

}  // namespace oomlab::harness
