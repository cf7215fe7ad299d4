// The channel on which the guest's agent reports: lines of JSON, numbered, so
// that loss, damage and truncation show.
//
//   {"seq":0,"type":"hello","release":"6.12.95+deb12-cloud-amd64"}
//   {"seq":1,"type":"phase","name":"ready"}
//   {"seq":2,"type":"end","messages":3}
//
// "seq" counts from 0 without gaps. The last message is of type "end"; its
// "messages" is the number of all messages, itself included, hence its seq + 1.
//
//   ChannelReader reader([](const nlohmann::json& message) { ... });
//   while (...) reader.Feed(bytes);
//   reader.Close();
//   if (!reader.Whole()) ... reader.faults()
//
// The bytes come from a machine that is made to run out of memory and whose
// processes may write anything: nothing in them can make the reader throw, grow
// without bound or stop reading. A line that is no message is dropped and
// reported; later ones are still delivered.

#ifndef OOMLAB_HARNESS_VM_CHANNEL_H_
#define OOMLAB_HARNESS_VM_CHANNEL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace oomlab::harness {

struct ChannelFault {
  enum class Kind {
    kLost,       // Messages are missing: a gap in "seq", or a wrong count.
    kDamaged,    // A line that is no message: not JSON, no "seq", too long.
    kTruncated,  // The bytes stop in the middle of a line or before "end".
  };
  Kind kind = Kind::kDamaged;
  std::string message;  // "message 7 is damaged: ..."
};

using MessageHandler = std::function<void(const nlohmann::json&)>;

class ChannelReader {
 public:
  static constexpr std::size_t kMaxLineBytes = 8u << 20;
  static constexpr std::size_t kMaxFaults = 16;  // Later ones are not kept.
  static constexpr int kMaxDepth = 32;           // Of nested JSON values.

  // `handler` gets every message in order, "end" included. It may not throw.
  explicit ChannelReader(MessageHandler handler,
                         std::size_t max_line_bytes = kMaxLineBytes);

  // Bytes as they arrive, cut anywhere.
  void Feed(std::string_view bytes);

  // No more bytes will come: reports what is missing at the end.
  void Close();

  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  // "end" has arrived; the agent is through, whether or not all was whole.
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] const std::vector<ChannelFault>& faults() const {
    return faults_;
  }
  // Everything that was sent has arrived.
  [[nodiscard]] bool Whole() const { return ended_ && faults_.empty(); }

 private:
  void Line(std::string_view line);
  void Damaged(std::string_view why);
  void AddFault(ChannelFault::Kind kind, std::string message);

  MessageHandler handler_;
  std::size_t max_line_bytes_;
  std::string partial_;     // The line that is not yet complete.
  bool overlong_ = false;   // partial_ passed the limit; skip to its newline.
  std::uint64_t next_ = 0;  // The "seq" that must come next.
  std::uint64_t messages_ = 0;
  bool ended_ = false;
  std::vector<ChannelFault> faults_;
};

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_CHANNEL_H_
