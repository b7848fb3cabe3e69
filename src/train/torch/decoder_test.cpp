#include "train/torch/decoder.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/random.h"
#include "train/torch/safetensors.h"
#include "train/torch/testing_llama.h"
#include "train/torch/torch_policy.h"

namespace llmi::train {
namespace {

constexpr std::int32_t kWords = 49152;

class Gradients : public testing::TestWithParam<std::tuple<const char*, bool>> {
 protected:
  Gradients() {
    options_.model = tiny_models() / (std::string(std::get<0>(GetParam())) + ".gguf");
    if (!std::get<1>(GetParam())) options_.lora.reset();
  }
  PolicyOptions options_;
};

std::vector<double> weights_of(std::size_t count) {
  Random random(11);
  std::vector<double> weights(count);
  for (double& weight : weights) weight = random.unit() - 0.3;
  return weights;
}

double loss(const Decoder& decoder, const PackedBatch& batch) {
  const TokenScores scores = decoder.score(batch);
  const std::vector<double> weights = weights_of(scores.log_probs.size());
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * scores.log_probs[i];
  return sum;
}

/// The slope along the gradient itself is its length: the direction in which a difference is least noise.
TEST_P(Gradients, AreThoseOfFiniteDifferences) {
  const ModelWeights weights = read_weights(options_.model).value();
  Decoder decoder(weights, options_);
  // Where B is zero, A has no slope.
  for (const Adapter& adapter : decoder.adapters())
    adapter.b->value.copy_(at::linspace(-0.1, 0.2, adapter.b->value.numel()).view_as(adapter.b->value));
  const PackedBatch batch =
      pack(random_sequences(std::array<std::size_t, 3>{9, 31, 5}, kWords, 5), weights.shape).value();
  decoder.accumulate(batch, [](const TokenScores& scores) { return weights_of(scores.log_probs.size()); });
  for (const TrainedWeightPtr& weight : decoder.trained()) {
    const double norm = weight->gradient.norm().item<double>();
    ASSERT_GT(norm, 0) << weight->name;
    const at::Tensor step = weight->gradient * (2e-3 / norm);
    const at::Tensor before = weight->value.clone();
    weight->value.add_(step);
    const double above = loss(decoder, batch);
    weight->value.copy_(before).sub_(step);
    const double below = loss(decoder, batch);
    weight->value.copy_(before);
    EXPECT_NEAR((above - below) / 4e-3 / norm, 1, 0.02) << weight->name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Gradients, testing::Combine(testing::Values("llama", "qwen2", "qwen3"), testing::Bool()),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param)) + (std::get<1>(info.param) ? "Lora" : "Whole");
                         });

/// A model in the transformers library's form: the names and keys of its saved models.
void write_hub_folder(const ModelWeights& weights, const std::filesystem::path& folder) {
  const ModelShape& shape = weights.shape;
  const nlohmann::json config = {{"model_type", name(shape.architecture)},
                                 {"num_hidden_layers", shape.layers},
                                 {"hidden_size", shape.width},
                                 {"num_attention_heads", shape.heads},
                                 {"num_key_value_heads", shape.kv_heads},
                                 {"head_dim", shape.head_size},
                                 {"intermediate_size", shape.feed_width},
                                 {"vocab_size", shape.vocabulary},
                                 {"max_position_embeddings", shape.context},
                                 {"rms_norm_eps", shape.norm_epsilon},
                                 {"rope_theta", shape.rope_base},
                                 {"rope_scaling", nullptr}};
  TensorFile file;
  file.tensors = {{"model.embed_tokens.weight", weights.embedding}, {"model.norm.weight", weights.output_norm}};
  for (std::size_t i = 0; i < weights.layers.size(); ++i) {
    const LayerWeights& layer = weights.layers[i];
    const std::string prefix = "model.layers." + std::to_string(i) + ".";
    file.tensors[prefix + "input_layernorm.weight"] = layer.attention_norm;
    file.tensors[prefix + "post_attention_layernorm.weight"] = layer.feed_norm;
    if (layer.query_norm.defined()) file.tensors[prefix + "self_attn.q_norm.weight"] = layer.query_norm;
    if (layer.key_norm.defined()) file.tensors[prefix + "self_attn.k_norm.weight"] = layer.key_norm;
    for (const Matrix matrix : kAllMatrices) {
      const auto m = static_cast<std::size_t>(matrix);
      const std::string base = hub_name(matrix, static_cast<std::int64_t>(i));
      file.tensors[base + ".weight"] = layer.matrices.at(m);
      if (layer.biases.at(m).defined()) file.tensors[base + ".bias"] = layer.biases.at(m);
    }
  }
  ASSERT_TRUE(write_safetensors(folder / "model.safetensors", file));
  ASSERT_TRUE(write_file(folder / "config.json", config.dump()));
}

TEST(HubFolder, ScoresAsTheSameModelInGguf) {
  for (const char* architecture : {"llama", "qwen2", "qwen3"}) {
    const auto folder = TemporaryFolder::make().value();
    const auto gguf = tiny_models() / (std::string(architecture) + ".gguf");
    write_hub_folder(read_weights(gguf).value(), folder.path());
    const auto batch = random_sequences(std::array<std::size_t, 2>{9, 31}, kWords, 5);
    const auto from_gguf = open_torch_policy({.model = gguf}).value()->score(batch);
    const auto from_hub = open_torch_policy({.model = folder.path()});
    ASSERT_TRUE(from_hub) << from_hub.error().message;
    EXPECT_EQ((*from_hub)->score(batch)->log_probs, from_gguf->log_probs) << architecture;
    EXPECT_EQ((*from_hub)->export_merged(folder.path() / "m.gguf").error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(PeftAdapter, HoldsWhatIsLearnt) {
  const auto folder = TemporaryFolder::make().value();
  const PolicyOptions options{.model = tiny_models() / "llama.gguf",
                              .lora = LoraOptions{.rank = 4, .matrices = {Matrix::kQuery, Matrix::kDown}}};
  ASSERT_TRUE(open_torch_policy(options).value()->export_peft(folder.path()));
  const TensorFile file = read_safetensors(folder.path() / "adapter_model.safetensors").value();
  EXPECT_EQ(file.tensors.size(), 8U);
  const std::string name = "base_model.model.model.layers.1.mlp.down_proj.lora_";
  EXPECT_EQ(file.tensors.at(name + "A.weight").sizes(), at::IntArrayRef({4, 128}));
  EXPECT_EQ(file.tensors.at(name + "B.weight").sizes(), at::IntArrayRef({64, 4}));
  const auto config = nlohmann::json::parse(read_file(folder.path() / "adapter_config.json").value());
  EXPECT_EQ(config["r"], 4);
  EXPECT_EQ(config["target_modules"], nlohmann::json({"down_proj", "q_proj"}));
}

TEST(Safetensors, RefusesWhatIsDamaged) {
  const auto folder = TemporaryFolder::make().value();
  const auto path = folder.path() / "t.safetensors";
  TensorFile file;
  file.tensors["a"] = at::arange(6, at::kFloat).reshape({2, 3});
  file.notes["steps"] = "3";
  ASSERT_TRUE(write_safetensors(path, file));
  const std::string whole = read_file(path).value();
  EXPECT_TRUE(read_safetensors(path)->tensors.at("a").equal(file.tensors["a"]));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_TRUE(write_file(path, whole.substr(0, size)));
    EXPECT_EQ(read_safetensors(path).error().code, ErrorCode::kUnreadable) << size;
  }
}

}  // namespace
}  // namespace llmi::train
