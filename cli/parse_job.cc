#include "cli/parse_job.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "cli/log_input.h"
#include "parser/log_parser.h"

namespace oomlab::cli {
namespace {

// Lets texts out in the order of the files.
class OrderedOutput {
 public:
  OrderedOutput(std::size_t files,
                const std::function<void(std::string_view)>& write)
      : write_(write), slots_(files) {}

  void Add(std::size_t file, std::string text) {
    const std::lock_guard lock(mutex_);
    if (file == turn_)
      write_(text);
    else
      slots_[file].waiting.push_back(std::move(text));
  }

  void Close(std::size_t file) {
    const std::lock_guard lock(mutex_);
    slots_[file].closed = true;
    while (turn_ < slots_.size() && slots_[turn_].closed) {
      ++turn_;
      if (turn_ == slots_.size()) return;
      for (const std::string& text : slots_[turn_].waiting) write_(text);
      slots_[turn_].waiting = {};
    }
  }

 private:
  struct Slot {
    std::vector<std::string> waiting;
    bool closed = false;
  };

  const std::function<void(std::string_view)>& write_;
  std::mutex mutex_;
  std::vector<Slot> slots_;
  std::size_t turn_ = 0;
};

Result<> ParseFile(const ParseJob& job, std::size_t file, OrderedOutput& output,
                   ParseProgress& progress) {
  parser::LogParser parser([&](const parser::OomReport& report) {
    ++progress.reports;
    output.Add(file, job.format(file, report));
  });
  Result<> read = ReadLog(job.files[file], [&](std::string_view piece) {
    parser.Feed(piece);
    progress.bytes += piece.size();
  });
  parser.Finish();
  output.Close(file);
  return read;
}

}  // namespace

std::vector<Error> RunParseJob(const ParseJob& job, ParseProgress& progress) {
  OrderedOutput output(job.files.size(), job.write);
  std::vector<std::optional<Error>> errors(job.files.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t file = next++; file < job.files.size(); file = next++)
      if (Result<> parsed = ParseFile(job, file, output, progress); !parsed)
        errors[file] = std::move(parsed.error());
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t threads =
        std::min<std::size_t>(std::max(job.threads, 1u), job.files.size());
    for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(work);
    work();
  }
  std::vector<Error> found;
  for (std::optional<Error>& error : errors)
    if (error) found.push_back(*std::move(error));
  return found;
}

}  // namespace oomlab::cli
