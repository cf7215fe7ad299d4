// The guest of the VM tests: a kernel from the environment, test_init as /init.
//
//   VmConfig config;
//   if (const auto why = PrepareTestGuest("finish", config)) GTEST_SKIP() <<
//   *why;

#ifndef OOMLAB_HARNESS_VM_VM_TEST_GUEST_H_
#define OOMLAB_HARNESS_VM_VM_TEST_GUEST_H_

#include <optional>
#include <string>

#include "harness/vm/qemu_command.h"

namespace oomlab::harness {

// Sets kernel, initramfs, TSC and the task of test_init (see there). Returns
// what is needed and missing, for GTEST_SKIP. A fault of the tests themselves
// is a failed expectation.
[[nodiscard]] std::optional<std::string> PrepareTestGuest(
    const std::string& task, VmConfig& config);

// A file of the running test, below the test's directory for such.
[[nodiscard]] std::string TestFile(const std::string& name);

}  // namespace oomlab::harness

#endif  // OOMLAB_HARNESS_VM_VM_TEST_GUEST_H_
