#include "harness/kernel/sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include "base/fd.h"

namespace oomlab::harness {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

// SHA-256 is part of every libcrypto; that it is missing is a broken
// installation, not an input to report on.
Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr ||
      EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1)
    std::abort();
}

Sha256::~Sha256() { EVP_MD_CTX_free(state_->context); }

void Sha256::Add(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1)
    std::abort();
}

std::string Sha256::Hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(state_->context, digest.data(), &size) != 1)
    std::abort();
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

Result<std::string> Sha256OfFile(const std::string& path) {
  const Result<ScopedFd> fd = OpenFile(path, O_RDONLY);
  if (!fd) return tl::unexpected(fd.error());
  Sha256 hash;
  std::vector<char> piece(std::size_t{1} << 18);
  for (;;) {
    const ssize_t n = ::read(fd->get(), piece.data(), piece.size());
    if (n == 0) return hash.Hex();
    if (n > 0) {
      hash.Add({piece.data(), static_cast<std::size_t>(n)});
    } else if (errno != EINTR) {
      return FailErrno("cannot read " + path, errno);
    }
  }
}

}  // namespace oomlab::harness
