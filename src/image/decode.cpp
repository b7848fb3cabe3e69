#include "image/decode.h"

#include "image/header.h"
#include "image/svg_references.h"
#include "image/worker.h"

namespace llmi::image {

Result<Picture> decode_untrusted(const RunContext& context, std::string_view bytes, const DecodeLimits& limits) {
  // Most bad pictures are told by their header, without a process.
  if (auto header = check_header(bytes, limits); !header) return std::unexpected(std::move(header).error());
  return ask_worker(context, {.task = WorkerRequest::Task::kDecode, .limits = limits, .bytes = bytes});
}

Result<Picture> keep_svg(const RunContext& context, std::string_view svg) {
  LLMI_TRY(Picture picture, decode_untrusted(context, svg));
  // A picture in another format has no business here, whatever wrote it.
  if (auto objection = svg_objection(svg, SvgUse::kHandOn))
    return fail(ErrorCode::kUnreadable, Origin::kCaller, "the SVG picture is refused: " + *objection);
  picture.bytes = svg;
  picture.format = Format::kSvg;
  return picture;
}

}  // namespace llmi::image
