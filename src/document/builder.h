#pragma once

#include <memory>

#include "document/document.h"
#include "document/event.h"

namespace llmi::document {

/// Folds events into the document. The same events give the same document, whenever and wherever they are folded.
/// Not thread-safe.
class Builder {
 public:
  Builder();
  Builder(Builder&&) noexcept;
  Builder& operator=(Builder&&) noexcept;
  ~Builder();

  void add(const Event& event);

  /// The document as far as the events go. Without a RunFinished it is partial ("interrupted"), and figures that are
  /// neither ready nor failed are kCancelled. Numbers ready figures 1..n and writes captions and alt texts.
  [[nodiscard]] Document build() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace llmi::document
