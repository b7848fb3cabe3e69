#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lm/language_model.h"
#include "reward/judge.h"
#include "scaling/picture_chooser.h"

namespace llmi::scaling {

/// A model that sees is shown the pictures and the tag and names the best one; twice, the second time in reverse order,
/// so that their order does not decide. Where its two answers differ the earlier of the two pictures is taken; where
/// none can be read, the titles decide. Thread-safe as what it asks.
class SeeingChooser final : public PictureChooser {
 public:
  /// The reply to a request; nothing where there is none.
  using Ask = std::function<std::optional<std::string>(const RunContext&, lm::GenerateRequest)>;
  /// `prompt`: what the document is about.
  SeeingChooser(Ask ask, std::string prompt) : ask_(std::move(ask)), prompt_(std::move(prompt)) {}

  [[nodiscard]] bool can_choose(tag::Source source) const override {
    return source == tag::Source::kSearch || source == tag::Source::kDiffusion;
  }
  [[nodiscard]] std::size_t choose(const RunContext& context, const tools::Request& request,
                                   std::span<const tools::Made> pictures) override;

 private:
  [[nodiscard]] std::optional<std::size_t> best_of(const RunContext& context, const tag::Tag& call,
                                                   std::vector<std::shared_ptr<const image::Picture>> pictures);

  const Ask ask_;
  const std::string prompt_;
};

/// Asks a model that sees; it outlives the result.
[[nodiscard]] SeeingChooser::Ask asking(lm::LanguageModel& model);
/// Asks a judge that sees; it outlives the result.
[[nodiscard]] SeeingChooser::Ask asking(reward::Judge& judge);

}  // namespace llmi::scaling
