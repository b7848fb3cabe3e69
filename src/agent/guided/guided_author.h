#pragma once

#include <string>
#include <vector>

#include "agent/author.h"
#include "agent/session.h"
#include "lm/language_model.h"

namespace llmi::agent {

/// Writes a document for a model too small to do it unaided (docs/guided.md): rules plan title, sections and figures,
/// and say what they know to be true; the model adds sentences, each held to a grammar and chosen among several. Every
/// tag is valid and their number is the one asked for. The text comes a paragraph at a time. `so_far`: what an earlier
/// author for the same task wrote, in whole paragraphs; this one goes on behind it. `model` outlives the author.
[[nodiscard]] Author make_guided_author(lm::LanguageModel& model, const Task& task,
                                        const std::vector<tag::Source>& tools, const std::string& so_far = "");

}  // namespace llmi::agent
