#include "agent/guided/data_sentence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "agent/guided/english.h"

namespace llmi::agent {
namespace {

double amount(const GivenValue& value) { return std::strtod(value.number.c_str(), nullptr); }

/// "12000" -> "12,000".
std::string grouped(std::string number) {
  const std::size_t end = std::min(number.find('.'), number.size());
  const std::size_t begin = number.starts_with('-') ? 1 : 0;
  for (std::size_t at = end; at > begin + 3; at -= 3) number.insert(at - 3, ",");
  return number;
}

std::string with_unit(const GivenValue& value, const std::string& unit) {
  std::string number = grouped(value.number);
  if (unit.empty()) return number;
  if (unit == "%" || unit == "k") return number + unit;
  for (const std::string_view sign : {"$", "€", "£"}) {
    if (unit.starts_with(sign)) return std::string(sign) + number + unit.substr(sign.size());
  }
  return number + " " + unit;
}

bool is_year(const GivenValue& value) {
  return value.label.size() == 4 && value.label.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::string data_sentence(const GivenData& data) {
  if (data.values.size() < 2) return "";
  const GivenValue& first = data.values.front();
  const GivenValue& last = data.values.back();
  if (std::ranges::all_of(data.values, is_year)) {
    const char* move = amount(last) > amount(first) ? "rose" : amount(last) < amount(first) ? "fell" : "went";
    return fmt::format("From {} to {} the value {} from {} to {}.", first.label, last.label, move,
                       with_unit(first, data.unit), with_unit(last, data.unit));
  }
  const auto [low, high] = std::ranges::minmax_element(data.values, {}, amount);
  if (amount(*low) == amount(*high)) return fmt::format("All values are {}.", with_unit(first, data.unit));
  return fmt::format("The largest value is that of {} with {}, the smallest that of {} with {}.", high->label,
                     with_unit(*high, data.unit), low->label, with_unit(*low, data.unit));
}

}  // namespace llmi::agent
