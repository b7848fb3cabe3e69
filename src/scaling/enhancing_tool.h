#pragma once

#include <cstddef>
#include <vector>

#include "scaling/picture_chooser.h"
#include "scaling/tool_decorator.h"

namespace llmi::scaling {

/// A tool that does more for each picture: of a search and of a painter it asks for several and lets the best be
/// chosen; an edit that failed, and a painting where nobody could choose, is tried again with other seeds. A failed
/// program is left to the session, which hands the error back to the model. Thread-safe.
class EnhancingTool final : public ToolDecorator {
 public:
  /// `pictures`: most tries a picture. Tool and chooser outlive it.
  EnhancingTool(tools::Tool& inner, PictureChooser& chooser, std::size_t pictures)
      : ToolDecorator(inner), chooser_(chooser), pictures_(pictures) {}

  /// Its choice depends on more than the call.
  [[nodiscard]] std::string cache_identity(const RunContext&, const tools::Request&) const override { return ""; }
  [[nodiscard]] tools::Outcome run(const RunContext& context, const tools::Request& request) override;

 private:
  [[nodiscard]] tools::Outcome attempt(const RunContext& context, const tools::Request& request, std::size_t number);
  [[nodiscard]] tools::Outcome best_of_several(const RunContext& context, const tools::Request& request);
  [[nodiscard]] tools::Outcome until_made(const RunContext& context, const tools::Request& request);

  PictureChooser& chooser_;
  const std::size_t pictures_;
};

}  // namespace llmi::scaling
