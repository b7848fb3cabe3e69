#include "tools/edit/operation.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "tools/edit/value_text.h"

namespace llmi::tools::edit {
namespace {

constexpr std::string_view kSpace = " \t\r";

void skip_space(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size())); }

bool take(std::string_view& text, char expected) {
  skip_space(text);
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  skip_space(text);
  return true;
}

/// Reads the values of `operation`, name already taken: nothing, or "(a, b)".
template <class Op>
bool read_values(std::string_view& text, Op& operation) {
  constexpr std::size_t kCount = std::tuple_size_v<decltype(Op::fields())>;
  if constexpr (kCount == 0) {
    return true;
  } else {
    if (!take(text, '(')) return false;
    std::size_t index = 0;
    const auto one = [&](auto member) { return (index++ == 0 || take(text, ',')) && read(text, operation.*member); };
    const bool all = std::apply([&](auto... members) { return (one(members) && ...); }, Op::fields());
    return all && take(text, ')');
  }
}

template <class Op>
bool read_as(std::string_view name, std::string_view values, std::optional<Operation>& result) {
  if (name != Op::kName) return false;
  Op operation;
  const bool read = read_values(values, operation);
  skip_space(values);
  if (read && values.empty()) result = operation;
  return true;
}

/// Calls `visit` with a default value of each kind of operation, until one call says true.
template <class Visit, class... Ops>
bool any_kind(std::type_identity<std::variant<Ops...>>, Visit visit) {
  return (visit(Ops{}) || ...);
}
template <class Visit>
bool any_kind(Visit visit) {
  return any_kind(std::type_identity<Operation>{}, visit);
}

/// "crop(length, length, length, length)": how it is written, for messages.
template <class Op>
std::string signature(const Op& operation) {
  std::string values;
  const auto one = [&](auto member) {
    values += fmt::format("{}{}", values.empty() ? "" : ", ", rule(operation.*member));
  };
  std::apply([&](auto... members) { (one(members), ...); }, Op::fields());
  return values.empty() ? std::string(Op::kName) : fmt::format("{}({})", Op::kName, values);
}

std::unexpected<Error> bad_line(std::size_t line, std::string_view what) {
  return invalid_argument(fmt::format("edit program, line {}: {}", line, what));
}

Result<Operation> read_operation(std::string_view line, std::size_t number) {
  const std::string_view name = line.substr(0, line.find_first_of(" \t\r("));
  std::optional<Operation> result;
  std::string expected;
  const bool known = any_kind([&]<class Op>(const Op& kind) {
    if (!read_as<Op>(name, line.substr(name.size()), result)) return false;
    expected = signature(kind);
    return true;
  });
  if (!known)
    return bad_line(number, fmt::format("no operation '{}'; there are {}", name.substr(0, 40), operation_names()));
  if (!result) return bad_line(number, "expected " + expected);
  return *result;
}

}  // namespace

std::string print(const Operation& operation) {
  return std::visit(
      []<class Op>(const Op& op) {
        std::string values;
        const auto one = [&](auto member) { values += (values.empty() ? "" : ", ") + print(op.*member); };
        std::apply([&](auto... members) { (one(members), ...); }, Op::fields());
        return values.empty() ? std::string(Op::kName) : fmt::format("{}({})", Op::kName, values);
      },
      operation);
}

std::string print(const Program& program) {
  std::string text;
  for (const Operation& operation : program) text += print(operation) + "\n";
  return text;
}

Result<Program> read_program(std::string_view text) {
  Program program;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    skip_space(line);
    if (line.empty()) continue;
    if (program.size() == kMaxOperations)
      return bad_line(number, fmt::format("more than {} operations", kMaxOperations));
    LLMI_TRY(Operation operation, read_operation(line, number));
    program.push_back(std::move(operation));
  }
  if (program.empty()) return invalid_argument("edit program: it has no operation");
  return program;
}

std::string operation_names() {
  std::string names;
  any_kind([&]<class Op>(const Op&) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", Op::kName);
    return false;
  });
  return names;
}

}  // namespace llmi::tools::edit
