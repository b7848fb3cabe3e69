#include "document/json_parts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace llmi::document::parts {
namespace {

using std::chrono::milliseconds;

void put(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

std::string text(const Json& json, const char* key) { return json.value(key, std::string()); }

std::uint64_t count(const Json& json, const char* key) { return json.value(key, std::uint64_t{0}); }

}  // namespace

Json write_provenance(const Provenance& provenance) {
  Json json{{"tool", provenance.tool}, {"backend", provenance.backend}};
  json["duration_ms"] = provenance.duration.count();
  json["cached"] = provenance.cached;
  put(json, "model", provenance.model);
  if (provenance.seed) json["seed"] = *provenance.seed;
  put(json, "query", provenance.query);
  put(json, "prompt", provenance.prompt);
  put(json, "code_sha256", provenance.code_sha256);
  if (!provenance.operations.empty()) json["operations"] = provenance.operations;
  put(json, "title", provenance.title);
  put(json, "page_url", provenance.page_url);
  put(json, "creator", provenance.creator);
  put(json, "licence", provenance.licence);
  put(json, "licence_url", provenance.licence_url);
  put(json, "attribution", provenance.attribution);
  put(json, "data", provenance.data);
  return json;
}

Provenance read_provenance(const Json& json) {
  Provenance provenance;
  provenance.tool = json.at("tool").get<std::string>();
  provenance.backend = json.at("backend").get<std::string>();
  provenance.duration = milliseconds(json.at("duration_ms").get<std::int64_t>());
  provenance.cached = json.at("cached").get<bool>();
  provenance.model = text(json, "model");
  if (json.contains("seed")) provenance.seed = json.at("seed").get<std::uint64_t>();
  provenance.query = text(json, "query");
  provenance.prompt = text(json, "prompt");
  provenance.code_sha256 = text(json, "code_sha256");
  if (json.contains("operations")) provenance.operations = json.at("operations").get<std::vector<std::string>>();
  provenance.title = text(json, "title");
  provenance.page_url = text(json, "page_url");
  provenance.creator = text(json, "creator");
  provenance.licence = text(json, "licence");
  provenance.licence_url = text(json, "licence_url");
  provenance.attribution = text(json, "attribution");
  provenance.data = text(json, "data");
  return provenance;
}

Json write_drawn(const Drawn& drawn) {
  return {
      {"titles", drawn.titles}, {"axis_labels", drawn.axis_labels}, {"series", drawn.series}, {"values", drawn.values}};
}

Json write_fault(const Fault& fault) { return {{"stage", name(fault.stage)}, {"message", fault.message}}; }

Fault read_fault(const Json& json) {
  const auto stage = stage_from_name(json.at("stage").get<std::string>());
  if (!stage) throw std::invalid_argument("fault.stage: no such stage");
  return {*stage, json.at("message").get<std::string>()};
}

Json write_params(const tag::Params& params) {
  struct Writer {
    Json operator()(const tag::SearchParams& p) const { return {{"query", p.query}}; }
    Json operator()(const tag::DiffusionParams& p) const { return {{"prompt", p.prompt}}; }
    Json operator()(const tag::CodeParams& p) const { return {{"code", p.code}}; }
    Json operator()(const tag::EditParams& p) const { return {{"img_index", p.img_index}, {"prompt", p.prompt}}; }
  };
  return std::visit(Writer{}, params);
}

tag::Tag read_call(const Json& json) {
  const auto source = tag::source_from_name(json.at("source").get<std::string>());
  if (!source) throw std::invalid_argument("source: no such tool");
  const Json& params = json.at("params");
  tag::Tag call{.description = json.at("description").get<std::string>()};
  switch (*source) {
    case tag::Source::kSearch:
      call.params = tag::SearchParams{params.at("query").get<std::string>()};
      break;
    case tag::Source::kDiffusion:
      call.params = tag::DiffusionParams{params.at("prompt").get<std::string>()};
      break;
    case tag::Source::kCode:
      call.params = tag::CodeParams{params.at("code").get<std::string>()};
      break;
    case tag::Source::kEdit:
      call.params = tag::EditParams{params.at("img_index").get<std::size_t>(), params.at("prompt").get<std::string>()};
      break;
  }
  return call;
}

Json write_call(const tag::Tag& call) {
  return {
      {"source", tag::name(call.source())}, {"description", call.description}, {"params", write_params(call.params)}};
}

Json write_repairs(const std::vector<Repair>& repairs) {
  Json rows = Json::array();
  for (const Repair& repair : repairs) rows.push_back({{"fault", write_fault(repair.fault)}, {"reply", repair.reply}});
  return rows;
}

std::vector<Repair> read_repairs(const Json& json) {
  std::vector<Repair> repairs;
  for (const Json& row : json) repairs.push_back({read_fault(row.at("fault")), row.at("reply").get<std::string>()});
  return repairs;
}

Json write_ready(const ReadyFigure& figure) {
  Json json;
  if (figure.number != 0) json["number"] = figure.number;
  json["file"] = figure.file;
  json["width"] = figure.width;
  json["height"] = figure.height;
  json["sha256"] = figure.sha256;
  json["provenance"] = write_provenance(figure.provenance);
  if (figure.drawn) json["drawn"] = write_drawn(*figure.drawn);
  return json;
}

ReadyFigure read_ready(const Json& json) {
  ReadyFigure figure;
  figure.number = json.value("number", std::size_t{0});
  figure.file = json.at("file").get<std::string>();
  figure.width = json.at("width").get<int>();
  figure.height = json.at("height").get<int>();
  figure.sha256 = json.at("sha256").get<std::string>();
  figure.provenance = read_provenance(json.at("provenance"));
  if (!json.contains("drawn")) return figure;
  const Json& drawn = json.at("drawn");
  const auto texts = [&](const char* key) { return drawn.at(key).get<std::vector<std::string>>(); };
  figure.drawn =
      Drawn{texts("titles"), texts("axis_labels"), texts("series"), drawn.at("values").get<std::vector<double>>()};
  return figure;
}

Json write_input(const InputPicture& input) {
  return {{"name", input.name},
          {"file", input.file},
          {"width", input.width},
          {"height", input.height},
          {"sha256", input.sha256}};
}

InputPicture read_input(const Json& json) {
  return {json.at("name").get<std::string>(), json.at("file").get<std::string>(), json.at("width").get<int>(),
          json.at("height").get<int>(), json.at("sha256").get<std::string>()};
}

Json write_timings(const std::map<std::string, milliseconds>& timings) {
  Json json = Json::object();
  for (const auto& [what, span] : timings) json[what + "_ms"] = span.count();
  return json;
}

std::map<std::string, milliseconds> read_timings(const Json& json) {
  std::map<std::string, milliseconds> timings;
  for (const auto& [key, value] : json.items()) {
    if (!key.ends_with("_ms")) throw std::invalid_argument(fmt::format("timings.{}: not in milliseconds", key));
    timings[key.substr(0, key.size() - 3)] = milliseconds(value.get<std::int64_t>());
  }
  return timings;
}

Json write_usage(const Usage& usage) {
  Json json{{"prompt_tokens", usage.prompt_tokens},
            {"completion_tokens", usage.completion_tokens},
            {"model_calls", usage.model_calls},
            {"tool_calls", usage.tool_calls},
            {"cached_tool_calls", usage.cached_tool_calls}};
  if (usage.cost) json["cost"] = *usage.cost;
  return json;
}

Usage read_usage(const Json& json) {
  Usage usage{count(json, "prompt_tokens"), count(json, "completion_tokens"), count(json, "model_calls"),
              count(json, "tool_calls"),    count(json, "cached_tool_calls"), std::nullopt};
  if (const auto cost = json.find("cost"); cost != json.end()) usage.cost = cost->get<double>();
  return usage;
}

std::string print(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace llmi::document::parts
