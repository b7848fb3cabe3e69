#include "data/phrase.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace llmi::data {
namespace {

/// A number with the decimals it was written with.
struct Number {
  double value = 0;
  int decimals = 0;
};

std::optional<Number> parse_number(std::string_view text) {
  Number number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos) number.decimals = static_cast<int>(text.size() - point - 1);
  return number;
}

std::string print_number(const Number& number, const NumberStyle& style) {
  std::string digits = fmt::format("{:.{}f}", number.value, number.decimals);
  const std::size_t point = digits.find('.');
  std::string whole = digits.substr(0, point);
  if (std::abs(number.value) >= 10000) {
    for (std::size_t at = whole.size() - 3; at > (whole[0] == '-' ? 1U : 0U) && at < whole.size(); at -= 3)
      whole.insert(at, style.thousands);
  }
  return point == std::string::npos ? whole : whole + style.decimal + digits.substr(point + 1);
}

/// `{name=low..high/step}`; name and step may be missing.
struct Range {
  std::string name;
  Number low;
  Number high;
  double step = 1;
};

std::optional<Range> parse_range(std::string_view body) {
  Range range;
  const std::size_t equals = body.find('=');
  if (equals != std::string_view::npos) {
    range.name = body.substr(0, equals);
    body.remove_prefix(equals + 1);
  }
  const std::size_t dots = body.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const std::optional<Number> low = parse_number(body.substr(0, dots));
  const std::size_t slash = std::min(body.find('/', dots), body.size());
  const std::optional<Number> high = parse_number(body.substr(dots + 2, slash - dots - 2));
  if (!low || !high || high->value < low->value) return std::nullopt;
  range.low = *low;
  range.high = *high;
  range.step = std::pow(10.0, -low->decimals);
  if (slash == body.size()) return range;
  const std::optional<Number> step = parse_number(body.substr(slash + 1));
  if (!step || step->value <= 0) return std::nullopt;
  range.step = step->value;
  return range;
}

/// The part from `begin` (at an opening bracket) to its partner; npos when there is none.
std::size_t closing(std::string_view text, std::size_t begin) {
  int depth = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    if (text[at] == '[') ++depth;
    if (text[at] == ']' && --depth == 0) return at;
  }
  return std::string_view::npos;
}

std::vector<std::string_view> alternatives(std::string_view inside) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    if (inside[at] == '[') ++depth;
    if (inside[at] == ']') --depth;
    if (inside[at] != '|' || depth != 0) continue;
    parts.push_back(inside.substr(begin, at - begin));
    begin = at + 1;
  }
  parts.push_back(inside.substr(begin));
  return parts;
}

class Expansion {
 public:
  Expansion(Random& random, const NumberStyle& style, const std::map<std::string, std::string>& values)
      : random_(random), style_(style), values_(values) {}

  std::string run(std::string_view phrase) {
    std::string out;
    for (std::size_t at = 0; at < phrase.size();) {
      if (phrase[at] == '[') {
        const std::size_t end = closing(phrase, at);
        const auto parts = alternatives(phrase.substr(at + 1, end - at - 1));
        out += run(parts[random_.below(parts.size())]);
        at = end + 1;
      } else if (phrase[at] == '{') {
        const std::size_t end = phrase.find('}', at);
        out += braces(phrase.substr(at + 1, end - at - 1));
        at = end + 1;
      } else if (phrase.substr(at, 2) == "\\n") {
        out += '\n';
        at += 2;
      } else {
        out += phrase[at++];
      }
    }
    return out;
  }

 private:
  std::string braces(std::string_view body) {
    if (body.starts_with('=')) return print_number(sum(body.substr(1)), style_);
    if (const std::optional<Range> range = parse_range(body)) {
      const auto steps =
          static_cast<std::uint64_t>(std::llround((range->high.value - range->low.value) / range->step)) + 1;
      const Number drawn{range->low.value + (static_cast<double>(random_.below(steps)) * range->step),
                         range->low.decimals};
      if (!range->name.empty()) numbers_[range->name] = drawn;
      return print_number(drawn, style_);
    }
    const auto number = numbers_.find(std::string(body));
    if (number != numbers_.end()) return print_number(number->second, style_);
    const auto value = values_.find(std::string(body));
    return value == values_.end() ? std::string(body) : value->second;
  }

  Number sum(std::string_view terms) const {
    Number total;
    double sign = 1;
    std::string name;
    const auto add = [&] {
      const auto found = numbers_.find(std::exchange(name, {}));
      if (found == numbers_.end()) return;
      total.value += sign * found->second.value;
      total.decimals = std::max(total.decimals, found->second.decimals);
    };
    for (const char c : terms) {
      if (c != '+' && c != '-') {
        name += c;
        continue;
      }
      add();
      sign = c == '+' ? 1 : -1;
    }
    add();
    return total;
  }

  Random& random_;
  const NumberStyle& style_;
  const std::map<std::string, std::string>& values_;
  std::map<std::string, Number> numbers_;
};

Result<void> check_braces(std::string_view body) {
  if (body == "N" || body.starts_with('=') || parse_range(body)) return {};
  if (body.find_first_of(". =") == std::string_view::npos && !body.empty()) return {};
  return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("\"{{{}}}\" is no range, name or sum", body));
}

}  // namespace

std::string expand(std::string_view phrase, Random& random, const NumberStyle& style,
                   const std::map<std::string, std::string>& values) {
  return Expansion(random, style, values).run(phrase);
}

Result<void> check_phrase(std::string_view phrase) {
  int depth = 0;
  for (std::size_t at = 0; at < phrase.size(); ++at) {
    const char c = phrase[at];
    if (c == '[') ++depth;
    if (c == ']' && --depth < 0) return fail(ErrorCode::kUnreadable, Origin::kCaller, "a ] without its [");
    if (c == '|' && depth == 0) return fail(ErrorCode::kUnreadable, Origin::kCaller, "a | outside of [ ]");
    if (c == '}') return fail(ErrorCode::kUnreadable, Origin::kCaller, "a } without its {");
    if (c != '{') continue;
    const std::size_t end = phrase.find_first_of("}[]|", at);
    if (end == std::string_view::npos || phrase[end] != '}')
      return fail(ErrorCode::kUnreadable, Origin::kCaller, "a { without its }");
    LLMI_CHECK_OK(check_braces(phrase.substr(at + 1, end - at - 1)));
    at = end;
  }
  if (depth != 0) return fail(ErrorCode::kUnreadable, Origin::kCaller, "a [ without its ]");
  return {};
}

}  // namespace llmi::data
