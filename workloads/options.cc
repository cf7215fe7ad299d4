#include "workloads/options.h"

#include <charconv>
#include <cstdlib>
#include <system_error>

#include "base/size.h"

namespace oomlab::workloads {
namespace {

Result<std::uint64_t> ParseCount(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end_of_text = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data(), end_of_text, number);
  if (ec != std::errc{} || end != end_of_text)
    return Fail(ErrorCode::kUsage,
                "'" + std::string(text) + "' is not a whole number");
  return number;
}

bool IsOneOf(std::string_view text, std::string_view choices) {
  while (!choices.empty()) {
    const std::string_view choice = choices.substr(0, choices.find('|'));
    if (text == choice) return true;
    choices.remove_prefix(choice.size() +
                          (choice.size() < choices.size() ? 1 : 0));
  }
  return false;
}

std::string Limit(const Option& option, std::uint64_t number) {
  if (option.type == OptionType::kCount) return std::to_string(number);
  return number == kAddressSpaceBytes ? "an address space (128 TiB)"
                                      : FormatSize(number);
}

// The number of a size or count; 0 for the other types.
Result<std::uint64_t> CheckValue(const Option& option, std::string_view text) {
  switch (option.type) {
    case OptionType::kFlag:
      return 0;
    case OptionType::kText:
      if (text.empty() || text.size() > option.max)
        return Fail(ErrorCode::kUsage, "'" + std::string(text) + "' has " +
                                           std::to_string(text.size()) +
                                           " bytes, not 1 to " +
                                           std::to_string(option.max));
      return 0;
    case OptionType::kChoice:
      if (!IsOneOf(text, option.choices))
        return Fail(ErrorCode::kUsage, "'" + std::string(text) +
                                           "' is not one of " +
                                           std::string(option.choices));
      return 0;
    case OptionType::kSize:
    case OptionType::kCount:
      break;
  }
  Result<std::uint64_t> number =
      option.type == OptionType::kSize ? ParseSize(text) : ParseCount(text);
  if (!number) return number;
  const std::string quoted = "'" + std::string(text) + "'";
  if (*number < option.min)
    return Fail(ErrorCode::kUsage,
                quoted + " is less than " + Limit(option, option.min));
  if (*number > option.max)
    return Fail(ErrorCode::kUsage,
                quoted + " is more than " + Limit(option, option.max));
  return number;
}

std::string TypeText(const Option& option) {
  switch (option.type) {
    case OptionType::kSize:
      return "=BYTES";
    case OptionType::kCount:
      return "=N";
    case OptionType::kChoice:
      return "=" + std::string(option.choices);
    case OptionType::kText:
      return "=TEXT";
    case OptionType::kFlag:
      return "";
  }
  return "";
}

void AppendHelp(const Option& option, std::string& text) {
  text += "  --" + std::string(option.name) + TypeText(option) + "\n      " +
          std::string(option.help);
  if (option.required) text += " (required)";
  if (!option.fallback.empty())
    text += " (default " + std::string(option.fallback) + ")";
  text += "\n";
}

}  // namespace

const Options::Value* Options::Find(std::string_view name) const {
  for (std::size_t i = 0; i < count_; ++i)
    if (values_[i].option->name == name) return &values_[i];
  return nullptr;
}

const Options::Value& Options::Get(std::string_view name) const {
  const Value* const value = Find(name);
  if (value == nullptr) std::abort();
  return *value;
}

Result<Options> Options::Parse(const Pattern& pattern,
                               std::span<char* const> arguments) {
  Options options;
  for (const std::span<const Option> table :
       {CommonOptions(), pattern.options}) {
    for (const Option& option : table) {
      if (options.count_ == options.values_.size()) std::abort();
      options.values_[options.count_++].option = &option;
    }
  }
  const auto fail = [&](std::string_view name, const std::string& message,
                        const std::string& hint = {}) {
    return Fail(
        ErrorCode::kUsage,
        std::string(pattern.name) + ": --" + std::string(name) + ": " + message,
        hint);
  };
  const std::string see_help =
      "see oomlab-load " + std::string(pattern.name) + " --help";

  for (char* const& word : arguments) {
    const std::string_view argument = word;
    if (argument == "--" && pattern.takes_command) {
      options.command_ = &word + 1;
      break;
    }
    if (!argument.starts_with("--") || argument.size() == 2)
      return Fail(ErrorCode::kUsage,
                  std::string(pattern.name) + ": '" + std::string(argument) +
                      "' is not of the form --option=value",
                  see_help);
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(2, equals - 2);
    const Value* const found = options.Find(name);
    if (found == nullptr) return fail(name, "unknown option", see_help);
    Value& value =
        options
            .values_[static_cast<std::size_t>(found - options.values_.data())];
    if (value.given) return fail(name, "given twice");
    value.given = true;
    const bool is_flag = value.option->type == OptionType::kFlag;
    if (is_flag != (equals == std::string_view::npos))
      return fail(name, is_flag ? "takes no value" : "needs a value");
    if (!is_flag) value.text = argument.substr(equals + 1);
  }

  for (std::size_t i = 0; i < options.count_; ++i) {
    Value& value = options.values_[i];
    if (!value.given) {
      if (value.option->required)
        return fail(value.option->name, "is required", see_help);
      if (value.option->fallback.empty()) continue;
      value.text = value.option->fallback;
    }
    const Result<std::uint64_t> number = CheckValue(*value.option, value.text);
    if (!number)
      return fail(value.option->name, number.error().message,
                  number.error().hint);
    value.number = *number;
  }
  return options;
}

bool Options::Knows(std::string_view name) const {
  return Find(name) != nullptr;
}

bool Options::Has(std::string_view name) const { return Get(name).given; }

std::uint64_t Options::Number(std::string_view name) const {
  return Get(name).number;
}

std::string_view Options::Text(std::string_view name) const {
  return Get(name).text;
}

std::string HelpText(const Pattern& pattern) {
  std::string text = "oomlab-load " + std::string(pattern.name) + ": " +
                     std::string(pattern.help) + "\n\n";
  for (const Option& option : pattern.options) AppendHelp(option, text);
  if (pattern.takes_command)
    text +=
        "  -- [NAME=VALUE...] PROGRAM [ARGUMENT...]\n      the program, and "
        "what is put into its environment (required)\n";
  text += "\nEvery kind takes:\n";
  for (const Option& option : CommonOptions()) AppendHelp(option, text);
  text +=
      "\nBYTES: a number of bytes, or with a unit: 64KiB, 20MiB, 1GiB. Sizes "
      "are\nrounded up to whole pages.\n";
  return text;
}

std::string HelpText() {
  std::string text =
      "usage: oomlab-load KIND --option=value ...\n"
      "       oomlab-load KIND --help\n\nKINDs:\n";
  for (const Pattern& pattern : Patterns())
    text += "  " + std::string(pattern.name) + "\n      " +
            std::string(pattern.help) + "\n";
  return text;
}

}  // namespace oomlab::workloads
