#include "harness/vm/channel.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace oomlab::harness {
namespace {

using nlohmann::json;

// No throw; nothing for text that is not JSON or is nested too deeply.
std::optional<json> Parse(std::string_view line) {
  bool too_deep = false;
  json value = json::parse(
      line,
      [&too_deep](int depth, json::parse_event_t, const json&) {
        if (depth > ChannelReader::kMaxDepth) too_deep = true;
        return !too_deep;
      },
      /*allow_exceptions=*/false);
  if (too_deep || value.is_discarded()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> UnsignedField(const json& object,
                                           const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_number_unsigned()) return std::nullopt;
  return it->get<std::uint64_t>();
}

// The start of a damaged line, safe to print.
std::string Excerpt(std::string_view line) {
  constexpr std::size_t kShown = 60;
  std::string out;
  for (const char c : line.substr(0, kShown)) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (line.size() > kShown) out += "...";
  return out;
}

}  // namespace

ChannelReader::ChannelReader(MessageHandler handler, std::size_t max_line_bytes)
    : handler_(std::move(handler)), max_line_bytes_(max_line_bytes) {}

void ChannelReader::Feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, newline);
    if (!overlong_ && partial_.size() + piece.size() > max_line_bytes_) {
      Damaged(fmt::format("its line is longer than {} bytes", max_line_bytes_));
      overlong_ = true;
      partial_.clear();
    }
    if (newline == std::string_view::npos) {
      if (!overlong_) partial_ += piece;
      return;
    }
    if (!overlong_) {
      if (partial_.empty()) {
        Line(piece);
      } else {
        partial_ += piece;
        Line(partial_);
      }
    }
    partial_.clear();
    overlong_ = false;
    bytes.remove_prefix(newline + 1);
  }
}

void ChannelReader::Line(std::string_view line) {
  const std::optional<json> message = Parse(line);
  if (!message) {
    return Damaged(fmt::format("not JSON: {}", Excerpt(line)));
  }
  const std::optional<std::uint64_t> seq =
      message->is_object() ? UnsignedField(*message, "seq") : std::nullopt;
  if (!seq) {
    return Damaged(fmt::format("no \"seq\": {}", Excerpt(line)));
  }
  const auto type = message->find("type");
  if (type == message->end() || !type->is_string()) {
    return Damaged(fmt::format("no \"type\": {}", Excerpt(line)));
  }
  if (ended_ || *seq < next_) {
    // Counting goes on where it was: a forged number must not hide a loss.
    AddFault(ChannelFault::Kind::kDamaged,
             fmt::format("message {} came {}", *seq,
                         ended_ ? "after the end" : "twice or out of order"));
    return;
  }
  if (*seq > next_) {
    AddFault(ChannelFault::Kind::kLost,
             *seq == next_ + 1
                 ? fmt::format("message {} is lost", next_)
                 : fmt::format("messages {} to {} are lost", next_, *seq - 1));
  }
  next_ = *seq + 1;
  ++messages_;
  if (*type == "end") {
    ended_ = true;
    const std::optional<std::uint64_t> count =
        UnsignedField(*message, "messages");
    if (count != next_) {
      AddFault(
          ChannelFault::Kind::kLost,
          fmt::format("the end message counts {} messages, its seq says {}",
                      count ? fmt::to_string(*count) : "no", next_));
    }
  }
  handler_(*message);
}

void ChannelReader::Close() {
  if (!partial_.empty() || overlong_) {
    AddFault(ChannelFault::Kind::kTruncated,
             fmt::format("message {} stops in the middle: {}", next_,
                         Excerpt(partial_)));
    partial_.clear();
    overlong_ = false;
  }
  if (!ended_) {
    AddFault(ChannelFault::Kind::kTruncated,
             fmt::format("no end message after {} messages", messages_));
  }
}

// A damaged line stands for the message that was due, so that one damaged line
// is one fault and not also a gap.
void ChannelReader::Damaged(std::string_view why) {
  AddFault(ChannelFault::Kind::kDamaged,
           fmt::format("message {} is damaged: {}", next_, why));
  ++next_;
}

void ChannelReader::AddFault(ChannelFault::Kind kind, std::string message) {
  if (faults_.size() < kMaxFaults)
    faults_.push_back({kind, std::move(message)});
}

}  // namespace oomlab::harness
