#include "harness/vm/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace oomlab::harness {
namespace {

using Kind = ChannelFault::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kRun =
    "{\"seq\":0,\"type\":\"hello\",\"release\":\"6.12.95\"}\n"
    "{\"seq\":1,\"type\":\"kmsg\",\"text\":\"6,1,2,-;a \\\"b\\\"\\n\"}\n"
    "{\"seq\":2,\"type\":\"end\",\"messages\":3}\n";

// Reads `bytes` in pieces of `step` and keeps what came out.
struct Reading {
  explicit Reading(std::string_view bytes, std::size_t step = 1u << 20,
                   std::size_t max_line = ChannelReader::kMaxLineBytes)
      : reader(
            [this](const nlohmann::json& message) {
              types.push_back(message.at("type").get<std::string>());
            },
            max_line) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
      reader.Feed(bytes.substr(0, step));
    }
    reader.Close();
  }
  std::vector<Kind> Kinds() const {
    std::vector<Kind> out;
    for (const ChannelFault& fault : reader.faults()) out.push_back(fault.kind);
    return out;
  }

  std::vector<std::string> types;
  ChannelReader reader;
};

TEST(ChannelTest, DeliversEveryMessageHoweverTheBytesAreCut) {
  for (std::size_t step = 1; step <= kRun.size(); ++step) {
    const Reading r(kRun, step);
    EXPECT_THAT(r.types, ElementsAre("hello", "kmsg", "end")) << step;
    EXPECT_TRUE(r.reader.Whole()) << step;
    EXPECT_EQ(r.reader.messages(), 3u);
  }
}

TEST(ChannelTest, EveryTruncationIsReported) {
  for (std::size_t size = 0; size < kRun.size(); ++size) {
    const Reading r(kRun.substr(0, size));
    EXPECT_FALSE(r.reader.Whole()) << size;
    ASSERT_FALSE(r.reader.faults().empty()) << size;
    EXPECT_EQ(r.reader.faults().back().kind, Kind::kTruncated) << size;
  }
}

TEST(ChannelTest, EveryByteThatGoesMissingIsReported) {
  // Up to the closing brace of "end": within "hello" text the loss of a byte
  // leaves valid JSON, which no numbering of lines can show, so those bytes are
  // left out.
  for (std::size_t i = 0; i < kRun.size(); ++i) {
    std::string bytes(kRun);
    bytes.erase(i, 1);
    const Reading r(bytes);
    if (r.reader.Whole()) {
      const std::string_view line = kRun.substr(0, kRun.find('\n', i));
      EXPECT_NE(line.find('"', i), std::string_view::npos)
          << "byte " << i << " is outside of a string and was not missed";
    }
  }
}

TEST(ChannelTest, AGapNamesTheLostMessages) {
  const Reading r(
      "{\"seq\":0,\"type\":\"hello\"}\n"
      "{\"seq\":4,\"type\":\"phase\"}\n"
      "{\"seq\":5,\"type\":\"end\",\"messages\":6}\n");
  EXPECT_THAT(r.types, ElementsAre("hello", "phase", "end"));
  EXPECT_THAT(r.Kinds(), ElementsAre(Kind::kLost));
  EXPECT_THAT(r.reader.faults()[0].message, HasSubstr("messages 1 to 3"));
  EXPECT_FALSE(r.reader.Whole());
}

TEST(ChannelTest, OneDamagedLineIsOneFaultAndReadingGoesOn) {
  const Reading r(
      "{\"seq\":0,\"type\":\"hello\"}\n"
      "{\"seq\":1,\"ty\x01\xff garbage\n"
      "{\"seq\":2,\"type\":\"end\",\"messages\":3}\n");
  EXPECT_THAT(r.types, ElementsAre("hello", "end"));
  EXPECT_THAT(r.Kinds(), ElementsAre(Kind::kDamaged));
  EXPECT_THAT(r.reader.faults()[0].message, HasSubstr("\\x01\\xff garbage"));
}

TEST(ChannelTest, AWrongCountAtTheEndIsALoss) {
  const Reading r(
      "{\"seq\":0,\"type\":\"hello\"}\n"
      "{\"seq\":1,\"type\":\"end\",\"messages\":3}\n");
  EXPECT_THAT(r.Kinds(), ElementsAre(Kind::kLost));
}

TEST(ChannelTest, RepeatedAndLateMessagesAreNotDelivered) {
  const Reading r(
      "{\"seq\":0,\"type\":\"hello\"}\n"
      "{\"seq\":0,\"type\":\"hello\"}\n"
      "{\"seq\":1,\"type\":\"end\",\"messages\":2}\n"
      "{\"seq\":2,\"type\":\"victim\"}\n");
  EXPECT_THAT(r.types, ElementsAre("hello", "end"));
  EXPECT_THAT(r.Kinds(), ElementsAre(Kind::kDamaged, Kind::kDamaged));
}

TEST(ChannelTest, MessagesWithoutNumberOrTypeAreDamage) {
  for (const std::string_view line :
       {"[]", "7", "null", "\"seq\"", "{}", "{\"seq\":-1,\"type\":\"a\"}",
        "{\"seq\":0.0,\"type\":\"a\"}", "{\"seq\":\"0\",\"type\":\"a\"}",
        "{\"seq\":0}", "{\"seq\":0,\"type\":3}",
        "{\"seq\":18446744073709551616,\"type\":\"a\"}", ""}) {
    const Reading r(std::string(line) + "\n");
    EXPECT_THAT(r.types, IsEmpty()) << line;
    EXPECT_EQ(r.Kinds().at(0), Kind::kDamaged) << line;
  }
}

TEST(ChannelTest, ALineWithoutEndTakesNoUnboundedMemory) {
  const std::string flood(1000, 'x');
  const Reading r(flood + "\n{\"seq\":1,\"type\":\"end\",\"messages\":2}\n", 64,
                  128);
  EXPECT_THAT(r.types, ElementsAre("end"));
  EXPECT_THAT(r.Kinds(), ElementsAre(Kind::kDamaged));
}

TEST(ChannelTest, DeepNestingIsDamage) {
  const std::string deep(100000, '[');
  const Reading r("{\"seq\":0,\"type\":\"a\",\"x\":" + deep + "\n");
  EXPECT_THAT(r.types, IsEmpty());
  const std::string closed =
      std::string(40, '[') + "1" + std::string(40, ']') + "}";
  const Reading s("{\"seq\":0,\"type\":\"a\",\"x\":" + closed + "\n");
  EXPECT_THAT(s.types, IsEmpty());
}

TEST(ChannelTest, NoBytesMakeItThrowOrGrow) {
  const unsigned seed = 20260101;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::string bytes(kRun);
    for (int i = 0; i < 4; ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const Reading r(bytes, 1 + random() % 50);
    EXPECT_LE(r.types.size(), 6u);
    EXPECT_LE(r.reader.faults().size(), ChannelReader::kMaxFaults);
  }
}

}  // namespace
}  // namespace oomlab::harness
