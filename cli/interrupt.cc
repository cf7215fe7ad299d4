#include "cli/interrupt.h"

#include <cstdio>

namespace oomlab::cli {

InterruptWatch::InterruptWatch() {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    stop_.request_stop();
    std::fputs("interrupted: ending the run; once more to quit at once\n",
               stderr);
    // The default action comes back for the second signal.
    signals_.clear();
  });
  thread_ = std::jthread([this] { loop_.run(); });
}

InterruptWatch::~InterruptWatch() { loop_.stop(); }

}  // namespace oomlab::cli
