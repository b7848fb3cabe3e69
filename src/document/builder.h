#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "document/document.h"
#include "document/event.h"

namespace llmi::document {

/// What the events say of one figure.
struct FigureState {
  std::optional<tag::Tag> repaired;  ///< The call that took the place of a faulty one.
  std::vector<Repair> repairs;
  std::optional<std::variant<ReadyFigure, Fault>> outcome;  ///< Absent while it is open.
};

/// Folds events into the document. The same events give the same document, whenever and wherever they are folded.
/// Not thread-safe.
class Builder {
 public:
  Builder();
  Builder(Builder&&) noexcept;
  Builder& operator=(Builder&&) noexcept;
  ~Builder();

  void add(const Event& event);

  /// Null when no event speaks of it. Valid until the next add().
  [[nodiscard]] const FigureState* figure(std::size_t index) const;

  /// The document as far as the events go. Without a RunFinished it is partial ("interrupted"), and figures that are
  /// neither ready nor failed are kCancelled. Numbers ready figures 1..n and writes captions and alt texts.
  [[nodiscard]] Document build() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace llmi::document
