#pragma once

#include <filesystem>
#include <functional>

#include "agent/session.h"
#include "base/error.h"
#include "base/run_context.h"
#include "document/document.h"
#include "document/event.h"
#include "eval/item.h"

namespace llmi::eval {

/// Writes a document like agent::write. `folder`: of its run; empty for a plan.
using Write = std::function<Result<agent::Report>(const RunContext& context, const agent::Services& services,
                                                  const agent::Task& task, const document::EventSink& sink,
                                                  const std::filesystem::path& folder)>;

/// What every item of an evaluation is written with.
struct Writer {
  agent::Services services;
  Write write;       ///< Empty: agent::write.
  agent::Task task;  ///< Without prompt and pictures; `dry_run` plans only.
};

/// Writes the document for an item into `folder` as `llmi write` does, with document.html and document.json; of a plan
/// there is document.json alone. Errors: kNotFound, kUnreadable for an input picture; those of agent::write, also when
/// the stream broke: half an answer would be measured as a bad one.
[[nodiscard]] Result<document::Document> generate(const RunContext& context, const Writer& writer, const Item& item,
                                                  const std::filesystem::path& folder);

/// What generate() left in `folder`. Errors: kNotFound when it did not come to its end; kUnreadable.
[[nodiscard]] Result<document::Document> read_generated(const std::filesystem::path& folder);

}  // namespace llmi::eval
