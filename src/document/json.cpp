#include "document/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "document/json_parts.h"

namespace llmi::document {
namespace {

Json inputs_json(const std::vector<InputPicture>& inputs) {
  Json rows = Json::array();
  for (const InputPicture& input : inputs) rows.push_back(parts::write_input(input));
  return rows;
}

Json block_json(const Block& block) {
  if (const auto* text = std::get_if<TextBlock>(&block)) return {{"type", "text"}, {"markdown", text->markdown}};
  const auto& figure = std::get<FigureBlock>(block);
  Json json{{"type", "figure"}, {"index", figure.index}};
  json["source"] = figure.call ? Json(tag::name(figure.call->source())) : Json();
  json["status"] = figure.ready() != nullptr ? "ready" : "failed";
  json["description"] = figure.call ? Json(figure.call->description) : Json();
  json["caption"] = figure.caption;
  json["alt"] = figure.alt;
  json["params"] = figure.call ? parts::write_params(figure.call->params) : Json();
  json["recovered"] = figure.recovered;
  json["repairs"] = parts::write_repairs(figure.repairs);
  if (const Fault* fault = figure.fault()) json["fault"] = parts::write_fault(*fault);
  if (const ReadyFigure* ready = figure.ready()) json.update(parts::write_ready(*ready));
  return json;
}

Json counts_json(const Document& document) {
  std::size_t figures = 0;
  std::size_t ready = 0;
  for (const Block& block : document.blocks) {
    const auto* figure = std::get_if<FigureBlock>(&block);
    figures += figure != nullptr ? 1 : 0;
    ready += figure != nullptr && figure->ready() != nullptr ? 1 : 0;
  }
  return {{"figures", figures}, {"ready", ready}, {"failed", figures - ready}};
}

Block read_block(const Json& json) {
  if (json.at("type") == "text") return TextBlock{json.at("markdown").get<std::string>()};
  FigureBlock figure;
  figure.index = json.at("index").get<std::size_t>();
  if (!json.at("source").is_null()) figure.call = parts::read_call(json);
  figure.caption = json.at("caption").get<std::string>();
  figure.alt = json.at("alt").get<std::string>();
  figure.recovered = json.at("recovered").get<std::vector<std::string>>();
  figure.repairs = parts::read_repairs(json.at("repairs"));
  if (json.at("status") == "ready") {
    figure.outcome = parts::read_ready(json);
  } else {
    figure.outcome = parts::read_fault(json.at("fault"));
  }
  return figure;
}

template <class T>
Json nullable(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

template <class T>
std::optional<T> read_nullable(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<T>());
}

}  // namespace

std::string to_json(const Document& document) {
  Json json{{"version", 1}, {"status", document.complete ? "complete" : "partial"}, {"reason", document.reason}};
  json["prompt"] = nullable(document.prompt);
  json["model"] = nullable(document.model);
  json["seed"] = nullable(document.seed);
  json["title"] = title_of(document);
  json["answer"] = document.answer;
  json["inputs"] = inputs_json(document.inputs);
  json["blocks"] = Json::array();
  for (const Block& block : document.blocks) json["blocks"].push_back(block_json(block));
  json["counts"] = counts_json(document);
  json["timings"] = parts::write_timings(document.timings);
  json["usage"] = parts::write_usage(document.usage);
  return parts::print(json, 2) + "\n";
}

Result<Document> from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("version") != 1) throw std::invalid_argument("version: only 1 is known");
    Document document;
    document.complete = json.at("status") == "complete";
    document.reason = json.at("reason").get<std::string>();
    document.prompt = read_nullable<std::string>(json.at("prompt"));
    document.model = read_nullable<std::string>(json.at("model"));
    document.seed = read_nullable<std::uint64_t>(json.at("seed"));
    document.answer = json.at("answer").get<std::string>();
    for (const Json& input : json.at("inputs")) document.inputs.push_back(parts::read_input(input));
    for (const Json& block : json.at("blocks")) document.blocks.push_back(read_block(block));
    document.timings = parts::read_timings(json.at("timings"));
    document.usage = parts::read_usage(json.at("usage"));
    return document;
  } catch (const std::exception& error) {
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("not a document: {}", error.what()));
  }
}

std::string provenance_json(const Provenance& provenance) { return parts::print(parts::write_provenance(provenance), -1); }

}  // namespace llmi::document
