#include "scaling/polish.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "agent/prompt.h"
#include "tag/parser.h"

namespace llmi::scaling {
namespace {

constexpr std::string_view kMarkBegin = "[[figure ";
constexpr std::string_view kMarkEnd = "]]";

std::string state_of(const document::FigureBlock& figure) {
  if (const Fault* fault = figure.fault()) return "could not be made: " + fault->message;
  const auto& made = *figure.ready();
  std::string state = fmt::format("made by {}", made.provenance.tool);
  if (!made.provenance.title.empty()) state += fmt::format(", titled \"{}\"", made.provenance.title);
  return state;
}

std::string mark(std::size_t number, const document::FigureBlock& figure) {
  return fmt::format("{}{}: {}{}", kMarkBegin, number, figure.call ? figure.call->description : "unreadable tag",
                     kMarkEnd);
}

std::string shown_document(const Version& version) {
  std::string text;
  std::size_t number = 0;
  for (const document::Block& block : version.document.blocks) {
    const auto* figure = std::get_if<document::FigureBlock>(&block);
    text += figure == nullptr ? std::get<document::TextBlock>(block).markdown : mark(++number, *figure);
    text += text.ends_with('\n') ? "\n" : "\n\n";
  }
  return text;
}

std::string figure_list(const Version& version) {
  std::string list;
  std::size_t number = 0;
  for (const document::FigureBlock* figure : version.figures())
    list += fmt::format("- figure {}: {}\n", ++number, state_of(*figure));
  return list;
}

/// Puts the answer together from the reply, figure by figure.
class Reviser {
 public:
  explicit Reviser(const Version& version) : figures_(version.figures()) {}

  void read(const tag::TextItem& item) {
    std::string_view text = item.text;
    for (std::size_t at = text.find(kMarkBegin); at != std::string_view::npos; at = text.find(kMarkBegin)) {
      const std::size_t end = text.find(kMarkEnd, at);
      if (end == std::string_view::npos) return refuse("it holds an unfinished mark of a figure");
      answer_ += text.substr(0, at);
      keep(text.substr(at + kMarkBegin.size(), end - at - kMarkBegin.size()));
      text.remove_prefix(end + kMarkEnd.size());
    }
    answer_ += text;
  }
  void read(const tag::TagItem& item) {
    ++next_;
    place(item.tag);
  }
  void read(const tag::FaultItem& item) { refuse("it holds a tag that cannot be read: " + item.fault.message); }

  std::expected<std::string, std::string> answer() && {
    if (objection_.empty() && next_ != figures_.size())
      refuse(fmt::format("it has {} figures of {}", next_, figures_.size()));
    if (!objection_.empty()) return std::unexpected(std::move(objection_));
    return std::move(answer_);
  }

 private:
  /// "2" or "2: a new description".
  void keep(std::string_view mark) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(mark.data(), mark.data() + mark.size(), number);
    if (error != std::errc{} || number != next_ + 1 || number > figures_.size())
      return refuse(fmt::format("figure {} does not stand in its place", next_ + 1));
    const document::FigureBlock& figure = *figures_[next_++];
    if (!figure.call) return refuse(fmt::format("figure {} has no tag that could be kept", number));
    tag::Tag call = *figure.call;
    std::string_view description = mark.substr(static_cast<std::size_t>(end - mark.data()));
    const std::size_t begin = description.find_first_not_of(": ");
    if (begin != std::string_view::npos) call.description = description.substr(begin);
    place(call);
  }
  /// A tag on a line of its own.
  void place(const tag::Tag& call) {
    if (!answer_.empty() && !answer_.ends_with('\n')) answer_ += "\n\n";
    answer_ += tag::print(call);
  }
  void refuse(std::string why) {
    if (objection_.empty()) objection_ = std::move(why);
  }

  const std::vector<const document::FigureBlock*> figures_;
  std::size_t next_ = 0;  ///< Figures that stand in the answer.
  std::string answer_;
  std::string objection_;
};

}  // namespace

lm::GenerateRequest polish_request(const agent::Task& task, const std::vector<tag::Source>& tools,
                                   const Version& version, bool sees) {
  lm::Message user{
      "user",
      fmt::format("The request was:\n{}\n\nThis document was written for it. Marks such as [[figure 1: …]] "
                  "stand for its figures:\n\n{}\nThe figures:\n{}\n"
                  "Revise it so that text and pictures fit each other: correct mistakes, remove "
                  "repetition, let the text speak of what the pictures show, and improve descriptions. "
                  "Keep the language, the title and every figure, in this order: copy its mark to a line "
                  "of its own, with a better description where you have one. Only where a picture could "
                  "not be made or does not fit write a new tag instead of its mark. Write the whole "
                  "revised document and nothing else.",
                  task.prompt.value_or(""), shown_document(version), figure_list(version)),
      {}};
  if (sees) {
    for (const auto& [index, ready] : ready_figures(version)) user.pictures.push_back(ready.picture);
  }
  lm::GenerateRequest request{.messages = {{"system", agent::system_prompt(task, tools), {}}},
                              .sampling = task.sampling,
                              .max_tokens = task.max_tokens};
  request.messages.push_back(std::move(user));
  return request;
}

std::expected<std::string, std::string> polished_answer(std::string_view reply, const Version& version) {
  Reviser reviser(version);
  for (const tag::Item& item : tag::parse(reply, version.document.inputs.size()))
    std::visit([&](const auto& part) { reviser.read(part); }, item);
  return std::move(reviser).answer();
}

}  // namespace llmi::scaling
