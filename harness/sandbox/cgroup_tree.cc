#include "harness/sandbox/cgroup_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libcgroup.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <sstream>
#include <utility>

namespace oomlab::harness {
namespace {

constexpr const char* kController = "memory";

struct FreeCgroup {
  void operator()(cgroup* group) const { cgroup_free(&group); }
};
using CgroupHandle = std::unique_ptr<cgroup, FreeCgroup>;

tl::unexpected<Error> FailLibcgroup(const std::string& what, int code) {
  if (code == ECGOTHER) return FailErrno(what, cgroup_get_last_errno());
  return Fail(ErrorCode::kSystem, what + ": " + cgroup_strerror(code));
}

// Where the memory controller is mounted, by libcgroup's reading of
// /proc/mounts.
Result<std::string> MountPoint() {
  if (const int code = cgroup_init(); code != 0)
    return FailLibcgroup("cannot find the cgroup mounts", code);
  char* mount_point = nullptr;
  if (const int code = cgroup_get_subsys_mount_point(kController, &mount_point);
      code != 0)
    return Fail(ErrorCode::kUnsupported,
                "the memory controller is not mounted: " +
                    std::string(cgroup_strerror(code)));
  std::string path(mount_point);
  std::free(mount_point);  // NOLINT(*-no-malloc): libcgroup allocated it
  return path;
}

Result<std::string> ReadAt(int directory, const std::string& name) {
  const Result<ScopedFd> fd = OpenFileAt(directory, name, O_RDONLY);
  if (!fd) return tl::unexpected(fd.error());
  return ReadAll(fd->get(), name);
}

Result<> WriteAt(int directory, const std::string& name,
                 const std::string& value) {
  const Result<ScopedFd> fd = OpenFileAt(directory, name, O_WRONLY);
  if (!fd) return tl::unexpected(fd.error());
  return WriteAll(fd->get(), value, name);
}

std::string Trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// "/a/b" -> {"/a", "/a/b"}
std::vector<std::string> WithAncestors(const std::string& path) {
  std::vector<std::string> all;
  for (std::size_t at = path.find('/', 1); at != std::string::npos;
       at = path.find('/', at + 1))
    all.push_back(path.substr(0, at));
  all.push_back(path);
  return all;
}

// Sets one control file and reads it back; `where` names it in messages.
Result<> SetControl(int directory, const std::string& file,
                    const std::string& value, const std::string& where) {
  if (::faccessat(directory, file.c_str(), F_OK, 0) != 0)
    return Fail(ErrorCode::kUnsupported,
                fmt::format("this kernel has no {}", where));
  if (Result<> written = WriteAt(directory, file, value); !written)
    return Wrap(fmt::format("cannot set {} to {}", where, value),
                written.error());
  const Result<std::string> now = ReadAt(directory, file);
  if (!now) return Wrap(fmt::format("cannot read back {}", where), now.error());
  if (Trimmed(*now) == value) return {};
  return Fail(
      ErrorCode::kSystem,
      fmt::format("set {} to {}, but it reads {}", where, value, Trimmed(*now)),
      "sizes must be whole pages");
}

}  // namespace

Result<CgroupTree> CgroupTree::Create(const std::vector<CgroupSpec>& specs,
                                      const std::string& parent) {
  CgroupTree tree;
  if (specs.empty()) return tree;
  const Result<std::string> mount_point = MountPoint();
  if (!mount_point) return tl::unexpected(mount_point.error());
  const std::string root =
      parent.empty() ? *mount_point : *mount_point + "/" + parent;
  Result<ScopedFd> procs = OpenFile(root + "/cgroup.procs", O_WRONLY);
  if (!procs) return tl::unexpected(procs.error());
  tree.root_procs_ = *std::move(procs);

  for (const CgroupSpec& spec : specs) {
    for (const std::string& path : WithAncestors(spec.path)) {
      if (tree.Find(path) != nullptr) continue;
      const std::string name = parent.empty() ? path.substr(1) : parent + path;
      if (Result<> made = tree.Make(path, name); !made)
        return tl::unexpected(made.error());
      Result<ScopedFd> directory =
          OpenFile(*mount_point + "/" + name, O_RDONLY | O_DIRECTORY);
      if (!directory) return tl::unexpected(directory.error());
      Group& group = tree.groups_.back();
      group.directory = *std::move(directory);
    }
  }
  for (const CgroupSpec& spec : specs)
    if (Result<> applied = tree.Apply(spec); !applied)
      return tl::unexpected(applied.error());
  // Opened last: a group with processes may not enable controllers for
  // children, but an open descriptor does no harm.
  for (Group& group : tree.groups_) {
    Result<ScopedFd> group_procs =
        OpenFileAt(group.directory.get(), "cgroup.procs", O_WRONLY);
    if (!group_procs) return tl::unexpected(group_procs.error());
    group.procs = *std::move(group_procs);
  }
  return tree;
}

Result<> CgroupTree::Make(const std::string& path, const std::string& name) {
  const CgroupHandle handle(cgroup_new_cgroup(name.c_str()));
  if (!handle || cgroup_add_controller(handle.get(), kController) == nullptr)
    return Fail(ErrorCode::kSystem, "cannot describe the cgroup " + path);
  // ignore_ownership: without it every file of the group is walked and chowned.
  if (const int code = cgroup_create_cgroup(handle.get(), 1); code != 0)
    return FailLibcgroup("cannot make the cgroup " + path, code);
  groups_.push_back({path, name, {}, {}});
  return {};
}

Result<> CgroupTree::Apply(const CgroupSpec& spec) {
  const int directory = Find(spec.path)->directory.get();
  for (const auto& [file, value] : spec.controls)
    if (Result<> set =
            SetControl(directory, file, value,
                       fmt::format("{} of the cgroup {}", file, spec.path));
        !set)
      return set;
  return {};
}

CgroupTree::~CgroupTree() {
  std::for_each(groups_.rbegin(), groups_.rend(), [](const Group& group) {
    const CgroupHandle handle(cgroup_new_cgroup(group.name.c_str()));
    if (!handle || cgroup_add_controller(handle.get(), kController) == nullptr)
      return;
    cgroup_delete_cgroup_ext(handle.get(), CGFLAG_DELETE_EMPTY_ONLY);
  });
}

const CgroupTree::Group* CgroupTree::Find(const std::string& path) const {
  const auto it =
      std::find_if(groups_.begin(), groups_.end(),
                   [&](const Group& group) { return group.path == path; });
  return it == groups_.end() ? nullptr : &*it;
}

int CgroupTree::procs_fd(const std::string& path) const {
  if (path == "/") return root_procs_.get();
  const Group* group = Find(path);
  return group == nullptr ? -1 : group->procs.get();
}

std::vector<std::string> CgroupTree::paths() const {
  std::vector<std::string> all;
  for (const Group& group : groups_) all.push_back(group.path);
  return all;
}

Result<std::map<std::string, std::int64_t>> CgroupTree::ReadEvents(
    const std::string& path) const {
  const Group* group = Find(path);
  if (group == nullptr) return Fail(ErrorCode::kNotFound, "no cgroup " + path);
  const Result<std::string> text =
      ReadAt(group->directory.get(), "memory.events");
  if (!text) return tl::unexpected(text.error());
  std::map<std::string, std::int64_t> events;
  std::istringstream lines(*text);
  std::string name;
  std::int64_t value = 0;
  while (lines >> name >> value) events[name] = value;
  return events;
}

Result<std::int64_t> CgroupTree::ReadCharge(const std::string& path) const {
  const Group* group = Find(path);
  if (group == nullptr) return Fail(ErrorCode::kNotFound, "no cgroup " + path);
  const Result<std::string> text =
      ReadAt(group->directory.get(), "memory.current");
  if (!text) return tl::unexpected(text.error());
  std::int64_t bytes = 0;
  const auto [end, ec] =
      std::from_chars(text->data(), text->data() + text->size(), bytes);
  if (ec != std::errc{})
    return Fail(ErrorCode::kMalformed,
                "memory.current of " + path + " is '" + Trimmed(*text) + "'");
  return bytes;
}

}  // namespace oomlab::harness
