#include "scaling/scaling.h"

#include "scaling/pipeline.h"

namespace llmi::scaling {

Result<Scaled> write(const RunContext& context, const agent::Services& services, const agent::Task& task,
                     const Options& options, const Means& means, const document::EventSink& sink) {
  return Pipeline(context, services, task, options, means).run(sink);
}

}  // namespace llmi::scaling
