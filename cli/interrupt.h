// Ctrl-C and SIGTERM as a stop request: the run that is under way is ended and
// recorded as broken, and no further one starts. A second signal ends the
// program at once.

#ifndef OOMLAB_CLI_INTERRUPT_H_
#define OOMLAB_CLI_INTERRUPT_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <stop_token>
#include <thread>

namespace oomlab::cli {

class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  boost::asio::io_context loop_;
  boost::asio::signal_set signals_{loop_, SIGINT, SIGTERM};
  std::jthread thread_;
};

}  // namespace oomlab::cli

#endif  // OOMLAB_CLI_INTERRUPT_H_
