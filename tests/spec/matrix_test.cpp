// docs/matrix.md: everything llmi connects to and writes, from the registries, with the tests that prove each row.
// LLMI_TEST_UPDATE=1 writes the page anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "lm/chat/server_kind.h"
#include "render/render.h"
#include "tools/pictures/backend.h"
#include "tools/search/online/api.h"

namespace llmi {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20;

/// A test of tests/e2e, as FILE:METHOD.
using Proofs = std::vector<std::string_view>;

const Proofs kAnyChatServer{"chat_server_test.py:test_every_kind_by_its_url", "chaos_test.py:test_chat_servers"};
const Proofs kAnyPainter{"picture_server_test.py:test_it_paints",
                         "picture_server_test.py:test_it_edits_what_is_no_exact_operation",
                         "picture_server_test.py:test_refusal_by_content_policy", "chaos_test.py:test_picture_servers"};
const Proofs kAnyProvider{"online_search_test.py:test_every_provider"};

/// Tests that a row has besides those of its table.
Proofs own_proofs(std::string_view name) {
  if (name == "llama-server") return {"llama_server_test.py:test_it_writes_text_and_is_not_held_to_one_tag"};
  if (name == "searxng") return {"online_search_test.py:test_searxng_without_json"};
  if (name == "unsplash") return {"online_search_test.py:test_unsplash_is_told_of_the_use"};
  return {};
}

Proofs with_own(Proofs proofs, std::string_view name) {
  for (const std::string_view own : own_proofs(name)) proofs.push_back(own);
  return proofs;
}

/// The methods, each once checked to be there.
std::string cell(const Proofs& proofs) {
  std::string text;
  for (const std::string_view proof : proofs) {
    const std::size_t colon = proof.find(':');
    const std::string file = fmt::format("tests/e2e/{}", proof.substr(0, colon));
    const std::string method(proof.substr(colon + 1));
    const auto source = read_file(file, kLargest);
    EXPECT_TRUE(source && source->find("def " + method + "(") != std::string::npos) << proof;
    text += fmt::format("{}[{}](../{})", text.empty() ? "" : ", ", method, file);
  }
  return text;
}

std::string tags_of(lm::chat::TagConstraint constraint) {
  switch (constraint) {
    case lm::chat::TagConstraint::kLazyGrammar:
      return "grammar";
    case lm::chat::TagConstraint::kStructuralTag:
      return "structural tag";
    case lm::chat::TagConstraint::kNone:
      break;
  }
  return "tolerant reading and repair";
}

std::string chat_servers() {
  std::string text =
      "## Chat servers\n\n`[servers.NAME] kind`, or found by asking the server.\n\n"
      "| kind | call | tags can only be valid by | goes on from a prefix | proven by |\n|---|---|---|---|---|\n";
  for (const auto& profile : lm::chat::profiles())
    text += fmt::format("| `{}` | `{}{}` | {} | {} | {} |\n", profile.name, profile.suffix, profile.chat,
                        tags_of(profile.constraint), profile.continues_prefix ? "yes" : "no",
                        cell(with_own(kAnyChatServer, profile.name)));
  return text;
}

std::string painters() {
  std::string text =
      "\n## Picture servers\n\n`[diffusion] backend` and `[edit] backend`.\n\n"
      "| backend | public address | key from | needs | same seed, same picture | proven by "
      "|\n|---|---|---|---|---|---|\n";
  for (const auto* backend : tools::pictures::backends()) {
    const std::string_view needs = backend->needs_workflow ? "your workflow" : backend->needs_model ? "a model" : "–";
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", backend->name,
                        backend->url.empty() ? "your own" : backend->url,
                        backend->key_variable.empty() ? "–" : fmt::format("`{}`", backend->key_variable), needs,
                        backend->takes_seed ? "yes" : "no", cell(with_own(kAnyPainter, backend->name)));
  }
  return text;
}

std::string providers() {
  std::string text =
      "\n## Picture search\n\n`[search] providers`.\n\n"
      "| provider | public address | key from | proven by |\n|---|---|---|---|\n"
      "| `local` | your folders and the packages' collections | – | " +
      cell({"tool_test.py:test_search"}) + " |\n";
  for (const auto* api : tools::online::apis())
    text += fmt::format("| `{}` | {} | {} | {} |\n", api->name, api->url.empty() ? "your own" : api->url,
                        api->key_variable.empty() ? "–" : fmt::format("`{}`", api->key_variable),
                        cell(with_own(kAnyProvider, api->name)));
  return text;
}

std::string formats() {
  std::string text = "\n## Formats\n\n`--format`.\n\n| format | proven by |\n|---|---|\n";
  for (const std::string& format : render::known_formats()) {
    const bool own = format == "html" || format == "md" || format == "json";
    const std::string proof =
        own ? "render_test.py:test_replay_gives_the_same_bytes_elsewhere" : "export_test.py:test_" + format;
    text += fmt::format("| `{}` | {} |\n", format, cell({proof}));
  }
  return text;
}

TEST(Matrix, ThePageInDocsIsCurrent) {
  const std::string page =
      "# What llmi connects to, and what it writes\n\nMade from the registries of the program; a test keeps it so "
      "(`tests/spec/matrix_test.cpp`).\n\n" +
      chat_servers() + painters() + providers() + formats();
  if (std::getenv("LLMI_TEST_UPDATE") != nullptr) {
    ASSERT_TRUE(write_file("docs/matrix.md", page));
  }
  const auto kept = read_file("docs/matrix.md", kLargest);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(*kept, page) << "run: LLMI_TEST_UPDATE=1 ctest --test-dir build/dev -R matrix_test";
}

}  // namespace
}  // namespace llmi
