#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "document/document.h"

namespace llmi::document {

using Json = nlohmann::ordered_json;

/// The pieces that document.json and events.jsonl share. Readers throw std::exception with the key's name; json.cpp and
/// event_json.cpp turn that into errors.
namespace parts {

Json write_provenance(const Provenance& provenance);
Provenance read_provenance(const Json& json);
Json write_drawn(const Drawn& drawn);
Json write_fault(const Fault& fault);
Fault read_fault(const Json& json);
Json write_params(const tag::Params& params);
/// From an object with `source`, `description` and `params`.
tag::Tag read_call(const Json& json);
Json write_call(const tag::Tag& call);
Json write_repairs(const std::vector<Repair>& repairs);
std::vector<Repair> read_repairs(const Json& json);
Json write_ready(const ReadyFigure& figure);
ReadyFigure read_ready(const Json& json);
Json write_input(const InputPicture& input);
InputPicture read_input(const Json& json);
Json write_timings(const std::map<std::string, std::chrono::milliseconds>& timings);
std::map<std::string, std::chrono::milliseconds> read_timings(const Json& json);
Json write_usage(const Usage& usage);
Usage read_usage(const Json& json);
/// JSON text; what is not UTF-8 becomes U+FFFD.
std::string print(const Json& json, int indent);

}  // namespace parts
}  // namespace llmi::document
