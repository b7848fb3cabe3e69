// Policy math against verl, TRL and PyTorch: every line of policy_math.jsonl, which policy_math.py makes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "train/policy_math/advantage.h"
#include "train/policy_math/aggregation.h"
#include "train/policy_math/entropy.h"
#include "train/policy_math/importance.h"
#include "train/policy_math/kl.h"
#include "train/policy_math/policy_loss.h"

namespace llmi::train::policy_math {
namespace {

using Json = nlohmann::json;
using Numbers = std::vector<double>;
using Lengths = std::vector<std::size_t>;

const std::map<std::string, Baseline, std::less<>>& baselines() {
  static const std::map<std::string, Baseline, std::less<>> kAll{
      {"standardised", Baseline::kStandardised}, {"mean", Baseline::kMean}, {"leave-one-out", Baseline::kLeaveOneOut}};
  return kAll;
}

const std::map<std::string, Aggregation, std::less<>>& aggregations() {
  static const std::map<std::string, Aggregation, std::less<>> kAll{
      {"token-mean", Aggregation::kTokenMean},
      {"seq-mean-token-mean", Aggregation::kSequenceMeanOfTokenMean},
      {"seq-mean-token-sum", Aggregation::kSequenceSum}};
  return kAll;
}

const std::map<std::string, KlEstimator, std::less<>>& estimators() {
  static const std::map<std::string, KlEstimator, std::less<>> kAll{
      {"k1", KlEstimator::kK1}, {"k2", KlEstimator::kK2}, {"k3", KlEstimator::kK3}};
  return kAll;
}

void expect_near(double found, double expected) {
  constexpr double kRelative = 1e-9;
  EXPECT_LE(std::abs(found - expected), kRelative * std::abs(expected) + 1e-18) << found << " for " << expected;
}

void expect_near(const Numbers& found, const Json& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) expect_near(found[i], expected[i].get<double>());
}

void check_advantages(const Json& line) {
  const auto rewards = line.at("rewards").get<Numbers>();
  const Baseline baseline = baselines().at(line.at("baseline").get<std::string>());
  expect_near(group_advantages(rewards, baseline).values, line.at("expected").at("advantages"));
}

ClipRule rule_of(const Json& line) {
  ClipRule rule{.low = line.at("low"), .high = line.at("high")};
  if (line.at("level") == "sequence") rule.level = RatioLevel::kSequence;
  if (line.contains("dual")) rule.dual = line.at("dual");
  return rule;
}

void check_policy(const Json& line) {
  const auto logprobs = line.at("logprobs").get<Numbers>();
  const auto old = line.at("old").get<Numbers>();
  const auto advantages = line.at("advantages").get<Numbers>();
  const auto lengths = line.at("lengths").get<Lengths>();
  const PolicyBatch batch{.logprobs = logprobs, .old_logprobs = old, .advantages = advantages, .lengths = lengths};
  TokenTerms terms = policy_loss(batch, rule_of(line)).terms;
  if (line.contains("weights")) weigh(terms, line.at("weights").get<Numbers>());
  if (line.contains("reference")) {
    const auto reference = line.at("reference").get<Numbers>();
    add_scaled(terms, kl_terms(logprobs, reference, KlEstimator::kK3), line.at("beta"));
  }
  const Aggregation how = aggregations().at(line.at("aggregation").get<std::string>());
  const Objective objective = aggregate(terms, lengths, how, step_size(lengths));
  expect_near(objective.value, line.at("expected").at("loss").get<double>());
  expect_near(objective.gradient, line.at("expected").at("gradient"));
}

void check_kl(const Json& line) {
  const TokenTerms terms = kl_terms(line.at("logprobs").get<Numbers>(), line.at("reference").get<Numbers>(),
                                    estimators().at(line.at("estimator").get<std::string>()));
  expect_near(terms.values, line.at("expected").at("values"));
  expect_near(terms.gradients, line.at("expected").at("gradients"));
}

void check_entropy(const Json& line) {
  const Entropy found = entropy(line.at("logits").get<Numbers>());
  expect_near(found.value, line.at("expected").at("entropy").get<double>());
  expect_near(found.gradient, line.at("expected").at("gradient"));
}

void check_importance(const Json& line) {
  const auto trainer = line.at("trainer").get<Numbers>();
  const auto sampler = line.at("sampler").get<Numbers>();
  const Mismatch mismatch{.trainer_logprobs = trainer, .sampler_logprobs = sampler};
  const double cap = line.at("cap");
  const ImportanceWeights weights = line.at("level") == "token"
                                        ? token_weights(mismatch, cap)
                                        : sequence_weights(mismatch, line.at("lengths").get<Lengths>(), cap);
  expect_near(weights.values, line.at("expected").at("weights"));
}

TEST(PolicyMathSpec, AsTheFrameworksComputeIt) {
  const std::map<std::string, void (*)(const Json&)> checks{{"advantages", check_advantages},
                                                            {"policy", check_policy},
                                                            {"kl", check_kl},
                                                            {"entropy", check_entropy},
                                                            {"importance", check_importance}};
  const auto text = read_file("tests/spec/policy_math.jsonl");
  ASSERT_TRUE(text);
  std::istringstream lines(*text);
  std::map<std::string, int> seen;
  for (std::string line; std::getline(lines, line);) {
    SCOPED_TRACE(line);
    const Json parsed = Json::parse(line);
    const auto kind = parsed.at("kind").get<std::string>();
    checks.at(kind)(parsed);
    ++seen[kind];
  }
  for (const auto& [kind, check] : checks) EXPECT_GE(seen[kind], 3) << kind;
}

}  // namespace
}  // namespace llmi::train::policy_math
