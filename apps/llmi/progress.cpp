#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "console.h"

namespace llmi::app {
namespace {

// Model text may hold control sequences that would act on the terminal.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 || c == '\n' || c == '\t') result.push_back(c);
  }
  return result;
}

double seconds(std::chrono::milliseconds span) { return static_cast<double>(span.count()) / 1000; }

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

Progress::Progress()
    : terminal_(::isatty(STDERR_FILENO) == 1), colour_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

std::string Progress::label(std::size_t index) const {
  const auto found = labels_.find(index);
  return found == labels_.end() ? "" : found->second;
}

void Progress::line(char mark, std::size_t index, const std::string& text) {
  const char* begin = !colour_ ? "" : mark == '!' ? "\033[31m" : mark == '+' ? "\033[32m" : "\033[2m";
  tell("{}{}{} figure {}: {}{}\n", std::exchange(in_text_, false) ? "\n" : "", begin, mark, index, printable(text),
       colour_ ? "\033[0m" : "");
}

void Progress::add(const document::Event& event) {
  const auto show = Overloaded{
      [&](const document::AnswerGrew& grew) {
        if (!terminal_) return;
        tell("{}", printable(grew.bytes));
        std::fflush(stderr);
        in_text_ = true;
      },
      [&](const document::FigurePlanned& planned) {
        if (planned.call)
          labels_[planned.index] = fmt::format("{} — {}", tag::name(planned.call->source()), planned.call->description);
      },
      [&](const document::FigureStarted& started) {
        line('.', started.index, fmt::format("{} ({})", label(started.index), started.backend));
      },
      [&](const document::FigureReady& ready) {
        const auto& made = ready.figure.provenance;
        line('+', ready.index,
             fmt::format("{}, {}x{}, {}", label(ready.index), ready.figure.width, ready.figure.height,
                         made.cached ? "from the cache" : fmt::format("{:.2f} s", seconds(made.duration))));
      },
      [&](const document::FigureRepaired& repaired) {
        line('~', repaired.index, fmt::format("asking again: {}", repaired.repair.fault.message));
      },
      [&](const document::FigureFailed& failed) {
        line('!', failed.index, fmt::format("{}: {}", name(failed.fault.stage), failed.fault.message));
      },
      [&](const auto&) {},
  };
  std::visit(show, event.body);
}

}  // namespace llmi::app
