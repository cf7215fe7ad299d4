#include "harness/capture/kmsg.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

namespace oomlab::harness {
namespace {

// CONSOLE_EXT_LOG_MAX: no record is longer.
constexpr std::size_t kMaxRecordBytes = 8192;

template <class T>
bool TakeNumber(std::string_view& text, T& value) {
  const auto [end, ec] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

Result<KmsgRecord> ParseKmsgRecord(std::string_view record) {
  KmsgRecord out;
  std::string_view rest = record;
  unsigned priority = 0;
  bool good = TakeNumber(rest, priority) && rest.starts_with(',');
  if (good) {
    rest.remove_prefix(1);
    good = TakeNumber(rest, out.seq) && rest.starts_with(',');
  }
  const auto semicolon = rest.find(';');
  if (!good || semicolon == std::string_view::npos)
    return Fail(
        ErrorCode::kMalformed,
        "not a /dev/kmsg record: '" + std::string(record.substr(0, 80)) + "'");
  out.facility = priority >> 3;
  out.text = rest.substr(semicolon + 1);
  out.text = out.text.substr(0, out.text.find('\n'));
  return out;
}

KmsgReader::KmsgReader(ScopedFd fd, ScopedFd mark_fd, std::string token)
    : fd_(std::move(fd)),
      mark_fd_(std::move(mark_fd)),
      token_(std::move(token)) {}

Result<KmsgReader> KmsgReader::Begin(const std::string& path,
                                     std::string_view token) {
  Result<ScopedFd> reader = OpenFile(path, O_RDONLY | O_NONBLOCK);
  if (!reader) return tl::unexpected(reader.error());
  Result<ScopedFd> writer = OpenFile(path, O_WRONLY);
  if (!writer) return tl::unexpected(writer.error());
  if (::lseek(reader->get(), 0, SEEK_END) < 0)
    return FailErrno("cannot seek to the end of " + path, errno);
  KmsgReader kmsg(*std::move(reader), *std::move(writer), std::string(token));
  if (Result<> marked = kmsg.WriteMark("begin"); !marked)
    return tl::unexpected(marked.error());
  return kmsg;
}

Result<> KmsgReader::WriteMark(std::string_view word) {
  const std::string mark = "oomlab: " + std::string(word) + " " + token_ + "\n";
  return WriteAll(mark_fd_.get(), mark, "a mark to the kernel log");
}

void KmsgReader::TakeRecord(std::string_view record, const Sink& sink) {
  const Result<KmsgRecord> parsed = ParseKmsgRecord(record);
  if (parsed && parsed->facility != 0) {
    if (parsed->text == "oomlab: begin " + token_) begun_ = true;
    if (parsed->text == "oomlab: end " + token_) ended_ = true;
  }
  if (!begun_) return;
  if (parsed) {
    if (last_seq_ >= 0 && parsed->seq > last_seq_ + 1)
      lost_ += parsed->seq - last_seq_ - 1;
    last_seq_ = parsed->seq;
  }
  // The text is the first line; " KEY=value" lines after it tell of devices.
  sink(record.substr(0, record.find('\n')));
}

Result<int> KmsgReader::Drain(const Sink& sink) {
  int records = 0;
  std::array<char, kMaxRecordBytes> buffer{};
  for (;;) {
    const ssize_t n = ::read(fd_.get(), buffer.data(), buffer.size());
    if (n > 0) {
      TakeRecord({buffer.data(), static_cast<std::size_t>(n)}, sink);
      ++records;
    } else if (n == 0 || errno == EAGAIN) {
      return records;
    } else if (errno == EPIPE) {
      // Overwritten before they were read. The next record's number says how
      // many, once the first one is known.
      if (last_seq_ < 0) ++lost_;
    } else if (errno != EINTR) {
      return FailErrno("cannot read the kernel log", errno);
    }
  }
}

Result<> KmsgReader::End(const Sink& sink, const Deadline& deadline) {
  if (Result<> marked = WriteMark("end"); !marked) return marked;
  for (;;) {
    if (Result<int> drained = Drain(sink); !drained)
      return tl::unexpected(drained.error());
    if (ended_) return {};
    if (deadline.Passed())
      return Fail(ErrorCode::kTimeout,
                  "the end mark did not come back from the kernel log");
    pollfd wait{fd_.get(), POLLIN, 0};
    ::poll(&wait, 1, deadline.RemainingMs());
  }
}

}  // namespace oomlab::harness
