#include "harness/record/record_dir.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/fd.h"
#include "harness/record/record_json.h"

namespace oomlab::harness {
namespace {

// One component of a path, whatever a kernel calls itself.
std::string AsFileName(std::string text) {
  constexpr std::size_t kLongest = 100;
  text.resize(std::min(text.size(), kLongest));
  std::replace_if(
      text.begin(), text.end(),
      [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == 0x7f;
      },
      '_');
  if (text.starts_with('.')) text[0] = '_';
  return text;
}

Result<> Put(const std::string& path, const std::string& data) {
  const Result<> put = ReplaceFile(path, data);
  if (!put) return Wrap("cannot keep the record of the run", put.error());
  return {};
}

}  // namespace

Result<RecordDir> RecordDir::Create(const std::string& out,
                                    const RunRecord& record) {
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error)
    return FailErrno("cannot create the output directory " + out,
                     error.value());
  std::string name = AsFileName(record.scenario_name);
  if (!record.context.kernel_release.empty())
    name += "-" + AsFileName(record.context.kernel_release);
  const std::string base = out + "/" + name;
  std::string path = base;
  for (int n = 2; ::mkdir(path.c_str(), 0777) != 0; ++n) {
    if (errno != EEXIST)
      return FailErrno("cannot create the run directory " + path, errno);
    path = base + "-" + std::to_string(n);
  }
  RecordDir dir(path);
  RunRecord running = record;
  running.status = "running";
  Result<> written = Put(path + "/record.json", EncodeRecord(running));
  if (written && !record.scenario_text.empty())
    written = Put(path + "/scenario.json", record.scenario_text);
  if (!written) return tl::unexpected(written.error());
  return dir;
}

Result<> RecordDir::Finish(const RunRecord& record) const {
  // record.json comes last: it says that the rest is there.
  Result<> written = Put(kernel_log_path(), record.observation.kernel_log);
  if (written) written = Put(path_ + "/scenario.json", record.scenario_text);
  if (!written) return written;
  RunRecord complete = record;
  complete.status = "complete";
  return Put(path_ + "/record.json", EncodeRecord(complete));
}

Result<RunRecord> ReadRecord(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path given(path);
  const std::string dir = std::filesystem::is_directory(given, ignored)
                              ? path
                              : given.parent_path().string();
  const std::string file = dir.empty() ? "record.json" : dir + "/record.json";
  if (!std::filesystem::is_directory(given, ignored) &&
      given.filename() != "record.json")
    return Fail(ErrorCode::kNotFound, path + " is not the directory of a run",
                "name a directory that holds a record.json");
  const Result<std::string> text = ReadFile(file);
  if (!text) return tl::unexpected(text.error());
  Result<RunRecord> record = DecodeRecord(*text);
  if (!record) return Wrap(file, record.error());

  const std::string prefix = dir.empty() ? "" : dir + "/";
  const bool complete = record->status == "complete";
  Result<std::string> log = ReadFile(prefix + "kernel.log");
  if (!log && complete) return tl::unexpected(log.error());
  if (log) record->observation.kernel_log = *std::move(log);
  Result<std::string> scenario = ReadFile(prefix + "scenario.json");
  if (!scenario && complete) return tl::unexpected(scenario.error());
  if (scenario) record->scenario_text = *std::move(scenario);
  if (!complete) {
    record->verdict = Verdict::kBroken;
    record->broken =
        Broken{BrokenCause::kHost,
               "the run was cut off before its record was "
               "complete (oomlab was killed, or the disk is full)"};
  }
  return record;
}

}  // namespace oomlab::harness
