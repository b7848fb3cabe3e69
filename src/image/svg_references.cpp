#include "image/svg_references.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <vector>

#include "base/utf8.h"

namespace llmi::image {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kMaxDepth = 256;
constexpr std::size_t kMaxElements = 200'000;

// What draws, in lower case, and the metadata that plotting libraries write.
constexpr std::array<std::string_view, 43> kHandedOn{
    "svg",         "g",       "defs",           "style",       "path",           "use",
    "clippath",    "rect",    "circle",         "ellipse",     "line",           "polyline",
    "polygon",     "text",    "tspan",          "textpath",    "title",          "desc",
    "symbol",      "marker",  "mask",           "pattern",     "lineargradient", "radialgradient",
    "stop",        "filter",  "fegaussianblur", "feoffset",    "feblend",        "fecolormatrix",
    "fecomposite", "feflood", "femerge",        "femergenode", "metadata",       "rdf",
    "work",        "type",    "date",           "format",      "creator",        "agent",
    "view"};

// What runs, includes or embeds something else, in lower case.
constexpr std::array<std::string_view, 5> kNeverDrawn{"script", "foreignobject", "include", "image", "feimage"};

using Objection = std::optional<std::string>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return lower(c); });
  return result;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// XML's name characters; of those beyond ASCII all are taken.
bool is_name_character(unsigned char c) {
  return c >= 0x80 || std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ':';
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool append_reference(std::string_view name, std::string& out) {
  if (name == "lt" || name == "gt" || name == "amp" || name == "quot" || name == "apos") {
    out += name == "lt" ? '<' : name == "gt" ? '>' : name == "amp" ? '&' : name == "quot" ? '"' : '\'';
    return true;
  }
  if (name.size() < 2 || name[0] != '#') return false;
  const bool hex = name[1] == 'x';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size()) return false;
  append_utf8(out, static_cast<char32_t>(code));
  return true;
}

/// Text with its character references replaced; empty when it refers to an entity that XML does not define itself.
std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t amp = std::min(text.find('&'), text.size());
    out += text.substr(0, amp);
    text.remove_prefix(amp);
    if (text.empty()) break;
    const std::size_t end = text.find(';');
    if (end == std::string_view::npos || !append_reference(text.substr(1, end - 1), out)) return std::nullopt;
    text.remove_prefix(end + 1);
  }
  return out;
}

/// `css`: a style sheet or the value of a presentation attribute.
Objection css_objection(std::string_view css) {
  const std::string text = lower(css);
  // A backslash can hide any of the words below from this search.
  if (text.find('\\') != std::string::npos) return "its styles use escapes";
  if (text.find("@import") != std::string::npos) return "it imports a style sheet";
  for (std::size_t at = text.find("url("); at != std::string::npos; at = text.find("url(", at + 1)) {
    const std::size_t target = text.find_first_not_of(" \t\r\n\"'", at + 4);
    if (target == std::string::npos || text[target] != '#') return "it refers to something outside itself (url)";
  }
  return std::nullopt;
}

Objection attribute_objection(std::string_view element, std::string_view name, std::string_view raw) {
  const auto value = unescape(raw);
  if (!value) return "it uses an entity";
  const std::string local = lower(local_name(name));
  if (local == "href" || local == "src") {
    // A link does nothing in a picture.
    if (local_name(element) == "a" || trim(*value).starts_with('#') || trim(*value).empty()) return std::nullopt;
    return fmt::format("<{}> refers to something outside itself or embeds it ({})", element, name);
  }
  if (name == "xml:base") return "it changes its base address";
  // Attributes of other vocabularies (editors, metadata) are not read when drawing.
  if (name.find(':') != std::string_view::npos || name.starts_with("xmlns")) return std::nullopt;
  return css_objection(*value);
}

/// One pass over the markup. Fails closed: whatever it does not understand is an objection.
class Scan {
 public:
  Scan(std::string_view svg, SvgUse use) : rest_(svg), use_(use) {}

  Objection run() {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    if (auto objection = declaration()) return objection;
    while (!rest_.empty()) {
      if (auto objection = step()) return objection;
    }
    if (!root_seen_ || !open_.empty()) return "it is cut off";
    return std::nullopt;
  }

 private:
  Objection step() {
    if (rest_[0] != '<') return text();
    if (rest_.starts_with("<!--")) return skip("<!--", "-->");
    if (rest_.starts_with("<![CDATA[")) return cdata();
    if (rest_.starts_with("<!")) return document_type();
    if (rest_.starts_with("<?")) return instruction();
    if (rest_.starts_with("</")) return end_tag();
    return start_tag();
  }

  Objection declaration() {
    if (!rest_.starts_with("<?xml") || rest_.size() < 6 || kSpace.find(rest_[5]) == std::string_view::npos) return {};
    const std::size_t end = rest_.find("?>");
    if (end == std::string_view::npos) return "it is cut off";
    const std::string text = lower(rest_.substr(0, end));
    if (text.find('<', 1) != std::string::npos) return "its declaration is malformed";
    rest_.remove_prefix(end + 2);
    const std::size_t encoding = text.find("encoding");
    if (encoding == std::string::npos) return std::nullopt;
    const std::string_view value = std::string_view(text).substr(encoding);
    const bool known =
        value.find("utf-8") != std::string_view::npos || value.find("us-ascii") != std::string_view::npos;
    return known ? Objection{} : Objection{"its encoding is not UTF-8"};
  }

  Objection skip(std::string_view begin, std::string_view end) {
    const std::size_t at = rest_.find(end, begin.size());
    if (at == std::string_view::npos) return "it is cut off";
    rest_.remove_prefix(at + end.size());
    return std::nullopt;
  }

  Objection text() {
    const std::size_t end = std::min(rest_.find('<'), rest_.size());
    const auto plain = unescape(rest_.substr(0, end));
    if (!plain) return "it uses an entity";
    if (in_style()) style_ += *plain;
    if (open_.empty() && !trim(*plain).empty()) return "it has text outside its root";
    rest_.remove_prefix(end);
    return std::nullopt;
  }

  Objection cdata() {
    const std::string_view begin = "<![CDATA[";
    const std::size_t end = rest_.find("]]>", begin.size());
    if (end == std::string_view::npos) return "it is cut off";
    if (in_style()) style_ += rest_.substr(begin.size(), end - begin.size());
    rest_.remove_prefix(end + 3);
    return std::nullopt;
  }

  /// Only W3C's own document types, whose address no reader of ours follows, and which define nothing here.
  Objection document_type() {
    const std::size_t end = rest_.find('>');
    const std::string_view text = rest_.substr(0, std::min(end, rest_.size()));
    const bool plain =
        text.starts_with("<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG ") && text.find_first_of("[<", 1) == text.npos;
    if (!plain || end == std::string_view::npos || root_seen_) return "it has a document type of its own";
    rest_.remove_prefix(end + 1);
    return std::nullopt;
  }

  /// Markup inside an instruction is legal and never needed; readers differ in what they make of it.
  Objection instruction() {
    if (lower(rest_.substr(2, 3)) == "xml") return "it refers to a style sheet";
    const std::string_view text = rest_.substr(0, rest_.find("?>", 2));
    if (text.find('<', 1) != std::string_view::npos) return "it has markup inside an instruction";
    return skip("<?", "?>");
  }

  Objection end_tag() {
    const std::size_t end = rest_.find('>');
    if (end == std::string_view::npos) return "it is cut off";
    const std::string_view name = trim(rest_.substr(2, end - 2));
    if (open_.empty() || open_.back() != name) return "its tags do not match";
    rest_.remove_prefix(end + 1);
    return close();
  }

  /// The innermost element ends.
  Objection close() {
    Objection objection;
    if (in_style()) {
      objection = css_objection(style_);
      style_.clear();
    }
    open_.pop_back();
    return objection;
  }

  Objection start_tag() {
    const std::size_t end = std::min(rest_.find_first_of(" \t\r\n/>", 1), rest_.size());
    const std::string_view name = rest_.substr(1, end - 1);
    if (name.empty() || !std::ranges::all_of(name, is_name_character)) return "its markup is broken";
    if (auto objection = element_objection(name)) return objection;
    rest_.remove_prefix(end);
    open_.push_back(name);
    root_seen_ = true;
    return attributes(name);
  }

  Objection element_objection(std::string_view name) {
    if (++elements_ > kMaxElements || open_.size() >= kMaxDepth) return "it has too many elements";
    if (open_.empty() && (root_seen_ || local_name(name) != "svg")) return "its root is not <svg>";
    const std::string local = lower(local_name(name));
    if (std::ranges::find(kNeverDrawn, local) != kNeverDrawn.end()) return fmt::format("it holds <{}>", name);
    if (use_ == SvgUse::kHandOn && std::ranges::find(kHandedOn, local) == kHandedOn.end())
      return fmt::format("it holds <{}>", name);
    return std::nullopt;
  }

  Objection attributes(std::string_view element) {
    while (true) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
      if (rest_.starts_with("/>")) {
        rest_.remove_prefix(2);
        return close();
      }
      if (rest_.starts_with('>')) {
        rest_.remove_prefix(1);
        return std::nullopt;
      }
      if (auto objection = attribute(element)) return objection;
    }
  }

  Objection attribute(std::string_view element) {
    const std::size_t name_end = rest_.find_first_of(" \t\r\n=/><");
    const std::size_t equals = rest_.find_first_not_of(kSpace, name_end);
    if (name_end == 0 || name_end == std::string_view::npos || equals == std::string_view::npos || rest_[equals] != '=')
      return "its markup is broken";
    const std::size_t quote = rest_.find_first_not_of(kSpace, equals + 1);
    if (quote == std::string_view::npos || (rest_[quote] != '"' && rest_[quote] != '\'')) return "its markup is broken";
    const std::size_t end = rest_.find(rest_[quote], quote + 1);
    if (end == std::string_view::npos) return "it is cut off";
    const std::string_view name = rest_.substr(0, name_end);
    const std::string_view value = rest_.substr(quote + 1, end - quote - 1);
    if (value.find('<') != std::string_view::npos) return "its markup is broken";
    if (use_ == SvgUse::kHandOn && lower(local_name(name)).starts_with("on")) return "it has an event handler";
    const auto objection = attribute_objection(element, name, value);
    rest_.remove_prefix(end + 1);
    return objection;
  }

  [[nodiscard]] bool in_style() const { return !open_.empty() && lower(local_name(open_.back())) == "style"; }

  std::string_view rest_;
  SvgUse use_;
  std::vector<std::string_view> open_;
  std::string style_;
  std::size_t elements_ = 0;
  bool root_seen_ = false;
};

}  // namespace

std::optional<std::string> svg_objection(std::string_view svg, SvgUse use) {
  if (svg.find('\0') != std::string_view::npos || !is_valid_utf8(svg)) return "it is not UTF-8 text";
  return Scan(svg, use).run();
}

}  // namespace llmi::image
