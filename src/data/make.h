#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "data/material.h"
#include "data/row.h"

namespace llmi::data {

struct MakeOptions {
  std::uint64_t seed = 1;
  std::size_t count = 6000;
  double test_share = 0.06;                              ///< At least this part of every language's rows is test.
  std::map<std::string, std::filesystem::path> corpora;  ///< Folder of each corpus that the material names.
};

/// What was thrown away on the way, so that nothing is lost in silence.
struct Discarded {
  std::size_t duplicates = 0;
  std::size_t leaks = 0;
};

struct DataSet {
  std::vector<Row> rows;  ///< In the order of the file: index is the place.
  Discarded discarded;
};

/// Makes a data set: the topics of every language take turns, picture-count kinds keep to their shares, rare tools come
/// first, near-duplicates (duplicates.h) and prompts that name a tool are thrown away, and whole topics go to the test
/// split. The same material, options and corpora folders give the same rows.
/// Errors: kNotFound for an input picture that is not there (naming its collection); kInvalidArgument when the
/// material gives fewer different prompts than `count`; kCancelled.
[[nodiscard]] Result<DataSet> make(const RunContext& context, const Material& material, const MakeOptions& options);

}  // namespace llmi::data
