#include "render/highlight.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "render/escape.h"

namespace llmi::render {
namespace {

struct Language {
  std::string_view names;         ///< Space-separated.
  std::string_view line_comment;
  bool block_comments;            ///< /* … */
  std::string_view keywords;      ///< Space-separated.
};

constexpr std::array kLanguages{
    Language{"python py", "#", false,
             "and as assert async await break class continue def del elif else except False finally for from global if import "
             "in is lambda None nonlocal not or pass raise return True try while with yield"},
    Language{"c cpp c++ cxx h hpp java js javascript ts typescript rust rs go kotlin swift csharp cs php", "//", true,
             "auto bool break case catch char class const constexpr continue default delete do double else enum export extends "
             "false final float fn for func function if impl import in int interface let long match mut namespace new null "
             "nullptr package private protected pub public return self short static struct super switch template this throw "
             "true try type typename union unsigned use using var virtual void while yield"},
    Language{"sh bash shell zsh r ruby rb toml yaml yml make dockerfile perl", "#", false,
             "case do done elif else end esac fi for function if in local return then true false while def class module"},
    Language{"sql", "--", true,
             "select from where and or not insert into values update set delete create table join left right inner outer on "
             "group by order having limit as distinct null SELECT FROM WHERE AND OR NOT INSERT INTO VALUES UPDATE SET DELETE "
             "CREATE TABLE JOIN LEFT RIGHT INNER OUTER ON GROUP BY ORDER HAVING LIMIT AS DISTINCT NULL"},
    Language{"json", "", false, "true false null"},
};

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

const Language* find_language(std::string_view name) {
  std::string lower;
  for (const char c : name.substr(0, 20)) lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  const auto* found = std::ranges::find_if(kLanguages, [&](const Language& l) { return !lower.empty() && has_word(l.names, lower); });
  return found == kLanguages.end() ? nullptr : found;
}

bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::size_t string_length(std::string_view code) {
  for (std::size_t i = 1; i < code.size(); ++i) {
    if (code[i] == '\\') {
      ++i;
    } else if (code[i] == code[0] || code[i] == '\n') {
      return code[i] == '\n' ? i : i + 1;
    }
  }
  return code.size();
}

struct Token {
  std::size_t length;
  char kind;  ///< c, s, n, k, or a space for plain text.
};

Token next_token(std::string_view code, const Language& language) {
  const auto until = [&](std::string_view end, std::size_t extra) {
    const std::size_t at = code.find(end, 1);
    return at == std::string_view::npos ? code.size() : at + extra;
  };
  if (!language.line_comment.empty() && code.starts_with(language.line_comment)) return {until("\n", 0), 'c'};
  if (language.block_comments && code.starts_with("/*")) return {until("*/", 2), 'c'};
  if (code[0] == '"' || code[0] == '\'') return {string_length(code), 's'};
  if (!is_word(code[0])) return {1, ' '};
  std::size_t length = 1;
  const bool number = std::isdigit(static_cast<unsigned char>(code[0])) != 0;
  while (length < code.size() && (is_word(code[length]) || (number && code[length] == '.'))) ++length;
  if (number) return {length, 'n'};
  return {length, has_word(language.keywords, code.substr(0, length)) ? 'k' : ' '};
}

}  // namespace

std::string highlight(std::string_view code, std::string_view language) {
  const Language* known = find_language(language);
  if (known == nullptr) return escape_html(code);
  std::string html;
  while (!code.empty()) {
    const Token token = next_token(code, *known);
    const std::string text = escape_html(code.substr(0, token.length));
    html += token.kind == ' ' ? text : fmt::format("<span class=\"{}\">{}</span>", token.kind, text);
    code.remove_prefix(token.length);
  }
  return html;
}

}  // namespace llmi::render
