// The cgroups of a scenario: made, held, read and removed.
//
//   Result<CgroupTree> tree = CgroupTree::Create(scenario.cgroups, "");
//   int fd = tree->procs_fd("/app");   // a child writes "0" to it, then execs
//   tree->ReadEvents("/app")["oom_kill"]
//
// Groups are made by libcgroup, one level at a time (libcgroup 2.0.2 fails with
// ENOENT on a nested path), parents first. Each is held by a directory
// descriptor from then on, so a group that is removed and made again under the
// same name cannot be mistaken for ours. "/" is the group that the tree hangs
// below; it is not made or removed.
//
// cgroup v2 only. Values are written as the scenario gives them and read back;
// a control file that does not exist makes the scenario unsupported on this
// kernel.

#ifndef OOMLAB_HARNESS_SANDBOX_CGROUP_TREE_H_
#define OOMLAB_HARNESS_SANDBOX_CGROUP_TREE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "harness/scenario/scenario.h"

namespace oomlab::harness {

class CgroupTree {
 public:
  // `parent` is the path below the cgroup root that the tree hangs in: "" or
  // "oomlab.1234". Errors: kUnsupported when the memory controller or a control
  // file is missing; kSystem with libcgroup's words. On error what was made is
  // removed. Without specs nothing is asked of the kernel.
  [[nodiscard]] static Result<CgroupTree> Create(
      const std::vector<CgroupSpec>& specs, const std::string& parent);

  CgroupTree(CgroupTree&&) = default;
  CgroupTree& operator=(CgroupTree&&) = default;
  CgroupTree(const CgroupTree&) = delete;
  CgroupTree& operator=(const CgroupTree&) = delete;
  // Removes the groups, children first; a group that still has processes stays.
  ~CgroupTree();

  // cgroup.procs, open for writing. -1 for a path that is not in the tree, and
  // for "/" when there is no group: processes then stay where they are.
  [[nodiscard]] int procs_fd(const std::string& path) const;

  // Paths as declared, ancestors included, without "/".
  [[nodiscard]] std::vector<std::string> paths() const;

  // memory.events.
  [[nodiscard]] Result<std::map<std::string, std::int64_t>> ReadEvents(
      const std::string& path) const;

  // memory.current, bytes.
  [[nodiscard]] Result<std::int64_t> ReadCharge(const std::string& path) const;

 private:
  struct Group {
    std::string path;  // "/app"
    std::string name;  // For libcgroup: "app", "oomlab.1234/app".
    ScopedFd directory;
    ScopedFd procs;
  };

  CgroupTree() = default;
  [[nodiscard]] const Group* Find(const std::string& path) const;
  [[nodiscard]] Result<> Make(const std::string& path, const std::string& name);
  [[nodiscard]] Result<> Apply(const CgroupSpec& spec);

  std::vector<Group> groups_;  // Parents before children.
  ScopedFd root_procs_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_SANDBOX_CGROUP_TREE_H_
