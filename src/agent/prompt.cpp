#include "agent/prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace llmi::agent {
namespace {

struct ToolText {
  tag::Source source;
  const char* use;
  const char* params;
};

constexpr std::array kTools{
    ToolText{tag::Source::kSearch, "a picture of something real: a person, a place, an object, an event",
             R"({"query": "a few words naming the thing"})"},
    ToolText{tag::Source::kDiffusion, "an imagined or artistic scene that no photograph shows",
             R"({"prompt": "what the picture shows, and its style"})"},
    ToolText{tag::Source::kCode,
             "numbers, charts and diagrams; Python in which plt, pd, sns and np are loaded; label the axes; plot only "
             "numbers that you were given or know",
             R"json({"code": "plt.bar([\"a\", \"b\"], [1, 2])\nplt.title(\"Title\")"})json"},
    ToolText{tag::Source::kEdit,
             "a change to an earlier picture; img_index counts the input pictures first, then your tags, from 0",
             R"({"img_index": 0, "prompt": "what to change"})"},
};

std::string tools_text(const std::vector<tag::Source>& tools) {
  std::string text;
  for (const ToolText& tool : kTools) {
    if (std::ranges::count(tools, tool.source) > 0)
      text += fmt::format("- \"{}\": {}. params: {}\n", tag::name(tool.source), tool.use, tool.params);
  }
  return text;
}

std::string count_text(const FigureCount& count) {
  switch (count.kind) {
    case FigureCount::Kind::kNone:
      return "Write no tags: this document has no pictures.";
    case FigureCount::Kind::kAny:
      return "Use pictures where they help the reader, and none where they do not.";
    case FigureCount::Kind::kSome:
      return "Use at least one picture.";
    case FigureCount::Kind::kExactly:
      return fmt::format("Use exactly {} picture{}.", count.exactly, count.exactly == 1 ? "" : "s");
  }
  return "";
}

std::string inputs_text(const Task& task) {
  std::string text;
  for (std::size_t i = 0; i < task.inputs.size(); ++i)
    text += fmt::format("Input picture {}: {}\n", i, task.inputs[i].name);
  return text;
}

}  // namespace

std::string system_prompt(const Task& task, const std::vector<tag::Source>& tools) {
  return fmt::format(
      "You write illustrated documents in Markdown, in the language of the request. Where a picture helps, you call a "
      "tool "
      "by a tag on a line of its own; the picture takes the tag's place:\n\n"
      "<imgen>{{\"source\": \"…\", \"description\": \"what the reader sees\", \"params\": {{…}}}}</imgen>\n\n"
      "The tag holds one JSON object with exactly these keys. Sources:\n{}\n"
      "Choose the tool that can make the picture honestly. {} Begin with a title (# …). Refer to pictures in the text "
      "only "
      "by what they show.\n{}",
      tools_text(tools), count_text(task.figures), inputs_text(task));
}

std::string repair_prompt(const Task& task, const std::string& faulty, const Fault& fault) {
  return fmt::format(
      "A picture for the document on \"{}\" could not be made.\n{}{}What went wrong ({}): {}\n\n"
      "Write one corrected tag and nothing else. You may choose another tool.",
      task.prompt.value_or("the given text"),
      faulty.empty() ? "" : "The tag was: ", faulty.empty() ? "" : faulty + "\n", name(fault.stage), fault.message);
}

std::string go_on_prompt() {
  return "Your answer broke off there. Write the rest of the document and nothing else: go on with the next paragraph, "
         "repeat nothing that stands above, and count the pictures above among those asked for.";
}

std::string critic_prompt(const Task& task, const tag::Tag& call) {
  return fmt::format(
      "This picture was made for the document on \"{}\", by the tag\n{}\n"
      "Does it show what its description promises, well enough for the reader? If so, answer ACCEPT and nothing else. "
      "If "
      "not, write one better tag and nothing else.",
      task.prompt.value_or("the given text"), tag::print(call));
}

}  // namespace llmi::agent
