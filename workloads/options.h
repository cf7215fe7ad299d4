// The command line of one pattern, checked against its table.
//
//   const Result<Options> options =
//       Options::Parse(*FindPattern("prefork"), {argv + 2, argc - 2});
//   options->Number("image")         20971520
//   options->Is("grow", "parent")    false
//
// Holds views into the arguments, which are those of main (a nullptr ends
// them): they must outlive it.

#ifndef OOMLAB_WORKLOADS_OPTIONS_H_
#define OOMLAB_WORKLOADS_OPTIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "workloads/patterns.h"

namespace oomlab::workloads {

class Options {
 public:
  // Errors are kUsage and name the option: unknown, given twice, without a
  // value, not a value of its type, out of range, missing.
  // A pattern that takes a command takes all that comes after "--" as that.
  [[nodiscard]] static Result<Options> Parse(const Pattern& pattern,
                                             std::span<char* const> arguments);

  // Whether the pattern has such an option at all.
  [[nodiscard]] bool Knows(std::string_view name) const;
  // Whether it was on the command line. Here and below, a name that is not in
  // the table is a fault of the program and aborts.
  [[nodiscard]] bool Has(std::string_view name) const;
  // kSize (bytes) and kCount: as given, else the default, else 0.
  [[nodiscard]] std::uint64_t Number(std::string_view name) const;
  // kText and kChoice: as given, else the default, else empty.
  [[nodiscard]] std::string_view Text(std::string_view name) const;
  [[nodiscard]] bool Is(std::string_view name, std::string_view choice) const {
    return Text(name) == choice;
  }
  // The words after "--", up to a nullptr; nullptr when there are none.
  [[nodiscard]] char* const* command() const { return command_; }

 private:
  struct Value {
    const Option* option = nullptr;
    bool given = false;
    std::string_view text;
    std::uint64_t number = 0;
  };

  Options() = default;
  [[nodiscard]] const Value* Find(std::string_view name) const;
  [[nodiscard]] const Value& Get(std::string_view name) const;

  std::array<Value, 32> values_;
  std::size_t count_ = 0;
  char* const* command_ = nullptr;
};

// The help text of one pattern.
[[nodiscard]] std::string HelpText(const Pattern& pattern);

// The help text of the program: its patterns.
[[nodiscard]] std::string HelpText();

}  // namespace oomlab::workloads

#endif  // OOMLAB_WORKLOADS_OPTIONS_H_
