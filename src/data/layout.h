#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "data/material.h"

namespace llmi::data {

/// What a prompt says, in sentences.
struct Parts {
  std::string situation;
  std::vector<std::string> asks;
  std::string lead;  ///< What introduces the wants ("Three pictures, please:"); may be empty.
  std::vector<std::string> wants;
  std::vector<std::string> rest;  ///< Number of pictures, tone, length.
};

/// Writes the parts down as one of many would: in one go, in paragraphs, as a list, as a letter, or hurried in a chat
/// window.
[[nodiscard]] std::string lay_out(const Parts& parts, const Language& language, Random& random);

}  // namespace llmi::data
