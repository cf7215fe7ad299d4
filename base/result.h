// Result<T>: a value, or an Error that says what failed, on which object, why,
// and the way out.
//
//   Result<std::string> text = ReadFile("/proc/1/comm");
//   if (!text) return tl::unexpected(text.error());
//
//   return Fail(ErrorCode::kNotFound, "no kernel debian:9.9 in the archive",
//               "available: debian:5.10, debian:6.1");
//
// The API is that of std::expected (C++23). Functions that return it are
// [[nodiscard]]. Nothing here throws.

#ifndef OOMLAB_BASE_RESULT_H_
#define OOMLAB_BASE_RESULT_H_

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace oomlab {

enum class ErrorCode {
  kNoMatch,      // The input is not of this kind; not a fault.
  kMalformed,    // The input is of this kind and damaged.
  kUsage,        // The user asked for something that cannot be meant.
  kNotFound,     // A named thing does not exist.
  kPermission,   // The system refused.
  kUnsupported,  // This machine or kernel cannot do it.
  kTimeout,      // A deadline passed.
  kSystem,       // A system call or a program failed.
};

struct Error {
  ErrorCode code = ErrorCode::kSystem;
  std::string message;  // What failed, on which object, why. No final period.
  std::string hint;     // The way out, or empty.
};

template <class T = void>
using Result = tl::expected<T, Error>;

// An Error ready to be returned from a function that returns any Result.
[[nodiscard]] tl::unexpected<Error> Fail(ErrorCode code, std::string message,
                                         std::string hint = {});

// "cannot open /x: No such file or directory (ENOENT)". `what` is "cannot open
// /x"; `error_number` is an errno value. EACCES and EPERM become kPermission,
// ENOENT kNotFound, others kSystem.
[[nodiscard]] tl::unexpected<Error> FailErrno(std::string_view what,
                                              int error_number);

// "what: cause", keeping the code and the hint of the cause.
[[nodiscard]] tl::unexpected<Error> Wrap(std::string_view what, Error cause);

}  // namespace oomlab

#endif  // OOMLAB_BASE_RESULT_H_
