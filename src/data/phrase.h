#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/random.h"

namespace llmi::data {

/// How a language writes numbers.
struct NumberStyle {
  std::string decimal = ".";
  std::string thousands = ",";  ///< Between groups of three, from 10,000 on.
};

/// A phrase of the material with its choices and numbers made:
///   [a|b|c]       one of the alternatives, which may be empty and may hold choices themselves
///   {12..18}      a number in that range, with as many decimals as the lower bound is written with
///   {60..90/10}   the same in steps, from the lower bound on
///   {x=12..18}    the same, remembered as x for the rest of the phrase; {x} repeats it
///   {=x+y-z}      sum and difference of remembered numbers
///   \n            a line break
///   {N}           a value that the caller supplies by that name
/// The same random numbers give the same text. The phrase must have passed check_phrase.
[[nodiscard]] std::string expand(std::string_view phrase, Random& random, const NumberStyle& style,
                                 const std::map<std::string, std::string>& values = {});

/// Whether a phrase keeps to the rules above. Errors: kUnreadable saying what is wrong with which part.
[[nodiscard]] Result<void> check_phrase(std::string_view phrase);

}  // namespace llmi::data
