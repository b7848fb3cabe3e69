#include "agent/cached_call.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "base/sha256.h"
#include "document/document.h"
#include "document/event.h"

namespace llmi::agent {
namespace {

using std::chrono::milliseconds;

// An entry is the time it was written (ms since 1970) and the length of a figure_ready event, the event (which has the
// facts in a form that is read and written already), and the picture's bytes.
document::Event as_event(const tools::Made& made) {
  document::ReadyFigure figure{.file = image::extension(made.picture.format),
                               .width = made.picture.width,
                               .height = made.picture.height,
                               .sha256 = sha256_hex(made.picture.bytes),
                               .provenance = made.provenance,
                               .drawn = made.drawn};
  return {.body = document::FigureReady{.figure = std::move(figure)}};
}

/// The call without what does not decide its picture: an edit's parent counts by its content, and only a search looks
/// at the description.
tag::Tag deciding_part(tag::Tag call) {
  if (call.source() != tag::Source::kSearch) call.description.clear();
  if (auto* edit = std::get_if<tag::EditParams>(&call.params)) edit->img_index = 0;
  return call;
}

milliseconds now() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace

std::string cache_key(const RunContext& context, const tools::Tool& tool, const tools::Request& request) {
  const std::string identity = tool.cache_identity(context, request);
  if (identity.empty()) return "";
  const std::string key =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", tag::name(tool.source()), tool.backend(), identity,
                  tag::print(deciding_part(request.tag)),
                  request.parent == nullptr ? "" : sha256_hex(request.parent->bytes), request.prompt);
  return request.variant == 0 ? key : fmt::format("{}\nvariant {}", key, request.variant);
}

std::optional<tools::Made> cached_result(store::Cache* cache, const std::string& key, milliseconds lifetime) {
  if (cache == nullptr || key.empty()) return std::nullopt;
  const auto entry = cache->get(key);
  if (!entry) return std::nullopt;
  std::int64_t written = 0;
  std::size_t length = 0;
  const char* const stop = entry->data() + entry->size();
  const auto time = std::from_chars(entry->data(), stop, written);
  if (time.ec != std::errc{} || time.ptr == stop) return std::nullopt;
  const auto [end, error] = std::from_chars(time.ptr + 1, stop, length);
  const std::size_t head = static_cast<std::size_t>(end - entry->data()) + 1;
  if (error != std::errc{} || head + length > entry->size()) return std::nullopt;
  if (lifetime.count() > 0 && now() - milliseconds(written) > lifetime) return std::nullopt;
  auto event = document::event_from_json(std::string_view(*entry).substr(head, length));
  if (!event) return std::nullopt;
  auto* ready = std::get_if<document::FigureReady>(&event->body);
  if (ready == nullptr) return std::nullopt;
  document::ReadyFigure& figure = ready->figure;
  tools::Made made{
      .picture = {entry->substr(head + length), image::format_of(figure.file), figure.width, figure.height},
      .provenance = figure.provenance,
      .drawn = figure.drawn};
  if (sha256_hex(made.picture.bytes) != figure.sha256) return std::nullopt;
  return made;
}

void keep_result(store::Cache* cache, const std::string& key, const tools::Made& made) {
  if (cache == nullptr || key.empty()) return;
  const std::string facts = document::event_to_json(as_event(made));
  cache->put(key, fmt::format("{} {}\n{}", now().count(), facts.size(), facts) + made.picture.bytes);
}

}  // namespace llmi::agent
