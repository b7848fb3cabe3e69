#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/random.h"
#include "data/material.h"
#include "data/row.h"

namespace llmi::data {

/// The kinds of picture count a prompt can have; wire values in tool_set.h.
enum class PictureKind : std::uint8_t { kNone, kAny, kSome, kExact };

/// How often each set of required tools occurs so far, by print_tools().
using ToolCounts = std::map<std::string, std::size_t>;

/// Writes one prompt about a topic, of the given kind where the topic has what it takes. Among a few choices of what to
/// show it takes the one whose tools are rarest in `counts`. Pictures are "CORPUS/path" as in the material. The same
/// random numbers give the same row. id, index and split are left to the caller.
[[nodiscard]] Row compose(const Language& language, const Topic& topic, PictureKind kind, const ToolCounts& counts,
                          Random& random);

/// A prompt of the topic that is complete as it is, number `number` of its whole prompts.
[[nodiscard]] Row compose_whole(const Language& language, const Topic& topic, std::size_t number, Random& random);

}  // namespace llmi::data
