#include "base/result.h"

#include <cerrno>
#include <cstring>
#include <utility>

namespace oomlab {

tl::unexpected<Error> Fail(ErrorCode code, std::string message,
                           std::string hint) {
  return tl::unexpected<Error>(
      Error{code, std::move(message), std::move(hint)});
}

tl::unexpected<Error> FailErrno(std::string_view what, int error_number) {
  ErrorCode code = ErrorCode::kSystem;
  if (error_number == EACCES || error_number == EPERM)
    code = ErrorCode::kPermission;
  if (error_number == ENOENT) code = ErrorCode::kNotFound;
  std::string message(what);
  message += ": ";
  message += strerrordesc_np(error_number) != nullptr
                 ? strerrordesc_np(error_number)
                 : "unknown error";
  if (const char* name = strerrorname_np(error_number); name != nullptr) {
    message += " (";
    message += name;
    message += ")";
  }
  return Fail(code, std::move(message));
}

tl::unexpected<Error> Wrap(std::string_view what, Error cause) {
  cause.message = std::string(what) + ": " + cause.message;
  return tl::unexpected<Error>(std::move(cause));
}

}  // namespace oomlab
