#include "eval/report.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/utf8.h"
#include "eval/report_css.h"
#include "render/escape.h"
#include "render/markdown_html.h"

namespace llmi::eval {
namespace {

namespace fs = std::filesystem;
using render::escape_html;

std::string summary_table(std::span<const SummaryRow> rows) {
  std::string html =
      "<table><thead><tr><th>measure</th><th>value</th><th>95 % interval</th><th>samples</th><th>missing</th></tr>"
      "</thead><tbody>\n";
  for (const SummaryRow& row : rows) {
    const bool none = row.samples == 0;
    html += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n{}\">{}</td></tr>\n",
        escape_html(row.name), none ? "–" : fmt::format("{:.3f}", row.value),
        none ? "" : fmt::format("{:.3f} … {:.3f}", row.interval.low, row.interval.high), row.samples,
        row.missing > 0 ? " missing" : "", row.missing);
  }
  return html + "</tbody></table>\n";
}

std::string marks_table(const Item& item, const Sample& sample) {
  if (sample.marks.empty()) return "";
  std::string html = "<table><thead><tr><th>mark</th><th></th><th>reason</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < sample.marks.size(); ++i) {
    const Mark& mark = sample.marks[i];
    const std::string criterion = i < item.criteria.size() ? ": " + item.criteria[i] : "";
    html += fmt::format("<tr><td>{}{}</td><td class=\"n\">{}</td><td{}>{}</td></tr>\n", escape_html(mark.name),
                        escape_html(criterion), mark.missing ? "–" : fmt::to_string(mark.value),
                        mark.missing ? " class=\"missing\"" : "", escape_html(mark.reason));
  }
  return html + "</tbody></table>\n";
}

std::string measures_line(const Sample& sample) {
  std::string line;
  for (const Measure& measure : sample.measures) {
    const std::string value =
        measure.missing ? "missing" : fmt::format("{:.3g}", measure.weight > 0 ? measure.sum / measure.weight : 0);
    line += fmt::format("{}{} {}", line.empty() ? "" : " · ", escape_html(measure.name), value);
  }
  return "<p>" + line + "</p>\n";
}

std::string picture(const fs::path& run, const std::string& file, const std::string& alt, const std::string& caption) {
  return fmt::format("<figure><img src=\"{}\" alt=\"{}\" loading=\"lazy\"><figcaption>{}</figcaption></figure>\n",
                     escape_html((run / file).generic_string()), escape_html(alt), escape_html(caption));
}

std::string figure(const document::FigureBlock& block, const fs::path& run) {
  if (const auto* ready = block.ready()) return picture(run, ready->file, block.alt, block.caption);
  if (const Fault* fault = block.fault())
    return fmt::format("<p class=\"fault\">{}: {} ({})</p>\n",
                       block.call ? escape_html(block.call->description) : "unreadable tag",
                       escape_html(fault->message), name(fault->stage));
  return "";
}

/// Formulas stay as they were written: drawing each costs a process.
std::string text(const document::TextBlock& block, render::PageState& state) {
  const render::HtmlPiece piece = render::markdown_to_html(block.markdown, state);
  std::string html;
  std::size_t from = 0;
  for (const render::MathSpot& spot : piece.math) {
    html.append(piece.html, from, spot.at - from);
    html += fmt::format("<code>{}</code>", escape_html(spot.tex));
    from = spot.at;
  }
  return html.append(piece.html, from);
}

std::string document_html(const document::Document& document, const fs::path& run) {
  std::string html = "<div class=\"document\">\n";
  render::PageState state;
  for (const document::Block& block : document.blocks) {
    if (const auto* words = std::get_if<document::TextBlock>(&block)) {
      html += text(*words, state);
    } else {
      html += figure(std::get<document::FigureBlock>(block), run);
    }
  }
  return html + "</div>\n";
}

std::string sample_html(const Finished& finished) {
  const fs::path run = run_folder("", finished.item.id);
  std::string html = fmt::format("<details id=\"{0}\"><summary>{0}</summary>\n<div class=\"prompt\">{1}</div>\n",
                                 escape_html(finished.item.id), escape_html(to_valid_utf8(finished.item.prompt)));
  for (const document::InputPicture& input : finished.answer.document.inputs)
    if (!input.file.empty()) html += picture(run, input.file, input.name, input.name);
  return html + document_html(finished.answer.document, run) + measures_line(finished.sample) +
         marks_table(finished.item, finished.sample) + "</details>\n";
}

std::string failure_html(const Sample& sample) {
  return fmt::format("<details open><summary>{}</summary><p class=\"missing\">nothing was written: {}</p></details>\n",
                     escape_html(sample.id), escape_html(sample.error));
}

}  // namespace

Result<void> write_report(const Benchmark& benchmark, const Setting& setting, std::span<const Sample> samples,
                          std::span<const Finished> finished, const fs::path& out) {
  const auto rows = summarise(samples, setting.seed);
  std::string body =
      fmt::format("<h1>{}: {}</h1>\n<p>{} of {} items written · judge: {} · seed {}</p>\n", escape_html(benchmark.name),
                  escape_html(setting.model), finished.size(), samples.size(),
                  setting.judge.empty() ? "none" : escape_html(setting.judge), setting.seed);
  if (benchmark.headline != nullptr)
    for (const auto& [name, value] : benchmark.headline(rows))
      body += fmt::format("<p><b>{}: {:.2f}</b></p>\n", escape_html(name), value);
  body += summary_table(rows);
  for (const Sample& sample : samples)
    if (!sample.generated()) body += failure_html(sample);
  for (const Finished& one : finished) body += sample_html(one);
  return write_file(
      out / "report.html",
      fmt::format(
          "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
          "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; style-src "
          "'unsafe-inline'\">\n<title>{} · {}</title>\n<style>\n{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
          escape_html(benchmark.name), escape_html(setting.model), kReportCss, body));
}

}  // namespace llmi::eval
