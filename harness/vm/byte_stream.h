// Reads a descriptor until it ends, and hands over the bytes as they arrive.
//
//   ByteStream console(io, std::move(fd), [](std::string_view bytes) { ... });
//   io.run();

#ifndef OOMLAB_HARNESS_VM_BYTE_STREAM_H_
#define OOMLAB_HARNESS_VM_BYTE_STREAM_H_

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <string_view>
#include <utility>

#include "base/fd.h"

namespace oomlab::harness {

class ByteStream {
 public:
  using Sink = std::function<void(std::string_view)>;

  ByteStream(boost::asio::io_context& io, ScopedFd fd, Sink sink)
      : descriptor_(io, fd.Release()), sink_(std::move(sink)) {
    descriptor_.non_blocking(true);
    Read();
  }

  // What is there now. After the writer's exit that is the rest.
  void Drain() {
    descriptor_.cancel();
    boost::system::error_code ec;
    while (!ec) {
      const std::size_t n =
          descriptor_.read_some(boost::asio::buffer(buffer_), ec);
      if (n > 0) sink_({buffer_.data(), n});
    }
  }

 private:
  // Waits first and reads then: a read that Asio has done, but not delivered,
  // when the writer exits would be lost to Drain.
  void Read() {
    using boost::asio::posix::descriptor_base;
    descriptor_.async_wait(
        descriptor_base::wait_read, [this](boost::system::error_code ec) {
          if (ec) return;
          const std::size_t n =
              descriptor_.read_some(boost::asio::buffer(buffer_), ec);
          if (n > 0) sink_({buffer_.data(), n});
          if (!ec || ec == boost::asio::error::would_block) Read();
        });
  }

  boost::asio::posix::stream_descriptor descriptor_;
  Sink sink_;
  std::array<char, 65536> buffer_{};
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_BYTE_STREAM_H_
