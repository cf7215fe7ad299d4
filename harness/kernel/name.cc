#include "harness/kernel/name.h"

#include <sys/utsname.h>

#include <algorithm>

#include "harness/kernel/version.h"

namespace oomlab::harness {
namespace {

constexpr std::string_view kDebian = "debian:";
constexpr std::string_view kFlavour = "-cloud-amd64";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kMarks = ".+~-_";  // Of a release or a version.

// "6", "6.12" or "6.12.95"; parts are not compared as numbers, so a part with
// a leading zero simply selects nothing.
bool IsNumbers(std::string_view text) {
  int parts = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kDigits.find(text[i]) != kDigits.npos) continue;
    const bool between = i > 0 && i + 1 < text.size() && text[i + 1] != '.';
    if (text[i] != '.' || !between || ++parts > 3) return false;
  }
  return !text.empty();
}

// What may occur in a release or a package version. No '/': these become
// directory names.
bool IsExact(std::string_view text) {
  return !text.empty() && text.size() <= 128 &&
         kDigits.find(text.front()) != kDigits.npos &&
         text.find("..") == text.npos && text.back() != '.' &&
         std::any_of(text.begin(), text.end(),
                     [](char c) { return c == '-' || c == '+' || c == '~'; }) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  kDigits.find(c) != kDigits.npos ||
                  kMarks.find(c) != kMarks.npos;
         });
}

}  // namespace

Result<KernelName> KernelName::Parse(std::string_view text) {
  if (text == "host") {
    utsname host{};
    if (::uname(&host) != 0)
      return Fail(ErrorCode::kSystem, "cannot tell this host's release");
    KernelName name(Kind::kFile, text);
    name.path_ = std::string("/boot/vmlinuz-") + host.release;
    return name;
  }
  if (text.starts_with(kDebian)) {
    const std::string_view wanted = text.substr(kDebian.size());
    if (wanted == "newest") return KernelName(Kind::kNewest, text);
    if (IsNumbers(wanted) || IsExact(wanted)) {
      KernelName name(IsNumbers(wanted) ? Kind::kNumbers : Kind::kExact, text);
      name.wanted_ = wanted;
      return name;
    }
  } else if (text.find('/') != text.npos && text.find('\0') == text.npos) {
    KernelName name(Kind::kFile, text);
    name.path_ = text;
    return name;
  }
  return Fail(ErrorCode::kUsage,
              "'" + std::string(text) + "' is not the name of a kernel",
              "write debian:6.12, debian:6.12.95, debian:7, debian:newest, "
              "host, or a path with a '/' such as ./bzImage");
}

bool KernelName::Selects(std::string_view release,
                         std::string_view package_version) const {
  switch (kind_) {
    case Kind::kFile:
      return false;
    case Kind::kNewest:
      return true;
    case Kind::kExact:
      return wanted_ == release || wanted_ == package_version ||
             wanted_ + std::string(kFlavour) == release;
    case Kind::kNumbers: {
      const std::string_view numbers = UpstreamNumbers(package_version);
      return numbers.starts_with(wanted_) &&
             (numbers.size() == wanted_.size() ||
              numbers[wanted_.size()] == '.');
    }
  }
  return false;
}

}  // namespace oomlab::harness
