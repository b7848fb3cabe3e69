#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tools/edit/instruction.h"
#include "tools/edit/operation.h"

namespace {

using namespace llmi::tools::edit;

/// A program's text is read back as the same text.
void check_program(const Program& program) {
  const auto again = read_program(print(program));
  if (!again || print(*again) != print(program)) std::abort();
}

}  // namespace

// Instructions and programs from anywhere. An instruction is taken as a whole: with a word that means nothing at its
// end, the same one must be refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = read_instruction(text);
  if (const auto* program = std::get_if<Program>(&read)) {
    check_program(*program);
    if (std::holds_alternative<Program>(read_instruction(std::string(text) + " zzqx"))) std::abort();
  }
  if (const auto program = read_program(text)) check_program(*program);
  return 0;
}
