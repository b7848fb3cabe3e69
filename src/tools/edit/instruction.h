#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "tools/edit/operation.h"

namespace llmi::tools::edit {

/// The part of an instruction that no rule expresses.
struct NotUnderstood {
  std::string part;  ///< As written.
};

/// Reads a plain instruction ("make it black and white and add the caption 'Paris 1900'") by rules. Either every word
/// of it is accounted for, or nothing is: the rules never guess. Pure; the same words give the same program.
[[nodiscard]] std::variant<Program, NotUnderstood> read_instruction(std::string_view instruction);

}  // namespace llmi::tools::edit
