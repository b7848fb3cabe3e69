#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session.h"
#include "lm/language_model.h"
#include "scaling/version.h"
#include "tag/tag.h"

namespace llmi::scaling {

/// Asks the model to revise text and pictures of a version together. Each figure stands in the text as
/// "[[figure 1: description]]", numbered from 1 in order; a model that sees is shown the pictures.
[[nodiscard]] lm::GenerateRequest polish_request(const agent::Task& task, const std::vector<tag::Source>& tools,
                                                 const Version& version, bool sees);

/// The revised answer with its tags: each figure keeps its call, with a new description where the reply gives one, or
/// has a new tag in its place. Otherwise why the reply is of no use: all figures must be there, in order, so that none
/// is lost and edits keep their parents.
[[nodiscard]] std::expected<std::string, std::string> polished_answer(std::string_view reply, const Version& version);

}  // namespace llmi::scaling
