#include "cli/parse_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/size.h"
#include "cli/errors.h"
#include "cli/parse_job.h"
#include "parser/report/json.h"
#include "parser/report/text.h"

namespace oomlab::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string format = "json";
  unsigned jobs = 0;
};

// Tells a terminal every now and then how far it is; nothing on short input.
class ProgressLine {
 public:
  explicit ProgressLine(const ParseProgress& progress) {
    if (::isatty(STDERR_FILENO) == 0) return;
    thread_ = std::jthread([this, &progress](const std::stop_token& stop) {
      std::unique_lock lock(mutex_);
      bool shown = false;
      while (!wake_.wait_for(lock, stop, std::chrono::milliseconds(500),
                             [] { return false; })) {
        if (stop.stop_requested()) break;
        shown = true;
        std::fprintf(stderr, "\r%s MiB read, %s reports\x1b[K",
                     FormatCount(progress.bytes >> 20).c_str(),
                     FormatCount(progress.reports).c_str());
      }
      if (shown) std::fputs("\r\x1b[K", stderr);
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // Last: it uses the others.
};

// "file":"kern.log", as the first member of a report of one of several files.
std::string FileMember(const std::string& file) {
  return "{\"file\":" +
         nlohmann::json(file).dump(-1, ' ', false,
                                   nlohmann::json::error_handler_t::replace) +
         ",";
}

std::string FormatOne(const Options& options, std::size_t file,
                      const parser::OomReport& report) {
  const bool many = options.files.size() > 1;
  if (options.format == "text") {
    std::string text = parser::FormatReport(report, {});
    if (many) text = parser::Printable(options.files[file]) + ": " + text;
    return text + "\n";
  }
  std::string text;
  parser::AppendReportJson(report, options.format == "ndjson", text);
  if (many) text.replace(0, 1, FileMember(options.files[file]));
  return text;
}

// Puts texts together as the format wants them.
class Writer {
 public:
  explicit Writer(const std::string& format) : format_(format) {
    if (format_ == "json") Put(R"({"schema":"oomlab.report/1","reports":[)");
  }

  void Add(std::string_view text) {
    if (format_ == "json") Put(first_ ? "\n" : ",\n");
    first_ = false;
    Put(text);
    if (format_ == "ndjson") Put("\n");
    // What was found shows at once, in a pipe too.
    std::fflush(stdout);
  }

  void Finish() {
    if (format_ == "json") Put(first_ ? "]}\n" : "\n]}\n");
    if (format_ == "text" && first_) Put("no OOM report\n");
  }

 private:
  static void Put(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  }

  std::string format_;
  bool first_ = true;
};

int Run(const Options& options) {
  Writer writer(options.format);
  ParseJob job;
  job.files = options.files;
  job.threads = options.jobs > 0
                    ? options.jobs
                    : std::max(1u, std::thread::hardware_concurrency());
  job.format = [&](std::size_t file, const parser::OomReport& report) {
    return FormatOne(options, file, report);
  };
  job.write = [&](std::string_view text) { writer.Add(text); };
  ParseProgress progress;
  std::vector<Error> errors;
  {
    const ProgressLine line(progress);
    errors = RunParseJob(job, progress);
  }
  writer.Finish();
  int exit_status = 0;
  for (const Error& error : errors)
    exit_status = std::max(exit_status, PrintError(error));
  return exit_status;
}

}  // namespace

void AddParseCommand(CLI::App& app, int& exit_status) {
  CLI::App* command =
      app.add_subcommand("parse", "Find the OOM reports in kernel logs");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("FILE", options->files,
                   "Logs of any kind, also compressed by gzip, bzip2, xz or "
                   "zstd; - is standard input")
      ->required();
  command
      ->add_option("--format", options->format,
                   "json: one object; ndjson: one report a line; text: one "
                   "screen a report")
      ->check(CLI::IsMember({"json", "ndjson", "text"}))
      ->capture_default_str();
  command->add_option("--jobs", options->jobs,
                      "Files that are parsed at the same time [the processors "
                      "of this machine]");
  command->callback([options, &exit_status] { exit_status = Run(*options); });
}

}  // namespace oomlab::cli
