#include "agent/session.h"

#include "agent/author.h"
#include "agent/continuation.h"
#include "agent/services.h"
#include "agent/session_loop.h"

namespace llmi::agent {

Result<Report> write(const RunContext& context, const Services& services, const Task& task,
                     const document::EventSink& sink) {
  if (services.model == nullptr) return invalid_argument("writing needs a language model");
  SessionLoop session(context, services, task, sink);
  return session.write(make_author(*services.model, task, offered(services)));
}

Result<Report> render(const RunContext& context, const Services& services, const Task& task, std::string_view answer,
                      const document::EventSink& sink) {
  SessionLoop session(context, services, task, sink);
  return session.render(answer);
}

Result<Report> resume(const RunContext& context, const Services& services, const Task& task, const Earlier& earlier,
                      const document::EventSink& sink) {
  const bool whole = answer_is_whole(earlier.events);
  if (!whole && services.model == nullptr)
    return invalid_argument("the answer is not whole: a model has to go on with it");
  SessionLoop session(context, services, task, sink);
  return session.resume(earlier);
}

std::string to_string(const FigureCount& count) {
  switch (count.kind) {
    case FigureCount::Kind::kNone:
      return "none";
    case FigureCount::Kind::kSome:
      return "some";
    case FigureCount::Kind::kExactly:
      return std::to_string(count.exactly);
    case FigureCount::Kind::kAny:
      break;
  }
  return "any";
}

}  // namespace llmi::agent
