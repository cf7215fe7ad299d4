#include "parser/anchors.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace oomlab::parser {
namespace {

constexpr std::size_t kBlock = 128;
// An anchor's first bytes are looked for; three may reach over the block.
constexpr std::size_t kReach = kBlock + 3;

bool IsAnchor(std::string_view whole, std::size_t at) {
  const std::string_view text = whole.substr(at);
  // "room", "bloom" and the like are common.
  if (text.starts_with("oom")) {
    return text.size() > 3 && (text[3] == '-' || text[3] == '_');
  }
  if (text.starts_with("\":[")) {
    return whole.substr(0, at).ends_with("\"MESSAGE");
  }
  return text.starts_with("Kill") || text.starts_with("Kernel panic");
}

// Finds an anchor in [at, end), counting line feeds; false: none, at is end.
bool Scan(std::string_view text, std::size_t end, std::size_t& at,
          std::size_t& lines) {
  for (; at < end; ++at) {
    const char c = text[at];
    if (c == '\n') {
      ++lines;
    } else if ((c == 'o' || c == 'K' || c == '"') && IsAnchor(text, at)) {
      return true;
    }
  }
  return false;
}

// Sixteen bytes at a time, in the compilers' portable notation.
struct Narrow {
  using Bytes = std::uint8_t __attribute__((vector_size(16)));

  static Bytes Load(const char* at) {
    Bytes bytes;
    std::memcpy(&bytes, at, sizeof(bytes));
    return bytes;
  }
  static Bytes Is(const Bytes& bytes, char c) {
    return reinterpret_cast<Bytes>(bytes == static_cast<std::uint8_t>(c));
  }
};

std::size_t FindNarrow(std::string_view text, std::size_t at,
                       std::size_t& lines) {
  using V = Narrow;
  while (at + kReach <= text.size()) {
    V::Bytes candidates{}, line_feeds{};
    for (std::size_t i = 0; i < kBlock; i += sizeof(V::Bytes)) {
      const char* here = text.data() + at + i;
      const V::Bytes first = V::Load(here), second = V::Load(here + 1),
                     third = V::Load(here + 2), fourth = V::Load(here + 3);
      candidates |=
          (V::Is(first, 'o') & V::Is(second, 'o') & V::Is(third, 'm') &
           (V::Is(fourth, '-') | V::Is(fourth, '_'))) |
          (V::Is(first, 'K') & V::Is(second, 'i') & V::Is(third, 'l')) |
          (V::Is(first, 'K') & V::Is(second, 'e') & V::Is(third, 'r')) |
          (V::Is(first, '"') & V::Is(second, ':') & V::Is(third, '['));
      line_feeds -= V::Is(first, '\n');
    }
    std::uint64_t words[2];
    std::memcpy(words, &candidates, sizeof(words));
    if ((words[0] | words[1]) != 0) {
      if (Scan(text, at + kBlock, at, lines)) return at;
      continue;
    }
    for (std::size_t i = 0; i < sizeof(V::Bytes); ++i) lines += line_feeds[i];
    at += kBlock;
  }
  return Scan(text, text.size(), at, lines) ? at : std::string_view::npos;
}

#if defined(__x86_64__)
bool HasWide() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

// The same with 32 bytes: the notation above would be lowered to 16 before the
// function's target is known.
__attribute__((target("avx2,popcnt"))) std::size_t FindWide(
    std::string_view text, std::size_t at, std::size_t& lines) {
  const __m256i letter_o = _mm256_set1_epi8('o'), m = _mm256_set1_epi8('m'),
                k = _mm256_set1_epi8('K'), i_ = _mm256_set1_epi8('i'),
                l = _mm256_set1_epi8('l'), e = _mm256_set1_epi8('e'),
                r = _mm256_set1_epi8('r'), quote = _mm256_set1_epi8('"'),
                colon = _mm256_set1_epi8(':'), dash = _mm256_set1_epi8('-'),
                line = _mm256_set1_epi8('_'), open = _mm256_set1_epi8('['),
                line_feed = _mm256_set1_epi8('\n');
#define OOMLAB_LOAD(from) \
  _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))
  while (at + kReach <= text.size()) {
    __m256i candidates = _mm256_setzero_si256();
    std::size_t line_feeds = 0;
    for (std::size_t i = 0; i < kBlock; i += sizeof(__m256i)) {
      const char* here = text.data() + at + i;
      const __m256i first = OOMLAB_LOAD(here), second = OOMLAB_LOAD(here + 1),
                    third = OOMLAB_LOAD(here + 2),
                    fourth = OOMLAB_LOAD(here + 3);
      const __m256i oom = _mm256_and_si256(
          _mm256_and_si256(_mm256_cmpeq_epi8(first, letter_o),
                           _mm256_cmpeq_epi8(second, letter_o)),
          _mm256_and_si256(_mm256_cmpeq_epi8(third, m),
                           _mm256_or_si256(_mm256_cmpeq_epi8(fourth, dash),
                                           _mm256_cmpeq_epi8(fourth, line))));
      const __m256i kil_or_ker = _mm256_and_si256(
          _mm256_cmpeq_epi8(first, k),
          _mm256_or_si256(_mm256_and_si256(_mm256_cmpeq_epi8(second, i_),
                                           _mm256_cmpeq_epi8(third, l)),
                          _mm256_and_si256(_mm256_cmpeq_epi8(second, e),
                                           _mm256_cmpeq_epi8(third, r))));
      const __m256i array =
          _mm256_and_si256(_mm256_cmpeq_epi8(first, quote),
                           _mm256_and_si256(_mm256_cmpeq_epi8(second, colon),
                                            _mm256_cmpeq_epi8(third, open)));
      candidates = _mm256_or_si256(
          candidates, _mm256_or_si256(oom, _mm256_or_si256(kil_or_ker, array)));
      line_feeds +=
          static_cast<std::size_t>(__builtin_popcount(static_cast<unsigned>(
              _mm256_movemask_epi8(_mm256_cmpeq_epi8(first, line_feed)))));
    }
    if (_mm256_testz_si256(candidates, candidates) == 0) {
      if (Scan(text, at + kBlock, at, lines)) return at;
      continue;
    }
    lines += line_feeds;
    at += kBlock;
  }
#undef OOMLAB_LOAD
  return Scan(text, text.size(), at, lines) ? at : std::string_view::npos;
}
#endif

}  // namespace

std::size_t FindAnchor(std::string_view text, std::size_t from,
                       std::size_t& lines) {
#if defined(__x86_64__)
  if (HasWide()) return FindWide(text, from, lines);
#endif
  return FindNarrow(text, from, lines);
}

}  // namespace oomlab::parser
