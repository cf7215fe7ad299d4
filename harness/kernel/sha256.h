// SHA-256 of what passes by.
//
//   Sha256 hash;
//   hash.Add("abc");
//   hash.Hex()  ->
//   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61..."

#ifndef OOMLAB_HARNESS_KERNEL_SHA256_H_
#define OOMLAB_HARNESS_KERNEL_SHA256_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oomlab::harness {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view bytes);

  // Lower-case hex. Call once, last.
  [[nodiscard]] std::string Hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Of a whole file, which is read piece by piece.
[[nodiscard]] Result<std::string> Sha256OfFile(const std::string& path);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_KERNEL_SHA256_H_
