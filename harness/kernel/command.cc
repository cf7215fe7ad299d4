#include "harness/kernel/command.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>
#include <boost/system/system_error.hpp>
#include <csignal>
#include <exception>
#include <string_view>

namespace oomlab::harness {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;

// An initializer of Boost.Process. Its own process_environment is declared, but
// in the header-only 1.81 never defined.
struct ChildSetup {
  std::vector<const char*> environment;  // Ends with a null pointer.

  process::error_code on_setup(process::posix::default_launcher& launcher,
                               const process::filesystem::path&,
                               const char* const*) {
    launcher.env = environment.data();
    return {};
  }

  // An orphaned apt would go on writing where the next run wants to write.
  process::error_code on_exec_setup(process::posix::default_launcher&,
                                    const process::filesystem::path&,
                                    const char* const*) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    return {};
  }
};

ChildSetup InLocaleC() {
  ChildSetup setup;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("LC_ALL=") && !text.starts_with("LANGUAGE="))
      setup.environment.push_back(*entry);
  }
  setup.environment.push_back("LC_ALL=C");
  setup.environment.push_back(nullptr);
  return setup;
}

process::filesystem::path Locate(const std::string& program) {
  if (program.find('/') != program.npos) return program;
  return process::environment::find_executable(program);
}

void ReadToEnd(asio::readable_pipe& pipe, std::string& text) {
  // Ends with the error "end of file"; what was read until then is in `text`.
  asio::async_read(pipe, asio::dynamic_buffer(text),
                   [](const process::error_code&, std::size_t) {});
}

CommandResult Run(const process::filesystem::path& program,
                  const Command& command) {
  asio::io_context context;
  asio::readable_pipe out(context);
  asio::readable_pipe err(context);
  CommandResult result;
  process::process child(
      context, program, command.arguments,
      process::process_stdio{nullptr, out, err},
      process::process_start_dir(process::filesystem::path(command.directory)),
      InLocaleC());
  ReadToEnd(out, result.stdout_text);
  ReadToEnd(err, result.stderr_text);
  context.run();
  child.wait();
  const int status = child.native_exit_code();
  result.exit_status =
      WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

}  // namespace

Result<CommandResult> RunCommand(const Command& command) {
  try {
    const process::filesystem::path program = Locate(command.program);
    if (program.empty() || !process::filesystem::exists(program))
      return Fail(ErrorCode::kUnsupported,
                  "there is no program " + command.program);
    return Run(program, command);
  } catch (const boost::system::system_error& error) {
    return Fail(ErrorCode::kSystem, "cannot run " + command.program + ": " +
                                        error.code().message());
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kSystem,
                "cannot run " + command.program + ": " + error.what());
  }
}

}  // namespace oomlab::harness
