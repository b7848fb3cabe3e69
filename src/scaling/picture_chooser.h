#pragma once

#include <cstddef>
#include <span>

#include "base/run_context.h"
#include "tools/tool.h"

namespace llmi::scaling {

/// Chooses among several pictures that were made for one tag. Thread-safe.
class PictureChooser {
 public:
  virtual ~PictureChooser() = default;
  PictureChooser() = default;
  PictureChooser(const PictureChooser&) = delete;
  PictureChooser& operator=(const PictureChooser&) = delete;

  /// Whether it can tell pictures of this tool apart: else there is no use in making several.
  [[nodiscard]] virtual bool can_choose(tag::Source source) const = 0;
  /// The best one of at least two, the first where none is better.
  [[nodiscard]] virtual std::size_t choose(const RunContext& context, const tools::Request& request,
                                           std::span<const tools::Made> pictures) = 0;
};

/// Without a model that sees: a found picture is better the more words of the tag its title has, and the better its
/// rank. Of painted pictures it can say nothing.
class TitleChooser final : public PictureChooser {
 public:
  [[nodiscard]] bool can_choose(tag::Source source) const override { return source == tag::Source::kSearch; }
  [[nodiscard]] std::size_t choose(const RunContext& context, const tools::Request& request,
                                   std::span<const tools::Made> pictures) override;
};

}  // namespace llmi::scaling
