// Runs the oomlab command in tests, in a directory of its own.

#ifndef OOMLAB_CLI_COMMAND_FIXTURE_H_
#define OOMLAB_CLI_COMMAND_FIXTURE_H_

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/process.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace oomlab::cli {

struct Finished {
  int status = -1;  // Exit status; 128 + N when ended by signal N.
  std::string out, err;
};

// A started command; ended when it goes out of scope.
class Command {
 public:
  Command(const std::vector<std::string>& arguments,
          const std::string& directory);

  [[nodiscard]] std::vector<int> Children() const;
  void Signal(int number) const;
  // Polls until the condition holds, for at most a minute.
  [[nodiscard]] bool WaitUntil(const std::function<bool()>& condition) const;
  Finished Finish();

 private:
  std::string out_path_, err_path_;
  std::unique_ptr<boost::asio::io_context> context_;
  std::unique_ptr<boost::process::v2::process> process_;
};

class CommandTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  [[nodiscard]] std::string Path(const std::string& name) const;
  void WriteTo(const std::string& name, const std::string& text) const;
  [[nodiscard]] Command Start(const std::vector<std::string>& arguments) const;
  [[nodiscard]] Finished Run(const std::vector<std::string>& arguments) const;

 private:
  std::string directory_;
};

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_COMMAND_FIXTURE_H_
