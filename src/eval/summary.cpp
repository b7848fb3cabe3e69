#include "eval/summary.h"

#include <algorithm>
#include <utility>

namespace llmi::eval {
namespace {

const Measure* find_measure(const Sample& sample, const std::string& name) {
  const auto found = std::ranges::find(sample.measures, name, &Measure::name);
  return found == sample.measures.end() ? nullptr : &*found;
}

std::vector<std::string> names(std::span<const Sample> samples) {
  std::vector<std::string> names;
  for (const Sample& sample : samples)
    for (const Measure& measure : sample.measures)
      if (std::ranges::find(names, measure.name) == names.end()) names.push_back(measure.name);
  return names;
}

SummaryRow row_of(std::span<const Sample> samples, const std::string& name, std::uint64_t seed) {
  SummaryRow row{.name = name};
  std::vector<Share> shares;
  for (const Sample& sample : samples) {
    const Measure* measure = find_measure(sample, name);
    if (measure == nullptr) continue;
    if (measure->missing) {
      ++row.missing;
    } else {
      shares.push_back({measure->sum, measure->weight});
    }
  }
  row.samples = shares.size();
  if (shares.empty()) return row;
  row.value = ratio(shares);
  row.interval = bootstrap(shares, seed);
  return row;
}

}  // namespace

std::vector<SummaryRow> summarise(std::span<const Sample> samples, std::uint64_t seed) {
  std::vector<SummaryRow> rows;
  for (const std::string& name : names(samples)) rows.push_back(row_of(samples, name, seed));
  return rows;
}

const SummaryRow* find_row(std::span<const SummaryRow> rows, const std::string& name) {
  const auto found = std::ranges::find(rows, name, &SummaryRow::name);
  return found == rows.end() ? nullptr : &*found;
}

std::map<std::string, std::vector<SummaryRow>> summarise_groups(std::span<const Sample> samples, std::uint64_t seed) {
  std::map<std::string, std::vector<Sample>> groups;
  for (const Sample& sample : samples)
    if (!sample.group.empty()) groups[sample.group].push_back(sample);
  std::map<std::string, std::vector<SummaryRow>> rows;
  for (const auto& [group, members] : groups) rows[group] = summarise(members, seed);
  return rows;
}

std::vector<ComparedRow> compare(std::span<const Sample> first, std::span<const Sample> second, std::uint64_t seed) {
  std::map<std::string, const Sample*> twins;
  for (const Sample& sample : second) twins[sample.id] = &sample;
  std::vector<ComparedRow> rows;
  for (const std::string& name : names(first)) {
    ComparedRow row{.name = name};
    std::vector<Share> one;
    std::vector<Share> other;
    for (const Sample& sample : first) {
      const auto twin = twins.find(sample.id);
      const Measure* a = find_measure(sample, name);
      const Measure* b = twin == twins.end() ? nullptr : find_measure(*twin->second, name);
      if (a == nullptr || b == nullptr) continue;
      if (a->missing || b->missing) {
        ++row.missing;
        continue;
      }
      one.push_back({a->sum, a->weight});
      other.push_back({b->sum, b->weight});
    }
    row.samples = one.size();
    row.first = ratio(one);
    row.second = ratio(other);
    if (!one.empty()) row.difference = bootstrap_difference(one, other, seed);
    if (row.samples + row.missing > 0) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace llmi::eval
