#include "reward/calibration.h"

#include <fmt/format.h>

#include <cmath>
#include <future>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "reward/judge_call.h"
#include "reward/question.h"
#include "reward/rules.h"
#include "reward/sample_fields.h"
#include "reward/verdict.h"

namespace llmi::reward {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Corpora = std::map<std::string, fs::path>;

Result<fs::path> picture_path(const std::string& name, const Corpora& corpora) {
  const std::size_t slash = name.find('/');
  const auto corpus = corpora.find(name.substr(0, slash));
  if (slash == std::string::npos || corpus == corpora.end())
    return not_found(fmt::format("the picture {} is of no known collection", name));
  return corpus->second / name.substr(slash + 1);
}

class PairReader {
 public:
  PairReader(const RunContext& context, const Corpora& corpora, PictureIntake& intake)
      : context_(context), corpora_(corpora), intake_(intake) {}

  Result<CalibrationPair> read(const Json& row) {
    if (!member(row, "id").is_string() || !member(row, "kind").is_string())
      return invalid_argument("id and kind must be texts");
    CalibrationPair pair{.id = row["id"], .pictures = member(row, "judge") == "pictures", .kind = row["kind"]};
    LLMI_TRY(pair.good, answer(row, "good"));
    LLMI_TRY(pair.bad, answer(row, "bad"));
    return pair;
  }

 private:
  Result<Sample> answer(const Json& row, const char* which) {
    Json fields = row;
    fields["answer"] = member(member(row, which), "answer");
    LLMI_TRY(Sample sample, read_plain_fields(fields));
    auto& pictures = sample.pictures.emplace();
    for (const Json& name : member(member(row, which), "pictures")) {
      const std::size_t index = pictures.size();
      pictures.push_back({.index = index});
      if (!name.is_string()) continue;
      LLMI_TRY(const fs::path path, picture_path(name.get<std::string>(), corpora_));
      LLMI_TRY(const std::string bytes, read_file(path));
      LLMI_TRY(auto taken, intake_.take(context_, bytes));
      pictures.back().picture = std::move(taken.picture);
      pictures.back().sha256 = std::move(taken.sha256);
    }
    return sample;
  }

  const RunContext& context_;
  const Corpora& corpora_;
  PictureIntake& intake_;
};

/// The judge's component for a reply; nothing where it gave no whole verdict.
std::optional<double> worth(const JudgeReply& reply, bool pictures) {
  if (reply.status != JudgeStatus::kOk) return std::nullopt;
  if (pictures) {
    const PictureVerdict verdict = read_picture_verdict(reply.reply);
    return picture_component(*verdict.image_quality, *verdict.task_relevance, *verdict.text_image_relevance);
  }
  const TextVerdict verdict = read_text_verdict(reply.reply);
  return text_component(*verdict.text, *verdict.image, Modality::kText);
}

void count(Agreement& agreement, std::optional<double> good, std::optional<double> bad) {
  if (!good || !bad) {
    ++agreement.missing;
    return;
  }
  ++agreement.pairs;
  agreement.right += *good > *bad ? 1 : *good == *bad ? 0.5 : 0;
}

}  // namespace

std::pair<double, double> Agreement::interval() const {
  if (pairs == 0) return {0, 1};
  constexpr double kZ = 1.96;
  const auto n = static_cast<double>(pairs);
  const double centre = (share() + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(share() * (1 - share()) / n + kZ * kZ / (4 * n * n));
  return {centre - half, centre + half};
}

Result<std::vector<CalibrationPair>> read_calibration(const RunContext& context, std::string_view text,
                                                      const Corpora& corpora, PictureIntake& intake) {
  std::vector<CalibrationPair> pairs;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Json row = Json::parse(text.substr(0, end), nullptr, false);
    text.remove_prefix(std::min(end + 1, text.size()));
    auto pair = PairReader(context, corpora, intake).read(row);
    if (!pair) {
      Error error = std::move(pair).error();
      error.message = fmt::format("line {}: {}", line, error.message);
      return std::unexpected(std::move(error));
    }
    pairs.push_back(*std::move(pair));
  }
  return pairs;
}

Result<Agreements> calibrate(const RunContext& context, Judge& judge, const std::vector<CalibrationPair>& pairs,
                             bool pictures) {
  struct Asked {
    const CalibrationPair* pair;
    std::future<JudgeReply> good;
    std::future<JudgeReply> bad;
  };
  const auto question = [&](const Sample& sample) {
    return pictures ? picture_question(sample) : text_question(sample);
  };
  std::vector<Asked> asked;
  for (const CalibrationPair& pair : pairs) {
    if (pair.pictures != pictures) continue;
    asked.push_back({&pair, put(context, judge, question(pair.good)), put(context, judge, question(pair.bad))});
  }
  Agreements agreements;
  for (Asked& one : asked) {
    const auto good = worth(one.good.get(), pictures);
    const auto bad = worth(one.bad.get(), pictures);
    count(agreements[""], good, bad);
    count(agreements[one.pair->kind], good, bad);
  }
  LLMI_CHECK_OK(context.check());
  return agreements;
}

}  // namespace llmi::reward
