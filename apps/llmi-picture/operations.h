#pragma once

#include <stdexcept>
#include <vips/vips8>

#include "tools/edit/operation.h"

namespace llmi::picture {

/// An operation that this picture does not allow (a crop to nothing, a result that is too large).
class BadEdit : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs the program on 8-bit sRGB with or without transparency; the result is of the same kind.
/// Throws BadEdit and vips::VError.
[[nodiscard]] vips::VImage run_program(const tools::edit::Program& program, const vips::VImage& original);

}  // namespace llmi::picture
