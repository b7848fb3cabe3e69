#pragma once

#include <list>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "scaling/candidate.h"
#include "scaling/enhancing_tool.h"
#include "scaling/metered_model.h"
#include "scaling/metered_tool.h"
#include "scaling/scaling.h"

namespace llmi::scaling {

/// The stages of one document. Everything happens on the caller's thread but what sessions do on theirs.
class Pipeline {
 public:
  /// All arguments outlive it.
  Pipeline(const RunContext& context, const agent::Services& services, const agent::Task& task, const Options& options,
           const Means& means);

  Result<Scaled> run(const document::EventSink& sink);

 private:
  Result<void> sample();
  /// Whether budget and time leave room for another answer like those that are there.
  [[nodiscard]] bool may_sample_more() const;
  Result<void> sample_one(std::size_t number);
  void validate();
  void select();
  void judge_plans();

  Result<void> make(const document::EventSink& sink);
  [[nodiscard]] Result<Version> make_choice(std::size_t choice, const document::EventSink& live);
  void make_next_choices();
  [[nodiscard]] bool nothing_follows() const;

  /// What keeps the version from being bettered at all.
  [[nodiscard]] std::optional<std::string> obstacle() const;
  void enhance();
  [[nodiscard]] bool can_enhance() const;
  void polish();
  [[nodiscard]] Result<std::string> revision();
  [[nodiscard]] Result<Version> make_revision(const std::string& answer);
  /// Goes on with the version where it loses no picture and is at least as good, or `better` where that is asked for.
  void consider(Version version, StepReport& step, bool better);

  [[nodiscard]] std::optional<double> score(const Version& version);
  /// Of the version that is there; asked for once.
  [[nodiscard]] std::optional<double> present_score();
  [[nodiscard]] RunContext seeded(std::uint64_t seed) const;
  [[nodiscard]] agent::Task patient_task() const;
  [[nodiscard]] document::Event final_event(document::Event event, Clock::time_point session) const;
  [[nodiscard]] Scaled deliver(const document::EventSink& sink);
  [[nodiscard]] Scaled deliver_plan();
  void finish_report();

  const RunContext& context_;
  const agent::Task& task_;
  const Options& options_;
  const Means& means_;
  const Clock::time_point begin_ = Clock::now();

  std::optional<MeteredModel> model_;
  std::list<MeteredTool> tools_;
  std::list<EnhancingTool> enhancing_;  ///< Each stands for one of tools_.
  agent::Services services_;            ///< With the metered ones; they know the cache.

  std::vector<Candidate> candidates_;
  std::vector<std::size_t> ranking_;  ///< Of candidates_, the best first.
  std::size_t chosen_ = 0;
  std::optional<Version> version_;              ///< The best one so far whose tools ran.
  std::optional<std::optional<double>> score_;  ///< Its score, once it was asked for.
  double held_ = 0;                             ///< Money for the pictures of the dearest plan.
  bool live_ = false;                           ///< The version was handed on as it was made.
  ScaleReport report_;
};

}  // namespace llmi::scaling
