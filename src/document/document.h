#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/fault.h"
#include "tag/tag.h"

namespace llmi::document {

/// Where a picture comes from. Empty strings and absent optionals are left out of the JSON.
struct Provenance {
  std::string tool;     ///< "search", "diffusion", "code", "edit".
  std::string backend;  ///< "local", "sandbox", "libvips", "sd-server", …
  std::chrono::milliseconds duration{0};
  bool cached = false;
  std::string model;
  std::optional<std::uint64_t> seed;
  std::string query;
  std::string prompt;
  std::string code_sha256;
  std::vector<std::string> operations;  ///< Local edits: the program, one operation a string.
  std::string page_url;
  std::string title;  ///< Title of the work, when the source has one.
  std::string creator;
  std::string licence;  ///< SPDX-like id: "CC-BY-SA-4.0", "CC0-1.0", "GPL-2.0-or-later", …
  std::string licence_url;
  std::string attribution;
  std::string
      data;  ///< Plots: "model" when plotted values occur neither in the prompt nor in the inputs, else "given".
  bool operator==(const Provenance&) const = default;
};

/// What a plot shows, read from the figure itself.
struct Drawn {
  std::vector<std::string> titles;
  std::vector<std::string> axis_labels;
  std::vector<std::string> series;
  std::vector<double> values;  ///< Plotted numbers, at most 1,000: for the check that they were given.
  bool operator==(const Drawn&) const = default;
};

/// A picture that was made; the bytes lie in the run folder under `file`.
struct ReadyFigure {
  std::size_t number = 0;  ///< 1..n over ready figures, in order.
  std::string file;        ///< "figures/01-volcano-erupting.png", relative to the run folder.
  int width = 0;
  int height = 0;
  std::string sha256;
  Provenance provenance;
  std::optional<Drawn> drawn;
};

/// One exchange with the model about a faulty figure.
struct Repair {
  Fault fault;        ///< What was handed back.
  std::string reply;  ///< The model's exact text.
};

struct TextBlock {
  std::string markdown;
};

struct FigureBlock {
  std::size_t index = 0;         ///< Counts like img_index.
  std::optional<tag::Tag> call;  ///< Absent where the tag was unreadable. After a repair: the repaired call.
  std::string caption;
  std::string alt;
  std::vector<std::string> recovered;
  std::vector<Repair> repairs;
  std::variant<ReadyFigure, Fault> outcome = Fault{};

  [[nodiscard]] const ReadyFigure* ready() const { return std::get_if<ReadyFigure>(&outcome); }
  [[nodiscard]] const Fault* fault() const { return std::get_if<Fault>(&outcome); }
};

using Block = std::variant<TextBlock, FigureBlock>;

struct InputPicture {
  std::string name;  ///< File name as given, without folders.
  std::string file;  ///< Copy in the run folder: "inputs/01-name.png".
  int width = 0;
  int height = 0;
  std::string sha256;
};

/// What the run cost.
struct Usage {
  std::uint64_t prompt_tokens = 0;
  std::uint64_t completion_tokens = 0;
  std::uint64_t model_calls = 0;
  std::uint64_t tool_calls = 0;  ///< Calls that ran, cached ones not counted.
  std::uint64_t cached_tool_calls = 0;
  std::optional<double> cost;  ///< In the user's currency; absent where nothing that ran has a price.
};

/// A finished or interrupted piece of work: what document.json holds (docs/formats/run.md).
struct Document {
  bool complete = true;
  std::string reason;  ///< Why it is partial.
  std::optional<std::string> prompt;
  std::optional<std::string> model;
  std::string answer;  ///< The model's exact text.
  std::optional<std::uint64_t> seed;
  std::vector<InputPicture> inputs;
  std::vector<Block> blocks;
  std::map<std::string, std::chrono::milliseconds> timings;  ///< "first_figure", "total", "model", …
  Usage usage;
};

/// The first level-one heading of the text, else the prompt cut to one line, else "Untitled".
[[nodiscard]] std::string title_of(const Document& document);

}  // namespace llmi::document
