#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmi::agent {

// Small rules of English writing that the documents of guided mode need. All take and give UTF-8 and change ASCII
// letters only.

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string capitalised(std::string text);

/// "a short guide to bees" -> "A Short Guide to Bees"; words with capitals of their own stay as they are.
[[nodiscard]] std::string title_case(std::string_view text);

/// Words of a text: runs of letters of any script and digits, with inner apostrophes and hyphens.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

/// The singular of a regular plural; other words unchanged.
[[nodiscard]] std::string singular(std::string_view noun);
/// The regular plural.
[[nodiscard]] std::string plural(std::string_view noun);
[[nodiscard]] bool same_noun(std::string_view a, std::string_view b);

/// "a bee", "an apple"; a name (with a capital) stays without an article.
[[nodiscard]] std::string with_article(std::string_view noun);

/// "a, b and c".
[[nodiscard]] std::string listed(const std::vector<std::string>& items);

/// Without white space, punctuation and markup at both ends.
[[nodiscard]] std::string trimmed(std::string_view text);

}  // namespace llmi::agent
