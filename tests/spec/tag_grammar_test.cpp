#include <gtest/gtest.h>
#include <llama.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tag/grammar.h"
#include "tag/parser.h"

// The grammars under llama.cpp's own grammar engine, with the vocabulary of the embedded model.

namespace llmi::tag {
namespace {

constexpr std::array kAll{Source::kSearch, Source::kDiffusion, Source::kCode, Source::kEdit};

struct ModelDeleter {
  void operator()(llama_model* model) const { llama_model_free(model); }
};
struct SamplerDeleter {
  void operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }
};
using Sampler = std::unique_ptr<llama_sampler, SamplerDeleter>;

const llama_vocab* vocabulary() {
  static const std::unique_ptr<llama_model, ModelDeleter> kModel = [] {
    llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
    llama_backend_init();
    llama_model_params params = llama_model_default_params();
    params.vocab_only = true;
    return std::unique_ptr<llama_model, ModelDeleter>(
        llama_model_load_from_file("build/deps/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", params));
  }();
  return llama_model_get_vocab(kModel.get());
}

std::vector<llama_token> tokens_of(const std::string& text) {
  std::vector<llama_token> tokens(text.size() + 8);
  const auto count = llama_tokenize(vocabulary(), text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                                    static_cast<std::int32_t>(tokens.size()), false, false);
  tokens.resize(static_cast<std::size_t>(count));
  return tokens;
}

bool allows(llama_sampler* sampler, llama_token token) {
  llama_token_data candidate{.id = token, .logit = 0.0F, .p = 0.0F};
  llama_token_data_array candidates{.data = &candidate, .size = 1, .selected = -1, .sorted = false};
  llama_sampler_apply(sampler, &candidates);
  return candidate.logit == 0.0F;
}

/// Whether the grammar takes the whole text and may end there.
bool accepts(const std::string& grammar, const std::string& text) {
  const Sampler sampler(llama_sampler_init_grammar(vocabulary(), grammar.c_str(), "root"));
  for (const llama_token token : tokens_of(text)) {
    if (!allows(sampler.get(), token)) return false;
    llama_sampler_accept(sampler.get(), token);
  }
  return allows(sampler.get(), llama_vocab_eos(vocabulary()));
}

bool accepts(const GrammarOptions& options, const std::string& text) { return accepts(tag_gbnf(options), text); }

std::vector<Tag> tags() {
  return {{"A volcano", SearchParams{"Mount Etna at night"}},
          {"", DiffusionParams{"Ein \"Drache\" über 火山, \\ and\ttabs"}},
          {"Sizes", CodeParams{"plt.bar(['a', \"b\"], [1, 2])\nplt.title('x </imgen>')"}},
          {"Grey", EditParams{0, "make it grey"}},
          {"Grey", EditParams{12, "`make` it grey"}}};
}

TEST(TagGrammar, AcceptsEveryPrintedTagAndItIsValid) {
  for (const Tag& tag : tags()) {
    const std::string text = print(tag);
    EXPECT_TRUE(accepts({.tools = kAll}, text)) << text;
    EXPECT_TRUE(accepts({.tools = kAll, .max_text = 200, .max_code = 2000}, text)) << text;
    const auto items = parse(text, 20);
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(std::get<TagItem>(items[0]).tag, tag);
  }
}

TEST(TagGrammar, RefusesWhatTheValidatorRefuses) {
  for (const std::string text :
       {R"(<imgen>{"source": "search", "description": "d", "params": {"query": ""}}</imgen>)",
        R"(<imgen>{"source": "search", "description": "d", "params": {"query": " "}}</imgen>)",
        R"(<imgen>{"source": "Search", "description": "d", "params": {"query": "q"}}</imgen>)",
        R"(<imgen>{"source": "search", "description": "d", "params": {"prompt": "q"}}</imgen>)",
        R"(<imgen>{"source": "search", "params": {"query": "q"}}</imgen>)",
        R"(<imgen>{"source": "edit", "description": "d", "params": {"img_index": -1, "prompt": "q"}}</imgen>)",
        R"(<imgen>{"source": "edit", "description": "d", "params": {"img_index": 1.5, "prompt": "q"}}</imgen>)",
        R"(<imgen>{'source': 'search', 'description': 'd', 'params': {'query': 'q'}}</imgen>)"}) {
    EXPECT_FALSE(accepts({.tools = kAll}, text)) << text;
  }
}

TEST(TagGrammar, AWholeAnswerHoldsTextAndValidTags) {
  const std::string grammar = answer_gbnf({.tools = kAll});
  const std::string tag = print(tags()[0]);
  for (const std::string& text :
       {std::string("# Title\n\nText, 3 < 4, <img> and <<imge n>.\n"), tag, "a" + tag + "b\n\n" + tag + "c", tag + tag,
        std::string("火山 <imgen"), "<" + tag, "<imgen" + tag, std::string()})
    EXPECT_TRUE(accepts(grammar, text)) << text;
  for (const std::string& text : {std::string("a <imgen> b"), "a" + tag + "<imgen>{}</imgen>", tag + "<imgen>"})
    EXPECT_FALSE(accepts(grammar, text)) << text;
}

TEST(TagGrammar, OffersOnlyTheToolsThatAreThere) {
  constexpr std::array kSome{Source::kCode, Source::kEdit};
  EXPECT_FALSE(accepts({.tools = kSome}, print(tags()[0])));
  EXPECT_TRUE(accepts({.tools = kSome}, print(tags()[2])));
  EXPECT_TRUE(accepts({.tools = kSome}, print(tags()[3])));
  EXPECT_FALSE(accepts({.tools = kSome, .pictures = 0}, print(tags()[3])));
  EXPECT_TRUE(accepts({.tools = kSome, .pictures = 13}, print(tags()[4])));
  EXPECT_FALSE(accepts({.tools = kSome, .pictures = 12}, print(tags()[4])));
}

TEST(TagGrammar, LimitsLengths) {
  const auto query = [](std::size_t length) { return print({"d", SearchParams{std::string(length, 'x')}}); };
  const auto code = [](std::size_t length) { return print({"d", CodeParams{std::string(length, 'x')}}); };
  const GrammarOptions options{.tools = kAll, .max_text = 40, .max_code = 90};
  EXPECT_TRUE(accepts(options, query(40)));
  EXPECT_FALSE(accepts(options, query(41)));
  EXPECT_TRUE(accepts(options, code(90)));
  EXPECT_FALSE(accepts(options, code(91)));
}

TEST(TagGrammar, RulesAloneFitIntoALargerGrammar) {
  const std::string gbnf = "root ::= \"See: \" imgen-search \"\\n\" imgen\n" + tag_gbnf_rules({.tools = kAll});
  const Sampler sampler(llama_sampler_init_grammar(vocabulary(), gbnf.c_str(), "root"));
  EXPECT_NE(sampler, nullptr);
}

TEST(TagGrammar, SchemaSaysTheSame) {
  const auto schema = nlohmann::json::parse(tag_json_schema({.tools = kAll, .pictures = 3, .max_text = 40}));
  ASSERT_EQ(schema.at("anyOf").size(), 4U);
  const auto& edit = schema["anyOf"][3];
  EXPECT_EQ(edit["properties"]["source"]["const"], "edit");
  EXPECT_EQ(edit["required"], (nlohmann::json{"source", "description", "params"}));
  EXPECT_EQ(edit["additionalProperties"], false);
  const auto& params = edit["properties"]["params"];
  EXPECT_EQ(params["required"], (nlohmann::json{"img_index", "prompt"}));
  EXPECT_EQ(params["properties"]["img_index"]["maximum"], 2);
  EXPECT_EQ(params["properties"]["prompt"]["maxLength"], 40);
  EXPECT_EQ(params["additionalProperties"], false);
}

}  // namespace
}  // namespace llmi::tag
