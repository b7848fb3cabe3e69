#include "spec/tag_spec.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "tag/tool_table.h"

namespace llmi::tag {
namespace {

std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 's': out += ' '; break;
      case 'x':
        out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
        break;
      default: out += text[i];
    }
  }
  return out;
}

constexpr std::string_view kTag =
    R"(<imgen>{"source": "search", "description": "d", "params": {"query": "q"}}</imgen>)";

std::string with_tags(std::string line, const std::string& tag) {
  for (auto at = line.find("$TAG"); at != std::string::npos; at = line.find("$TAG", at + tag.size()))
    line.replace(at, 4, tag);
  return line;
}

std::string tag_in_quotes() {
  const std::string quoted = nlohmann::json(kTag).dump();
  return quoted.substr(1, quoted.size() - 2);
}

class SpecReader {
 public:
  explicit SpecReader(const std::string& text) : in_(text) {}

  bool next() {
    ++number_;
    return static_cast<bool>(std::getline(in_, line_));
  }
  [[nodiscard]] const std::string& line() const { return line_; }

  /// Reads a case whose head has just been read; `ends` tells a line that ends it.
  template <class Ends>
  SpecCase read_case(const std::string& head, const Ends& ends) {
    SpecCase result{.line = number_};
    bool escaped = false;
    read_options(head, result, escaped);
    std::vector<std::string> input;
    while (next() && line_ != "----") input.push_back(line_);
    if (line_ != "----") throw std::runtime_error("spec case without ----: " + result.name);
    for (std::size_t i = 0; i < input.size(); ++i) result.input += (i > 0 ? "\n" : "") + input[i];
    if (escaped) result.input = unescape(result.input);
    result.input = with_tags(result.input, std::string(kTag));
    while (next() && !ends(line_)) {
      if (!line_.empty() && !line_.starts_with("##")) result.expected.push_back(with_tags(line_, tag_in_quotes()));
    }
    return result;
  }

 private:
  static void read_options(const std::string& head, SpecCase& result, bool& escaped) {
    std::istringstream words(head);
    for (std::string word; words >> word;) {
      if (word == "escaped") {
        escaped = true;
      } else if (word.starts_with("images=")) {
        result.images = std::stoul(word.substr(7));
      } else {
        result.name += (result.name.empty() ? "" : " ") + word;
      }
    }
  }

  std::istringstream in_;
  std::string line_;
  std::size_t number_ = 0;
};

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string print_params(const Tag& tag) {
  nlohmann::ordered_json params;
  const auto specs = tool(tag.source()).params;
  const auto values = param_values(tag.params);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    std::visit([&](const auto& value) { params[std::string(specs[i].name)] = value; }, values[i]);
  }
  return params.dump();
}

struct Printer {
  std::string operator()(const TextItem& item) const { return place(item) + "text " + quoted(item.text); }
  std::string operator()(const TagItem& item) const {
    std::string out = place(item) + "tag " + std::to_string(item.index) + " " + std::string(name(item.tag.source())) +
                      " " + quoted(item.tag.description) + " " + print_params(item.tag);
    std::string rules;
    for (const auto& rule : item.recovered) rules += (rules.empty() ? "" : " ") + rule;
    return rules.empty() ? out : out + " [" + rules + "]";
  }
  std::string operator()(const FaultItem& item) const {
    return place(item) + "fault " + std::to_string(item.index) + " " + std::string(name(item.fault.stage)) + " " +
           quoted(item.fault.message);
  }
  template <class T>
  static std::string place(const T& item) {
    return "@" + std::to_string(item.begin) + "-" + std::to_string(item.end) + " ";
  }
};

/// `text` without its last word in quotes, and that word without quotes.
std::pair<std::string_view, std::string_view> split_message(std::string_view text) {
  const auto quote = text.find('"');
  if (quote == std::string_view::npos) return {text, {}};
  return {text.substr(0, quote - 1), text.substr(quote + 1, text.size() - quote - 2)};
}

}  // namespace

std::vector<SpecCase> read_spec(const std::string& text) {
  SpecReader reader(text);
  std::vector<SpecCase> cases;
  const auto begins = [](const std::string& line) { return line.starts_with("=== "); };
  bool more = reader.next();
  while (more && !begins(reader.line())) more = reader.next();
  while (begins(reader.line()) && more) {
    const std::string head = reader.line().substr(4);
    cases.push_back(reader.read_case(head, begins));
    more = begins(reader.line());
  }
  return cases;
}

std::vector<SpecCase> read_page(const std::string& text) {
  SpecReader reader(text);
  std::vector<SpecCase> cases;
  while (reader.next()) {
    if (!reader.line().starts_with("~~~~ spec")) continue;
    const std::string head = reader.line().substr(9);
    cases.push_back(reader.read_case(head, [](const std::string& line) { return line == "~~~~"; }));
    cases.back().name += "line " + std::to_string(cases.back().line);
  }
  return cases;
}

std::vector<std::string> print_items(const std::vector<Item>& items) {
  std::vector<std::string> lines;
  for (const Item& item : items) lines.push_back(std::visit(Printer{}, item));
  return lines;
}

bool fits(std::string_view printed, std::string_view expected) {
  if (!expected.starts_with('@')) printed.remove_prefix(printed.find(' ') + 1);
  if (printed == expected) return true;
  const auto [printed_head, printed_message] = split_message(printed);
  const auto [head, message] = split_message(expected);
  return printed_head == head && head.find("fault ") != std::string_view::npos &&
         printed_message.find(message) != std::string_view::npos;
}

std::vector<Item> parse_in_pieces(std::string_view answer, std::size_t images, std::size_t piece) {
  std::vector<Item> items;
  Parser parser(images, [&](Item item) {
    auto* text = std::get_if<TextItem>(&item);
    auto* last = items.empty() ? nullptr : std::get_if<TextItem>(&items.back());
    if (text != nullptr && last != nullptr && last->end == text->begin) {
      last->end = text->end;
      last->text += text->text;
    } else {
      items.push_back(std::move(item));
    }
  });
  for (std::size_t at = 0; at < answer.size(); at += piece) parser.feed(answer.substr(at, piece));
  parser.finish();
  return items;
}

}  // namespace llmi::tag
