#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "agent/session.h"
#include "base/run_context.h"
#include "document/event.h"
#include "scaling/budget.h"
#include "scaling/picture_chooser.h"
#include "scaling/report.h"
#include "scaling/selector.h"

namespace llmi::scaling {

/// Which stages run, and how far they go.
struct Options {
  std::size_t candidates = 1;  ///< Answers that are sampled; 1: none but the one that is written anyway.
  bool validate = false;       ///< Drop answers with tags that cannot run, or another number of pictures.
  bool select = false;         ///< Take the best answer, else the first.
  bool enhance = false;        ///< Several pictures a tag, further repairs, edits tried again.
  bool polish = false;         ///< One more pass of the model over text and pictures together.
  std::size_t pictures = 3;    ///< enhance: most tries of a picture.
  std::size_t repairs = 2;     ///< enhance: further repairs of a figure.
  std::function<void(const std::string&)> tell;  ///< Gets a line for a person at each step; may be empty.
};

/// What judges and what is paid from; all of it outlives the call.
struct Means {
  Budget& budget;  ///< Of the task's limits; judges that are models are metered by it, too.
  Selector& selector;
  PictureChooser& chooser;
};

struct Scaled {
  agent::Report report;  ///< Of the document that was chosen, or of the plan in a dry run.
  ScaleReport scale;
};

/// Writes one document like agent::write, with more computation (docs/scaling.md). The first candidate has the
/// context's seed and is what agent::write would have written, so that nothing is worse than without, by the selector;
/// later stages are kept only where they do not lose a picture and the selector does not prefer what was there. The
/// events that `sink` gets are those of the chosen version; usage and the total time are those of all. Errors: as
/// agent::write.
[[nodiscard]] Result<Scaled> write(const RunContext& context, const agent::Services& services, const agent::Task& task,
                                   const Options& options, const Means& means, const document::EventSink& sink);

}  // namespace llmi::scaling
