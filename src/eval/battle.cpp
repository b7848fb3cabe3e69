#include "eval/battle.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "eval/answer.h"
#include "eval/generate.h"
#include "eval/judges/opening_battle.h"
#include "eval/sample.h"

namespace llmi::eval {
namespace {

/// Ids of the items that every contestant wrote, in order.
Result<std::vector<std::string>> common_items(std::span<const Contestant> contestants) {
  std::map<std::string, std::size_t> written;
  for (const Contestant& contestant : contestants) {
    LLMI_TRY(const auto samples, read_samples(contestant.folder));
    for (const Sample& sample : samples)
      if (sample.generated()) ++written[sample.id];
  }
  std::vector<std::string> ids;
  for (const auto& [id, count] : written)
    if (count == contestants.size()) ids.push_back(id);
  if (ids.empty()) return invalid_argument("there is no item that all of them wrote");
  return ids;
}

std::vector<std::size_t> shuffled(std::size_t count, Random& random) {
  std::vector<std::size_t> ring(count);
  std::iota(ring.begin(), ring.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) std::swap(ring[i - 1], ring[random.below(i)]);
  return ring;
}

Result<Answer> answer_of(const Contestant& contestant, const std::string& id) {
  Answer answer{.folder = run_folder(contestant.folder, id)};
  LLMI_TRY(answer.document, read_generated(answer.folder));
  return answer;
}

Winner winner_of(const Mark& mark) { return mark.missing ? Winner::kMissing : static_cast<Winner>(mark.value - 1); }

/// Won, drawn with the advantage, drawn without it, lost: from the side of A or of B.
struct Record {
  std::size_t wins = 0;
  std::size_t leaning_ties = 0;
  std::size_t other_ties = 0;
  std::size_t losses = 0;
  std::size_t missing = 0;

  void add(Winner winner, bool is_a) {
    if (winner == Winner::kMissing) {
      ++missing;
    } else if (winner == Winner::kA || winner == Winner::kB) {
      ++((winner == Winner::kA) == is_a ? wins : losses);
    } else {
      ++((winner == Winner::kTieA) == is_a ? leaning_ties : other_ties);
    }
  }
};

double part(double some, std::size_t all) { return all == 0 ? 0 : some / static_cast<double>(all); }

Standing standing_of(const Record& record) {
  const std::size_t ties = record.leaning_ties + record.other_ties;
  const std::size_t decided = record.wins + record.losses;
  const auto wins = static_cast<double>(record.wins);
  return {.battles = decided + ties,
          .missing = record.missing,
          .forced = part(wins + static_cast<double>(record.leaning_ties), decided + ties),
          .without_ties = part(wins, decided),
          .ties_lost = part(wins, decided + ties),
          .ties_half = part(wins + 0.5 * static_cast<double>(ties), decided + ties)};
}

}  // namespace

Result<std::vector<Battle>> pair_up(std::span<const Contestant> contestants, std::size_t per_item, std::uint64_t seed) {
  LLMI_TRY(const auto ids, common_items(contestants));
  std::vector<Battle> battles;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Random random(derived_seed(seed, i));
    const std::vector<std::size_t> ring = shuffled(contestants.size(), random);
    for (std::size_t k = 0; k < per_item; ++k)
      battles.push_back({.id = ids[i], .a = ring[k % ring.size()], .b = ring[(k + 1) % ring.size()]});
  }
  return battles;
}

Result<void> decide(const RunContext& context, const Judge& judge, std::span<const Contestant> contestants,
                    Battle& battle) {
  LLMI_TRY(const Answer a, answer_of(contestants[battle.a], battle.id));
  LLMI_TRY(const Answer b, answer_of(contestants[battle.b], battle.id));
  Shown shown;
  LLMI_CHECK_OK(show_prompt({.prompt = a.document.prompt.value_or("")}, a, shown));
  LLMI_CHECK_OK(show_answer("Answer A", a, shown));
  LLMI_CHECK_OK(show_answer("Answer B", b, shown));
  JudgeSession session(context, judge);
  LLMI_TRY(const auto marks, session.ask({.prompt_id = "opening-battle/1",
                                          .instructions = kBattlePrompt,
                                          .content = std::move(shown.text),
                                          .pictures = std::move(shown.pictures),
                                          .scales = {{.name = "verdict", .lowest = 1, .highest = 4}}}));
  battle.winner = winner_of(marks.front());
  battle.reason = marks.front().reason;
  battle.call = session.calls().front();
  return {};
}

std::vector<Standing> standings(std::span<const Battle> battles, std::size_t contestants) {
  std::vector<Record> records(contestants);
  for (const Battle& battle : battles) {
    records[battle.a].add(battle.winner, true);
    records[battle.b].add(battle.winner, false);
  }
  std::vector<Standing> all;
  all.reserve(contestants);
  for (const Record& record : records) all.push_back(standing_of(record));
  return all;
}

std::string name(Winner winner) {
  switch (winner) {
    case Winner::kA:
      return "A";
    case Winner::kB:
      return "B";
    case Winner::kTieA:
      return "Tie(A)";
    case Winner::kTieB:
      return "Tie(B)";
    case Winner::kMissing:
      break;
  }
  return "";
}

}  // namespace llmi::eval
