#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmi::agent {

/// A number that the prompt gives, with what it belongs to.
struct GivenValue {
  std::string label;
  std::string number;  ///< Without thousands separators, with a decimal point: "12000", "-3.5".
  bool operator==(const GivenValue&) const = default;
};

struct GivenData {
  std::vector<GivenValue> values;  ///< At least two with different labels, else empty.
  std::string unit;                ///< "%", "km", "million", "bikes", …; empty when the numbers have none.
};

/// Reads the data that a prompt gives: lists ("coal 35%, gas 23%"; "35% coal, 23% gas"), series ("in 2019 12,000 bikes,
/// in 2020 15,500"; "Q1: 10, Q2: 15") and tables (Markdown or CSV rows). A number that labels nothing, or stands alone,
/// is no data: "Apollo 11", "5-year-olds", "from 1939 to 1945". Linear in the prompt's length.
[[nodiscard]] GivenData read_given_data(std::string_view prompt);

}  // namespace llmi::agent
