#include "harness/kernel/apt.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <system_error>

#include "base/fd.h"
#include "harness/kernel/command.h"
#include "harness/kernel/version.h"

namespace oomlab::harness {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFlavour = "-cloud-amd64";
constexpr std::uint64_t kSmallestKernelBytes = 1 << 20;

struct Suite {
  std::string_view name;
  bool security;  // Lives on the security mirror.
};
constexpr Suite kSuites[] = {
    {"bullseye", false},
    {"bullseye-security", true},
    {"bookworm", false},
    {"bookworm-security", true},
    {"bookworm-backports", false},
    {"trixie", false},
    {"trixie-security", true},
    {"trixie-backports", false},
    {"sid", false},
    {"experimental", false},
};

// Lines without their newline.
std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == line.npos) return words;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// apt's own errors and warnings, at most three, as one line.
std::string WordsOfApt(const CommandResult& run) {
  std::string text;
  int count = 0;
  for (const std::string_view kind : {"E: ", "W: "}) {
    for (const std::string_view line : Lines(run.stderr_text)) {
      if (!line.starts_with(kind) || ++count > 3) continue;
      if (!text.empty()) text += "; ";
      text += line.substr(kind.size());
    }
    if (count > 0) break;
  }
  if (count > 3) text += "; and " + std::to_string(count - 3) + " more";
  if (text.empty()) text = "exit status " + std::to_string(run.exit_status);
  return text;
}

Result<CommandResult> RunApt(const Command& command) {
  Result<CommandResult> run = RunCommand(command);
  if (!run && run.error().code == ErrorCode::kUnsupported)
    run.error().hint =
        "kernels come from Debian's archive by apt; without it, give the path "
        "of a bzImage";
  return run;
}

// What `apt-get update` achieved, from its lines such as
//   Get:1 http://mirror/debian bullseye InRelease [75.1 kB]
//   Err:12 http://mirror/debian nosuch Release
struct UpdateOutcome {
  std::set<std::string> read;
  std::set<std::string> failed;
};

UpdateOutcome ReadUpdate(std::string_view text) {
  UpdateOutcome outcome;
  for (const std::string_view line : Lines(text)) {
    const std::vector<std::string_view> words = Words(line);
    if (words.size() < 4) continue;
    const std::string suite(words[2].substr(0, words[2].find('/')));
    if (words[0].starts_with("Err:")) {
      outcome.failed.insert(suite);
    } else if ((words[0].starts_with("Get:") || words[0].starts_with("Hit:")) &&
               words[3].ends_with("Release")) {
      outcome.read.insert(suite);
    }
  }
  for (const std::string& suite : outcome.failed) outcome.read.erase(suite);
  return outcome;
}

// A URL or path goes into files whose syntax has no escape for these.
bool Plain(std::string_view text, bool blanks) {
  return std::none_of(text.begin(), text.end(), [&](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\' ||
           c == '[' || c == ']' || (!blanks && c == ' ');
  });
}

std::string_view WithoutSlash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

bool IsDebianRelease(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "bullseye", "bookworm", "trixie",    "forky",   "sid",
      "stable",   "testing",  "oldstable", "unstable"};
  for (const std::string_view suffix : {"-updates", "-backports"})
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return std::find(std::begin(kNames), std::end(kNames), name) !=
         std::end(kNames);
}

}  // namespace

std::vector<KernelPackage> ParseKernelPackages(std::string_view text) {
  std::vector<KernelPackage> kernels;
  KernelPackage kernel;
  const auto finish = [&] {
    std::string_view release = kernel.package;
    for (const std::string_view prefix : {"linux-image-", "linux-binary-"})
      if (release.starts_with(prefix)) release.remove_prefix(prefix.size());
    // "linux-binary-unsigned-..." does not continue with a number.
    const bool numbered =
        !release.empty() && release.front() >= '0' && release.front() <= '9';
    if (numbered && release.size() != kernel.package.size() &&
        release.ends_with(kFlavour) && !kernel.version.empty() &&
        kernel.size_bytes >= kSmallestKernelBytes) {
      kernel.release = release;
      kernels.push_back(kernel);
    }
    kernel = {};
  };
  const auto value = [](std::string_view line, std::string_view field) {
    line.remove_prefix(field.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line;
  };
  for (const std::string_view line : Lines(text)) {
    if (line.empty()) finish();
    if (line.starts_with("Package:")) kernel.package = value(line, "Package:");
    if (line.starts_with("Version:")) kernel.version = value(line, "Version:");
    if (line.starts_with("Size:")) {
      const std::string_view size = value(line, "Size:");
      std::from_chars(size.data(), size.data() + size.size(),
                      kernel.size_bytes);
    }
  }
  finish();
  std::stable_sort(kernels.begin(), kernels.end(),
                   [](const KernelPackage& a, const KernelPackage& b) {
                     return CompareVersions(a.version, b.version) > 0;
                   });
  const auto same = [](const KernelPackage& a, const KernelPackage& b) {
    return a.package == b.package && a.version == b.version;
  };
  kernels.erase(std::unique(kernels.begin(), kernels.end(), same),
                kernels.end());
  return kernels;
}

std::string AptArchive::Program(std::string_view name) const {
  if (options_.program_directory.empty()) return std::string(name);
  return options_.program_directory + "/" + std::string(name);
}

std::string AptArchive::ConfigurationPath() const {
  return options_.directory + "/apt.conf";
}

Result<AptArchive::Mirrors> AptArchive::FindMirrors() const {
  constexpr std::string_view kHint =
      "set OOMLAB_DEBIAN_MIRROR to the URL of a Debian mirror";
  const auto sibling = [](std::string_view main) {
    return std::string(WithoutSlash(main)) + "-security";
  };
  if (!options_.mirror.empty()) {
    if (!Plain(options_.mirror, false) ||
        options_.mirror.find(':') == std::string::npos)
      return Fail(ErrorCode::kUsage,
                  "'" + options_.mirror + "' is not the URL of a mirror",
                  std::string(kHint));
    return Mirrors{options_.mirror, sibling(options_.mirror)};
  }
  // Without the release info apt also lists what was never downloaded, as on
  // a machine whose lists are empty.
  const Result<CommandResult> run =
      RunApt({.program = Program("apt-get"),
              .arguments = {"indextargets", "--no-release-info", "--format",
                            "$(RELEASE) $(COMPONENT) $(REPO_URI)",
                            "Created-By: Packages"}});
  if (!run) return tl::unexpected(run.error());
  if (run->exit_status != 0)
    return Fail(ErrorCode::kSystem, "apt-get indextargets: " + WordsOfApt(*run),
                std::string(kHint));
  Mirrors mirrors;
  std::string other;  // Not called ".../debian", but has Debian's suites.
  for (const std::string_view line : Lines(run->stdout_text)) {
    const std::vector<std::string_view> words = Words(line);
    if (words.size() != 3 || words[1] != "main") continue;
    std::string_view release = words[0];
    const std::string url(WithoutSlash(words[2]));
    if (release.ends_with("-security") || release.ends_with("/updates")) {
      release.remove_suffix(std::string_view("-security").size());
      if (mirrors.security.empty() && IsDebianRelease(release))
        mirrors.security = url;
    } else if (IsDebianRelease(release)) {
      if (mirrors.main.empty() && url.ends_with("/debian")) mirrors.main = url;
      if (other.empty()) other = url;
    }
  }
  if (mirrors.main.empty()) mirrors.main = other;
  if (mirrors.main.empty())
    return Fail(ErrorCode::kUnsupported,
                "this machine's apt uses no Debian mirror", std::string(kHint));
  if (mirrors.security.empty()) mirrors.security = sibling(mirrors.main);
  return mirrors;
}

Result<> AptArchive::Configure() const {
  const std::string& directory = options_.directory;
  if (!Plain(directory, true))
    return Fail(ErrorCode::kUsage,
                "apt cannot work in a directory called '" + directory + "'");
  if (::access(options_.keyring.c_str(), R_OK) != 0)
    return Fail(ErrorCode::kUnsupported,
                "there is no keyring " + options_.keyring +
                    " to check Debian's signatures with",
                "install the package debian-archive-keyring");
  const Result<Mirrors> mirrors = FindMirrors();
  if (!mirrors) return tl::unexpected(mirrors.error());

  std::string sources;
  for (const Suite& suite : kSuites) {
    sources += "deb [arch=amd64 signed-by=" + options_.keyring + "] ";
    sources += suite.security ? mirrors->security : mirrors->main;
    sources += " " + std::string(suite.name) + " main\n";
  }
  // Read by apt after the machine's own configuration, of which hooks and
  // weaker checks must not apply here. The lists stay compressed: 80 MB
  // instead of 250. Without the binary caches a query takes 2 s instead of
  // 0.2, and another 230 MB are saved.
  const std::string configuration =
      "Dir::State \"" + directory + "/state\";\n" + "Dir::State::lists \"" +
      directory + "/state/lists\";\n" + "Dir::State::status \"/dev/null\";\n" +
      "Dir::State::extended_states \"/dev/null\";\n" + "Dir::Cache \"" +
      directory + "/cache\";\n" + "Dir::Cache::archives \"" + directory +
      "/cache/archives\";\n" +
      "Dir::Cache::pkgcache \"\";\n"
      "Dir::Cache::srcpkgcache \"\";\n"
      "Dir::Etc::sourcelist \"" +
      directory + "/sources.list\";\n" +
      "Dir::Etc::sourceparts \"/dev/null\";\n"
      "Dir::Etc::preferences \"/dev/null\";\n"
      "Dir::Etc::preferencesparts \"/dev/null\";\n"
      "#clear APT::Architectures;\n"
      "APT::Architecture \"amd64\";\n"
      "APT::Architectures { \"amd64\"; };\n"
      // The _apt user could not write to a cache below a user's home.
      "APT::Sandbox::User \"root\";\n"
      "APT::Get::AllowUnauthenticated \"false\";\n"
      "Acquire::AllowInsecureRepositories \"false\";\n"
      "Acquire::AllowWeakRepositories \"false\";\n"
      "Acquire::GzipIndexes \"true\";\n"
      "Acquire::Languages \"none\";\n"
      "Acquire::Retries \"3\";\n"
      "#clear Acquire::IndexTargets::deb::DEP-11;\n"
      "#clear Acquire::IndexTargets::deb::Contents-deb;\n"
      "#clear APT::Update::Pre-Invoke;\n"
      "#clear APT::Update::Post-Invoke;\n"
      "#clear APT::Update::Post-Invoke-Success;\n";
  std::error_code error;
  for (const char* part : {"/state/lists/partial", "/cache/archives/partial"}) {
    fs::create_directories(directory + part, error);
    if (error)
      return FailErrno("cannot create " + directory + part, error.value());
  }
  if (Result<> done = ReplaceFile(directory + "/sources.list", sources); !done)
    return done;
  return ReplaceFile(ConfigurationPath(), configuration);
}

Result<> AptArchive::Update(const Progress& progress) const {
  if (Result<> done = Configure(); !done) return done;
  progress("reading the lists of Debian's archive");
  const Result<CommandResult> run =
      RunApt({.program = Program("apt-get"),
              .arguments = {"-c", ConfigurationPath(), "-q", "update"}});
  if (!run) return tl::unexpected(run.error());
  const UpdateOutcome outcome = ReadUpdate(run->stdout_text);
  if (outcome.read.empty())
    return Fail(ErrorCode::kSystem,
                "cannot read Debian's archive: " + WordsOfApt(*run));
  std::string missing;
  for (const std::string& suite : outcome.failed) missing += " " + suite;
  if (!missing.empty() || run->exit_status != 0)
    progress("going on without:" + missing + " (" + WordsOfApt(*run) + ")");
  return {};
}

Result<std::vector<KernelPackage>> AptArchive::Kernels() const {
  const Result<CommandResult> run =
      RunApt({.program = Program("apt-cache"),
              .arguments = {"-c", ConfigurationPath(), "show",
                            "linux-image-*" + std::string(kFlavour),
                            "linux-binary-*" + std::string(kFlavour)}});
  if (!run) return tl::unexpected(run.error());
  std::vector<KernelPackage> kernels = ParseKernelPackages(run->stdout_text);
  // A pattern without a match makes apt-cache fail although the other has some.
  if (kernels.empty() && run->exit_status != 0)
    return Fail(
        ErrorCode::kSystem,
        "cannot list the kernels of Debian's archive: " + WordsOfApt(*run));
  return kernels;
}

Result<std::string> AptArchive::Download(
    const KernelPackage& kernel, const std::string& to_directory) const {
  // apt keeps what is on its way in Dir::Cache::archives: there too, so that
  // whoever removes the directory removes everything.
  const Result<CommandResult> run = RunApt(
      {.program = Program("apt-get"),
       .arguments = {"-c", ConfigurationPath(), "-q", "-o",
                     "Dir::Cache::archives=" + to_directory + "/archives",
                     "download", kernel.package + "=" + kernel.version},
       .directory = to_directory});
  if (!run) return tl::unexpected(run.error());
  if (run->exit_status != 0)
    return Fail(ErrorCode::kSystem, "cannot download " + kernel.package + " " +
                                        kernel.version + ": " +
                                        WordsOfApt(*run));
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(to_directory, error))
    if (entry.path().extension() == ".deb") return entry.path().string();
  return Fail(ErrorCode::kSystem,
              "apt-get download left no package in " + to_directory);
}

}  // namespace oomlab::harness
