// The directory of a run, from before it starts until it is complete.
//
//   Result<RecordDir> dir = RecordDir::Create("oomlab-out", record);
//     -> oomlab-out/prefork-memcg-6.12.95+deb12-cloud-amd64/
//          record.json    status "running"
//          scenario.json
//   ... QEMU writes dir->console_path() ...
//   dir->Finish(record)
//     -> kernel.log, and record.json with status "complete"
//
// An earlier run is never overwritten: the next one gets "-2", "-3", ...

#ifndef OOMLAB_HARNESS_RECORD_RECORD_DIR_H_
#define OOMLAB_HARNESS_RECORD_RECORD_DIR_H_

#include <string>
#include <utility>

#include "base/result.h"
#include "harness/record/run_record.h"

namespace oomlab::harness {

class RecordDir {
 public:
  // Makes OUT if need be, and a directory in it named after
  // record.scenario_name and record.context.kernel_release. Two processes may
  // create at once.
  [[nodiscard]] static Result<RecordDir> Create(const std::string& out,
                                                const RunRecord& record);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string console_path() const {
    return path_ + "/console.log";
  }
  [[nodiscard]] std::string kernel_log_path() const {
    return path_ + "/kernel.log";
  }

  // Writes everything; record.status is taken as "complete". May be called
  // again (another verdict). If it fails the directory still says "running".
  [[nodiscard]] Result<> Finish(const RunRecord& record) const;

 private:
  explicit RecordDir(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// Reads a run directory, or the record.json in one. A run that was cut off has
// status "running", verdict broken and the cause; its kernel log may be empty.
// Errors: kNotFound, kMalformed.
[[nodiscard]] Result<RunRecord> ReadRecord(const std::string& path);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_RECORD_RECORD_DIR_H_
