#include "document/builder.h"

#include <algorithm>
#include <map>
#include <utility>

#include "document/caption.h"
#include "tag/parser.h"

namespace llmi::document {
struct Builder::State {
  Document document;
  bool finished = false;
  std::map<std::size_t, FigureState> figures;
};

Builder::Builder() : state_(std::make_unique<State>()) {}
Builder::Builder(Builder&&) noexcept = default;
Builder& Builder::operator=(Builder&&) noexcept = default;
Builder::~Builder() = default;

namespace {

struct Folder {
  Document& document;
  bool& finished;
  std::map<std::size_t, FigureState>& figures;

  void operator()(const RunStarted& event) const {
    document.prompt = event.prompt;
    document.model = event.model;
    document.seed = event.seed;
    document.inputs = event.inputs;
  }
  void operator()(const RunResumed& event) const {
    finished = false;
    document.answer.resize(std::min(document.answer.size(), event.answer_bytes));
  }
  void operator()(const AnswerGrew& event) const { document.answer += event.bytes; }
  void operator()(const AnswerFinished&) const {}
  // What an earlier session made of it no longer counts.
  void operator()(const FigurePlanned& event) const { figures[event.index].outcome.reset(); }
  void operator()(const FigureStarted&) const {}
  void operator()(const FigureRepaired& event) const {
    FigureState& figure = figures[event.index];
    figure.repairs.push_back(event.repair);
    if (event.call) figure.repaired = event.call;
  }
  void operator()(const FigureReady& event) const { figures[event.index].outcome = event.figure; }
  void operator()(const FigureFailed& event) const { figures[event.index].outcome = event.fault; }
  void operator()(const RunFinished& event) const {
    document.complete = event.complete;
    document.reason = event.reason;
    document.timings = event.timings;
    document.usage = event.usage;
    finished = true;
  }
};

/// The figure in the document: its tag in the answer, and what became of it.
FigureBlock figure_block(std::size_t index, std::optional<tag::Tag> call, std::vector<std::string> recovered,
                         Fault unfinished, const FigureState* state) {
  FigureBlock block{
      .index = index, .call = std::move(call), .recovered = std::move(recovered), .outcome = std::move(unfinished)};
  if (state == nullptr) return block;
  if (state->repaired) block.call = state->repaired;
  block.repairs = state->repairs;
  if (state->outcome) block.outcome = *state->outcome;
  return block;
}

class Assembler {
 public:
  Assembler(Document& document, const std::map<std::size_t, FigureState>& figures)
      : document_(document), figures_(figures) {}

  void operator()(tag::TextItem& item) {
    if (item.text.find_first_not_of(" \t\r\n") != std::string::npos)
      document_.blocks.emplace_back(TextBlock{std::move(item.text)});
  }
  void operator()(tag::TagItem& item) {
    add(figure_block(item.index, std::move(item.tag), std::move(item.recovered),
                     {Stage::kCancelled, "the run ended before this figure was made"}, state(item.index)));
  }
  void operator()(tag::FaultItem& item) {
    add(figure_block(item.index, std::nullopt, {}, std::move(item.fault), state(item.index)));
  }

 private:
  [[nodiscard]] const FigureState* state(std::size_t index) const {
    const auto found = figures_.find(index);
    return found == figures_.end() ? nullptr : &found->second;
  }
  void add(FigureBlock block) {
    if (auto* ready = std::get_if<ReadyFigure>(&block.outcome)) ready->number = ++number_;
    block.caption = caption_of(block);
    block.alt = alt_of(block);
    document_.blocks.emplace_back(std::move(block));
  }

  Document& document_;
  const std::map<std::size_t, FigureState>& figures_;
  std::size_t number_ = 0;
};

}  // namespace

void Builder::add(const Event& event) {
  std::visit(Folder{state_->document, state_->finished, state_->figures}, event.body);
}

const FigureState* Builder::figure(std::size_t index) const {
  const auto found = state_->figures.find(index);
  return found == state_->figures.end() ? nullptr : &found->second;
}

Document Builder::build() const {
  Document document = state_->document;
  if (!state_->finished) {
    document.complete = false;
    document.reason = "interrupted";
  }
  Assembler assembler(document, state_->figures);
  for (tag::Item& item : tag::parse(document.answer, document.inputs.size())) std::visit(assembler, item);
  return document;
}

}  // namespace llmi::document
