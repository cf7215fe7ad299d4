#include "workloads/touch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace oomlab::workloads {
namespace {

using ::testing::ElementsAre;

std::vector<std::uint64_t> All(const TouchOrder& order, std::uint64_t pages) {
  std::vector<std::uint64_t> all;
  PageOrder numbers(order, pages);
  while (const auto page = numbers.Next()) all.push_back(*page);
  return all;
}

TEST(PageOrderTest, OrdersAreWhatTheySay) {
  const std::uint64_t page = PageBytes();
  EXPECT_THAT(All({}, 4), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(All({.kind = TouchOrder::kDescending}, 3), ElementsAre(2, 1, 0));
  EXPECT_THAT(All({.kind = TouchOrder::kStrided, .stride_bytes = 3 * page}, 7),
              ElementsAre(0, 3, 6, 1, 4, 2, 5));
  EXPECT_THAT(All({.kind = TouchOrder::kSparse, .stride_bytes = 512 * page}, 3),
              ElementsAre(0, 512, 1024));
}

TEST(PageOrderTest, EveryOrderWritesEveryPageOnceWhateverTheirNumber) {
  for (std::uint64_t pages = 0; pages < 300; ++pages) {
    std::vector<std::uint64_t> expected(pages);
    std::iota(expected.begin(), expected.end(), 0);
    for (const TouchOrder& order :
         {TouchOrder{.kind = TouchOrder::kRandom, .seed = pages},
          TouchOrder{.kind = TouchOrder::kStrided,
          .stride_bytes = (pages % 17 + 1) * PageBytes()},
          TouchOrder{.kind = TouchOrder::kStrided,
          .stride_bytes = 1000 * PageBytes()}}) {
      std::vector<std::uint64_t> all = All(order, pages);
      std::sort(all.begin(), all.end());
      EXPECT_EQ(all, expected) << order.kind;
    }
  }
}

TEST(PageOrderTest, RandomDependsOnTheSeedAndOnNothingElse) {
  const auto random = [](std::uint64_t seed) {
    return All({.kind = TouchOrder::kRandom, .seed = seed}, 1000);
  };
  EXPECT_EQ(random(7), random(7));
  EXPECT_NE(random(7), random(8));
  // Few pages follow their neighbour: one in about a thousand by chance.
  const auto order = random(7);
  int neighbours = 0;
  for (std::size_t i = 1; i < order.size(); ++i)
    neighbours += order[i] == order[i - 1] + 1 ? 1 : 0;
  EXPECT_LT(neighbours, 50);
}

TEST(SpanBytesTest, ASparseMappingEndsWithItsLastPage) {
  const std::uint64_t page = PageBytes();
  const TouchOrder sparse = {.kind = TouchOrder::kSparse,
                             .stride_bytes = 2u << 20};
  EXPECT_EQ(SpanBytes(sparse, 0), 0u);
  EXPECT_EQ(SpanBytes(sparse, 1), page);
  EXPECT_EQ(SpanBytes(sparse, 2 * page), (2u << 20) + page);
  EXPECT_EQ(SpanBytes({}, 2 * page), 2 * page);
}

}  // namespace
}  // namespace oomlab::workloads
