#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/fault.h"
#include "document/event.h"
#include "tag/tag.h"

namespace llmi::agent {

// What a session takes over from an earlier one of the same run.

[[nodiscard]] bool answer_is_whole(const std::vector<document::Event>& events);

/// Whether a figure that failed may come when it is tried again: its run ended too early, or its tool could not answer.
/// A program that failed will fail again. `call` is absent where the tag was unreadable.
[[nodiscard]] bool may_pass(const Fault& fault, const std::optional<tag::Tag>& call);

// How much of an answer that broke off a model can go on behind. Tags that closed always stay; a tag, a thought or a
// character left open goes.

/// For a model that writes on where a text ends.
[[nodiscard]] std::size_t writable_length(std::string_view answer);

/// For a model that takes up a text only between paragraphs: up to the end of the last whole one, or of the last tag
/// where that stands behind it.
[[nodiscard]] std::size_t whole_paragraphs_length(std::string_view answer);

}  // namespace llmi::agent
