#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "document/event.h"
#include "document/json_parts.h"

namespace llmi::document {
namespace {

using std::chrono::milliseconds;

template <class T>
Json nullable(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json nullable_call(const std::optional<tag::Tag>& call) { return call ? parts::write_call(*call) : Json(); }

std::optional<tag::Tag> read_nullable_call(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(parts::read_call(json));
}

template <class T>
std::optional<T> read_nullable(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<T>());
}

/// Adds the type's name and the fields of an event.
struct Writer {
  Json& json;

  void operator()(const RunStarted& event) const {
    json["type"] = "run_started";
    json["version"] = 1;
    json["prompt"] = nullable(event.prompt);
    json["model"] = nullable(event.model);
    json["seed"] = event.seed;
    json["inputs"] = Json::array();
    for (const InputPicture& input : event.inputs) json["inputs"].push_back(parts::write_input(input));
    json["figures"] = event.figures;
    json["tools"] = event.tools;
    json["formats"] = event.formats;
  }
  void operator()(const RunResumed& event) const {
    json["type"] = "run_resumed";
    json["answer_bytes"] = event.answer_bytes;
  }
  void operator()(const AnswerGrew& event) const {
    json["type"] = "text";
    json["delta"] = event.bytes;
  }
  void operator()(const AnswerFinished&) const { json["type"] = "answer_finished"; }
  void operator()(const FigurePlanned& event) const {
    json["type"] = "figure_planned";
    json["index"] = event.index;
    json["call"] = nullable_call(event.call);
  }
  void operator()(const FigureStarted& event) const {
    json["type"] = "figure_started";
    json["index"] = event.index;
    json["backend"] = event.backend;
  }
  void operator()(const FigureRepaired& event) const {
    json["type"] = "figure_repaired";
    json["index"] = event.index;
    json["fault"] = parts::write_fault(event.repair.fault);
    json["reply"] = event.repair.reply;
    json["call"] = nullable_call(event.call);
  }
  void operator()(const FigureReady& event) const {
    json["type"] = "figure_ready";
    json["index"] = event.index;
    json.update(parts::write_ready(event.figure));
  }
  void operator()(const FigureFailed& event) const {
    json["type"] = "figure_failed";
    json["index"] = event.index;
    json["fault"] = parts::write_fault(event.fault);
  }
  void operator()(const RunFinished& event) const {
    json["type"] = "run_finished";
    json["status"] = event.complete ? "complete" : "partial";
    json["reason"] = event.reason;
    json["timings"] = parts::write_timings(event.timings);
    json["usage"] = parts::write_usage(event.usage);
  }
};

EventBody read_run_started(const Json& json) {
  if (json.at("version") != 1) throw std::invalid_argument("version: only 1 is known");
  RunStarted event{.prompt = read_nullable<std::string>(json.at("prompt")),
                   .model = read_nullable<std::string>(json.at("model")),
                   .seed = json.at("seed").get<std::uint64_t>()};
  for (const Json& input : json.at("inputs")) event.inputs.push_back(parts::read_input(input));
  // The first runs did not keep these.
  event.figures = json.value("figures", event.figures);
  event.tools = json.value("tools", event.tools);
  event.formats = json.value("formats", event.formats);
  return event;
}

EventBody read_body(const Json& json) {
  const auto type = json.at("type").get<std::string>();
  const auto index = [&] { return json.at("index").get<std::size_t>(); };
  if (type == "run_started") return read_run_started(json);
  if (type == "run_resumed") return RunResumed{json.at("answer_bytes").get<std::size_t>()};
  if (type == "answer_finished") return AnswerFinished{};
  if (type == "text") return AnswerGrew{json.at("delta").get<std::string>()};
  if (type == "figure_planned") return FigurePlanned{index(), read_nullable_call(json.at("call"))};
  if (type == "figure_started") return FigureStarted{index(), json.at("backend").get<std::string>()};
  if (type == "figure_repaired")
    return FigureRepaired{index(),
                          {parts::read_fault(json.at("fault")), json.at("reply").get<std::string>()},
                          read_nullable_call(json.at("call"))};
  if (type == "figure_ready") return FigureReady{index(), parts::read_ready(json), nullptr};
  if (type == "figure_failed") return FigureFailed{index(), parts::read_fault(json.at("fault"))};
  if (type == "run_finished")
    return RunFinished{json.at("status") == "complete", json.at("reason").get<std::string>(),
                       parts::read_timings(json.at("timings")), parts::read_usage(json.at("usage"))};
  throw std::invalid_argument(fmt::format("type: no such event: {}", type));
}

}  // namespace

std::string event_to_json(const Event& event) {
  Json json{{"at_ms", event.at.count()}};
  std::visit(Writer{json}, event.body);
  return parts::print(json, -1);
}

Result<Event> event_from_json(std::string_view line) {
  try {
    const Json json = Json::parse(line);
    return Event{milliseconds(json.at("at_ms").get<std::int64_t>()), read_body(json)};
  } catch (const std::exception& error) {
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("not an event: {}", error.what()));
  }
}

}  // namespace llmi::document
