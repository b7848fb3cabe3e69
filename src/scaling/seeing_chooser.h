#pragma once

#include <string>

#include "lm/language_model.h"
#include "scaling/picture_chooser.h"

namespace llmi::scaling {

/// A model that sees is shown the pictures and the tag and names the best one; twice, the second time in reverse order,
/// so that their order does not decide. Where its two answers differ or cannot be read, the earlier of the two
/// pictures, or the title, decides. Thread-safe as the model.
class SeeingChooser final : public PictureChooser {
 public:
  /// `model` sees, and outlives it. `prompt`: what the document is about.
  SeeingChooser(lm::LanguageModel& model, std::string prompt) : model_(model), prompt_(std::move(prompt)) {}

  [[nodiscard]] bool can_choose(tag::Source source) const override {
    return source == tag::Source::kSearch || source == tag::Source::kDiffusion;
  }
  [[nodiscard]] std::size_t choose(const RunContext& context, const tools::Request& request,
                                   std::span<const tools::Made> pictures) override;

 private:
  [[nodiscard]] std::optional<std::size_t> ask(const RunContext& context, const tag::Tag& call,
                                               std::vector<std::shared_ptr<const image::Picture>> pictures);

  lm::LanguageModel& model_;
  const std::string prompt_;
};

}  // namespace llmi::scaling
