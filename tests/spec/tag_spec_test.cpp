#include "spec/tag_spec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace llmi::tag {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += "  " + line + "\n";
  return out;
}

void check(const SpecCase& spec) {
  const auto items = parse(spec.input, spec.images);
  const auto printed = print_items(items);
  const bool equal = std::ranges::equal(printed, spec.expected, fits);
  EXPECT_TRUE(equal) << spec.name << " (line " << spec.line << ")\nexpected:\n"
                     << joined(spec.expected) << "found:\n"
                     << joined(printed);
  for (const std::size_t piece : {1, 2, 3, 7}) {
    EXPECT_EQ(joined(print_items(parse_in_pieces(spec.input, spec.images, piece))), joined(printed))
        << spec.name << " in pieces of " << piece;
  }
}

TEST(TagSpec, Files) {
  std::size_t cases = 0;
  for (const auto& file : std::filesystem::directory_iterator("tests/spec/tag")) {
    SCOPED_TRACE(file.path().string());
    const auto specs = read_spec(content_of(file.path()));
    EXPECT_FALSE(specs.empty());
    for (const SpecCase& spec : specs) check(spec);
    cases += specs.size();
  }
  EXPECT_GE(cases, 100U);
}

TEST(TagSpec, ExamplesOfThePage) {
  const auto specs = read_page(content_of("docs/formats/tag.md"));
  EXPECT_GE(specs.size(), 19U);
  for (const SpecCase& spec : specs) check(spec);
}

}  // namespace
}  // namespace llmi::tag
