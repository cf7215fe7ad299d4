#include "cli/errors.h"

#include <cstdio>

namespace oomlab::cli {

int PrintError(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  if (!error.hint.empty())
    std::fprintf(stderr, "hint: %s\n", error.hint.c_str());
  switch (error.code) {
    case ErrorCode::kUsage:
    case ErrorCode::kMalformed:
    case ErrorCode::kNotFound:
    case ErrorCode::kNoMatch:
      return 2;
    case ErrorCode::kUnsupported:
      return 4;
    case ErrorCode::kPermission:
    case ErrorCode::kTimeout:
    case ErrorCode::kSystem:
      return 3;
  }
  return 3;
}

}  // namespace oomlab::cli
