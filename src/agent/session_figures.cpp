#include <fmt/format.h>

#include <algorithm>

#include "agent/cached_call.h"
#include "agent/continuation.h"
#include "agent/session_loop.h"
#include "base/random.h"
#include "base/sha256.h"
#include "store/run_folder.h"

// What a session does for its figures, from the tag to the picture.

namespace llmi::agent {
namespace {

// Of an unreadable tag that the model is to write anew.
constexpr std::size_t kShownToRepair = 4096;

}  // namespace

/// Whether the figure stays as an earlier session left it: ready, or with a fault that trying again will not change.
bool SessionLoop::keep(std::size_t index, const std::optional<tag::Tag>& call) {
  const document::FigureState* state = builder_.figure(index);
  if (state == nullptr) return false;
  figures_[index].repairs = state->repairs;
  if (!state->outcome) return false;
  if (const auto* fault = std::get_if<Fault>(&*state->outcome)) {
    if (may_pass(*fault, call)) return false;
    plan_.add_faulty(index);
    plan_.failed(index);
    return true;
  }
  const auto& ready = std::get<document::ReadyFigure>(*state->outcome);
  auto picture = earlier_->picture(ready);
  if (!picture || !call) return false;
  figures_[index].picture = std::make_shared<const image::Picture>(*std::move(picture));
  figures_[index].provenance = ready.provenance;
  plan_.add(index, *call);
  plan_.ready(index);
  return true;
}

/// A tag of an earlier session, as it was read or as it was repaired.
void SessionLoop::take_up_tag(std::size_t index, std::optional<tag::Tag> call, const tag::FaultItem* faulty) {
  const document::FigureState* state = builder_.figure(index);
  if (state != nullptr && state->repaired) call = state->repaired;
  if (keep(index, call)) return;
  if (call) return plan_tag(index, *std::move(call));
  plan_fault(*faulty);
}

void SessionLoop::plan_tag(std::size_t index, tag::Tag call) {
  emit(document::FigurePlanned{index, call});
  if (auto refused = plan_.add(index, std::move(call))) {
    fault(index, *refused);
  } else if (task_.dry_run) {
    plan_call(index);
  } else if (!ended_early_) {
    start_tools();
  }
}

/// A call of a dry run: its price counts, as if it had been made.
void SessionLoop::plan_call(std::size_t index) {
  const tag::Tag& call = plan_.call(index);
  tools::Quote quote = tool_of(services_, call.source())->quote({.tag = call});
  if (const auto refused = spending_.reserve(quote.price)) return give_up(index, *refused);
  planned_.push_back({index, std::move(quote)});
}

void SessionLoop::plan_fault(const tag::FaultItem& item) {
  emit(document::FigurePlanned{item.index, std::nullopt});
  figures_[item.index].faulty = answer_.substr(item.begin, std::min(item.end - item.begin, kShownToRepair));
  const auto refused = plan_.add_faulty(item.index);
  fault(item.index, refused ? *refused : item.fault);
}

void SessionLoop::start_tools() {
  if (task_.dry_run) return;
  for (const std::size_t index : plan_.take_startable()) start_tool(index);
}

std::shared_ptr<const image::Picture> SessionLoop::parent_picture(const tag::Tag& call) const {
  const auto* edit = std::get_if<tag::EditParams>(&call.params);
  if (edit == nullptr) return nullptr;
  if (edit->img_index < task_.inputs.size()) return task_.inputs[edit->img_index].picture;
  return figures_.at(edit->img_index).picture;
}

void SessionLoop::start_tool(std::size_t index) {
  const tag::Tag& call = plan_.call(index);
  tools::Tool* const tool = tool_of(services_, call.source());
  tools::Request request{.tag = call, .parent = parent_picture(call), .prompt = task_.prompt.value_or("")};
  RunContext context = inner_;
  context.seed = derived_seed(outer_.seed, index);
  const std::string key = cache_key(context, *tool, request);
  if (auto made = cached_result(services_.cache, key, tool->lifetime()))
    return deliver(index, {.made = std::move(*made), .cached = true});
  if (const auto twin = in_flight_.find(key); !key.empty() && twin != in_flight_.end()) {
    twin->second.push_back(index);
    return;
  }
  const tools::Quote quote = tool->quote(request);
  if (const auto refused = spending_.reserve(quote.price)) return give_up(index, *refused);
  if (!key.empty()) in_flight_[key];
  spending_.called_tool();
  ++running_;
  emit(document::FigureStarted{index, quote.backend});
  workers_[index] = std::jthread([this, index, tool, context, key, price = quote.price, request = std::move(request)] {
    const auto begin = Clock::now();
    tools::Outcome outcome = tool->run(context, request);
    const auto duration = std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
    mailbox_.send(ToolDone{index, std::move(outcome), duration, key, price});
  });
}

void SessionLoop::handle(ToolDone& done) {
  --running_;
  workers_.erase(done.index);
  spending_.settle(done.price, done.outcome.made() != nullptr);
  std::vector<std::size_t> twins;
  if (auto node = in_flight_.extract(done.key)) twins = std::move(node.mapped());
  if (ended_early_) return;
  if (const tools::Made* made = done.outcome.made()) {
    if (done.outcome.lasting) keep_result(services_.cache, done.key, *made);
    for (const std::size_t twin : twins) accept(twin, *made, milliseconds(0), true);
    deliver(done.index, {.made = *made, .duration = done.duration, .cached = made->provenance.cached});
    return;
  }
  const Fault& fault = *done.outcome.fault();
  // A tool may notice the end of the run before we do.
  if (fault.stage == Stage::kTimeout && outer_.deadline.passed())
    return end_early(Stage::kTimeout, "the deadline passed");
  if (fault.stage == Stage::kCancelled && outer_.cancelled()) return interrupt();
  for (const std::size_t twin : twins) this->fault(twin, fault);
  this->fault(done.index, fault);
}

void SessionLoop::accept(std::size_t index, tools::Made made, milliseconds duration, bool cached) {
  if (cached) spending_.used_cache();
  const tag::Tag& call = plan_.call(index);
  if (const auto* edit = std::get_if<tag::EditParams>(&call.params);
      edit != nullptr && edit->img_index >= task_.inputs.size())
    inherit_credits(made.provenance, figures_.at(edit->img_index).provenance);
  made.provenance.duration = duration;
  made.provenance.cached = cached;
  Figure& figure = figures_[index];
  figure.picture = std::make_shared<const image::Picture>(std::move(made.picture));
  figure.provenance = made.provenance;
  if (!timings_.contains("first_figure")) timings_["first_figure"] = elapsed();
  const std::size_t ordinal = index - task_.inputs.size() + 1;
  document::ReadyFigure ready{
      .file = store::figure_file_name(ordinal, call.description, image::extension(figure.picture->format)),
      .width = figure.picture->width,
      .height = figure.picture->height,
      .sha256 = sha256_hex(figure.picture->bytes),
      .provenance = std::move(made.provenance),
      .drawn = std::move(made.drawn)};
  emit(document::FigureReady{index, std::move(ready), figure.picture});
  plan_.ready(index);
}

bool SessionLoop::can_repair(std::size_t index, const Fault& fault) const {
  const bool repairable = fault.stage == Stage::kParse || fault.stage == Stage::kSchema ||
                          fault.stage == Stage::kTool || fault.stage == Stage::kDecode;
  const auto found = figures_.find(index);
  const std::size_t tried = found == figures_.end() ? 0 : found->second.repairs.size();
  return repairable && services_.model != nullptr && !services_.tools.empty() && !task_.dry_run && !ended_early_ &&
         tried < task_.limits.max_repairs && spending_.model_may_write();
}

void SessionLoop::fault(std::size_t index, const Fault& fault) {
  if (can_repair(index, fault)) return start_repair(index, fault);
  give_up(index, fault);
}

void SessionLoop::deliver(std::size_t index, Delivery delivery) {
  Figure& figure = figures_[index];
  const bool judge = services_.model != nullptr && services_.model->capabilities().sees &&
                     figure.judgements < task_.limits.max_critic_retries;
  if (!judge) return accept(index, std::move(delivery.made), delivery.duration, delivery.cached);
  ++figure.judgements;
  figure.judging = true;
  plan_.suspend(index);
  auto shown = std::make_shared<const image::Picture>(delivery.made.picture);
  figure.judged = std::move(delivery);
  ask_model(index, make_critic(*services_.model, task_, offered(services_), plan_.call(index), std::move(shown)));
}

/// Takes the picture that the model looks at, or has asked to replace; false when there is none.
bool SessionLoop::accept_judged(std::size_t index) {
  const auto figure = figures_.find(index);
  if (figure == figures_.end() || !figure->second.judged) return false;
  Delivery delivery = *std::exchange(figure->second.judged, std::nullopt);
  accept(index, std::move(delivery.made), delivery.duration, delivery.cached);
  return true;
}

/// Anything but a readable tag that may run accepts the picture.
void SessionLoop::handle_verdict(RepairDone& done) {
  Figure& figure = figures_[done.index];
  figure.judging = false;
  const auto wish = tag_in_reply(done.reply, done.index, {});
  if (!done.result || !wish || plan_.resume(done.index, *wish)) {
    accept_judged(done.index);
    return;
  }
  figure.repairs.push_back({{Stage::kTool, "the model looked at the picture and asked for another"}, done.reply});
  emit(document::FigureRepaired{done.index, figure.repairs.back(), *wish});
}

void SessionLoop::give_up(std::size_t index, const Fault& fault) {
  if (accept_judged(index)) return;
  for (const std::size_t lost : plan_.failed(index)) {
    const bool itself = lost == index;
    emit(document::FigureFailed{lost,
                                itself ? fault : parent_failed(std::get<tag::EditParams>(plan_.call(lost).params))});
  }
}

void SessionLoop::start_repair(std::size_t index, const Fault& fault) {
  plan_.suspend(index);
  Figure& figure = figures_[index];
  figure.pending = fault;
  const std::string faulty = figure.faulty.empty() ? tag::print(plan_.call(index)) : figure.faulty;
  ask_model(index, make_repairer(*services_.model, task_, offered(services_), faulty, fault));
}

/// One question about a figure, on its worker; RepairDone brings the reply.
void SessionLoop::ask_model(std::size_t index, Author author) {
  spending_.asked_model();
  ++running_;
  workers_[index] = std::jthread([this, index, author = std::move(author)] {
    std::string reply;
    auto result = author(inner_, [&](std::string_view piece) {
      reply += piece;
      return lm::Flow::kContinue;
    });
    mailbox_.send(RepairDone{index, std::move(reply), std::move(result)});
  });
}

void SessionLoop::handle(RepairDone& done) {
  --running_;
  workers_.erase(done.index);
  if (done.result) spending_.model_answered(*done.result);
  if (ended_early_) return;
  Figure& figure = figures_[done.index];
  if (figure.judging) return handle_verdict(done);
  if (!done.result) return give_up(done.index, figure.pending);
  auto call = tag_in_reply(done.reply, done.index, figure.pending);
  figure.repairs.push_back({figure.pending, done.reply});
  emit(document::FigureRepaired{done.index, figure.repairs.back(), call ? std::optional(*call) : std::nullopt});
  if (!call) return fault(done.index, call.error());
  figure.faulty.clear();
  if (const auto refused = plan_.resume(done.index, std::move(*call))) fault(done.index, *refused);
}

}  // namespace llmi::agent
