#include "harness/scenario/json_source.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace oomlab::harness {
namespace {

using Part = JsonSource::Part;

std::string At(const JsonSource& source, const std::string& text,
               const std::string& pointer, Part part) {
  return text.substr(source.OffsetOf(pointer, part), 4);
}

TEST(JsonSourceTest, KnowsWhereEveryValueAndKeyStands) {
  const std::string text = R"(// a comment with "quotes" and a , comma
{ "a" : 12 , /* : */ "b":[true,-1.5e3,"x\"y" , {"c~/d":null}]
  // }
  ,"e":{}})";
  const auto source = JsonSource::Parse(text, "t.json");
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_EQ(At(*source, text, "", Part::kValue), "{ \"a");
  EXPECT_EQ(At(*source, text, "/a", Part::kKey), "\"a\" ");
  EXPECT_EQ(At(*source, text, "/a", Part::kValue), "12 ,");
  EXPECT_EQ(At(*source, text, "/b", Part::kKey), "\"b\":");
  EXPECT_EQ(At(*source, text, "/b", Part::kValue), "[tru");
  EXPECT_EQ(At(*source, text, "/b/0", Part::kValue), "true");
  EXPECT_EQ(At(*source, text, "/b/1", Part::kKey), "-1.5");
  EXPECT_EQ(At(*source, text, "/b/2", Part::kValue), "\"x\\\"");
  EXPECT_EQ(At(*source, text, "/b/3/c~0~1d", Part::kKey), "\"c~/");
  EXPECT_EQ(At(*source, text, "/b/3/c~0~1d", Part::kValue), "null");
  EXPECT_EQ(At(*source, text, "/e", Part::kKey), "\"e\":");
  EXPECT_EQ(At(*source, text, "/e", Part::kValue), "{}}");
  // What is not there is shown at what would hold it.
  EXPECT_EQ(At(*source, text, "/b/3/absent/deeper", Part::kKey), "{\"c~");
  EXPECT_EQ(source->document()["b"][2], "x\"y");
}

TEST(JsonSourceTest, NumbersAtTheEndOfAListOrTextHaveTheirPlace) {
  const std::string text = "[1,22\n,333]";
  const auto source = JsonSource::Parse(text, "t.json");
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->OffsetOf("/0", Part::kValue), 1u);
  EXPECT_EQ(source->OffsetOf("/1", Part::kValue), 3u);
  EXPECT_EQ(source->OffsetOf("/2", Part::kValue), 7u);
  const auto number = JsonSource::Parse("  7", "t.json");
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->OffsetOf("", Part::kValue), 2u);
}

struct Mistake {
  std::string text;
  std::string message;
  std::string hint;
};

TEST(JsonSourceTest, ASyntaxErrorShowsTheLineAndAWayOut) {
  const Mistake mistakes[] = {
      {"{\n  \"a\": 1,\n}\n",
       "t.json:3:1: syntax error while parsing object key: unexpected '}'; "
       "expected string literal\n"
       "  3 | }\n"
       "    | ^",
       "remove the comma before the closing }"},
      {"{\n  \"a\": 1\n  \"b\": 2\n}\n",
       "t.json:3:3: syntax error while parsing object: unexpected string "
       "literal; expected '}'\n"
       "  3 |   \"b\": 2\n"
       "    |   ^",
       "is there a comma missing before this?"},
      {"{\"a\": [1, 2\n",
       "t.json:2:1: syntax error while parsing array: unexpected end of "
       "input; expected ']'\n"
       "  2 | \n"
       "    | ^",
       "the [ of line 1 is still open"},
      {"{\"a\": 'b'}",
       "t.json:1:7: syntax error while parsing value: invalid literal\n"
       "  1 | {\"a\": 'b'}\n"
       "    |       ^",
       "strings stand in double quotes"},
      {"",
       "t.json:1:1: syntax error while parsing value: unexpected end of "
       "input; expected '[', '{', or a literal\n"
       "  1 | \n"
       "    | ^",
       ""},
      {"{\"a\": 1, \"b\": 2,\n \"a\": 3}",
       "t.json:2:2: /a: this field is here for the second time\n"
       "  2 |  \"a\": 3}\n"
       "    |  ^",
       "keep one of the two"},
      {"{} {}",
       "t.json:1:4: syntax error while parsing value: unexpected '{'; "
       "expected end of input\n"
       "  1 | {} {}\n"
       "    |    ^",
       ""},
  };
  for (const Mistake& mistake : mistakes) {
    const auto source = JsonSource::Parse(mistake.text, "t.json");
    ASSERT_FALSE(source.has_value()) << mistake.text;
    EXPECT_EQ(source.error().code, ErrorCode::kMalformed);
    EXPECT_EQ(source.error().message, mistake.message);
    EXPECT_EQ(source.error().hint, mistake.hint) << mistake.text;
  }
}

TEST(JsonSourceTest, RefusesWhatCouldHideOrExhaustSomething) {
  const auto nul = JsonSource::Parse(std::string("{}\n\0{\"a\":1}", 11), "t");
  ASSERT_FALSE(nul.has_value());
  EXPECT_EQ(nul.error().message.substr(0, 16), "t:2:1: a NUL byt");
  const auto deep = JsonSource::Parse(std::string(100000, '['), "t");
  ASSERT_FALSE(deep.has_value());
  EXPECT_EQ(deep.error().message.substr(0, 36),
            "t:1:33: nested more than 32 levels d");
  EXPECT_FALSE(JsonSource::Parse(std::string((1 << 20) + 1, ' '), "t"));
}

TEST(JsonSourceTest, AMarkHoldsNoTerminalEscapes) {
  const std::string text = "{\"\x1b[2J\xc2\x9b\": 1}";
  const auto source = JsonSource::Parse(text, "t");
  ASSERT_FALSE(source.has_value());  // JSON has no raw control characters.
  EXPECT_EQ(source.error().message.find('\x1b'), std::string::npos);
  EXPECT_EQ(source.error().message.find('\x9b'), std::string::npos);
}

// Whatever the bytes, every place is inside the text and nothing crashes.
TEST(JsonSourceTest, SurvivesRandomDamage) {
  const std::string good =
      "{\"a\":[1,2.5e1,true,null],// c\n\"b\":{\"c\":\"d\"},/*x*/\"e\":-7}";
  const std::string alphabet = "{}[]\",:/*\n\\ 1e-\x01\xff\xc2";
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string text = good;
    for (int edits = 1 + static_cast<int>(random() % 3); edits > 0; --edits) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
      if (random() % 4 == 0) text.resize(1 + random() % text.size());
    }
    const auto source = JsonSource::Parse(text, "t");
    if (source) {
      EXPECT_LT(source->OffsetOf("/e", Part::kValue), text.size())
          << "seed " << seed << ": " << text;
    } else {
      EXPECT_TRUE(source.error().message.starts_with("t:"))
          << "seed " << seed << ": " << text;
    }
  }
}

}  // namespace
}  // namespace oomlab::harness
