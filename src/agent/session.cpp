#include "agent/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "agent/author.h"
#include "agent/cached_call.h"
#include "agent/continuation.h"
#include "agent/plan.h"
#include "agent/services.h"
#include "base/channel.h"
#include "base/random.h"
#include "base/sha256.h"
#include "document/builder.h"
#include "store/run_folder.h"
#include "tag/parser.h"

namespace llmi::agent {
namespace {

using std::chrono::milliseconds;

// Messages to the owner thread.
struct Chunk {
  std::string bytes;
};
struct AnswerDone {
  Result<lm::GenerateResult> result;
};
struct ToolDone {
  std::size_t index;
  tools::Outcome outcome;
  milliseconds duration;
  std::string key;
};
struct RepairDone {
  std::size_t index;
  std::string reply;
  Result<lm::GenerateResult> result;
};
using Message = std::variant<Chunk, AnswerDone, ToolDone, RepairDone>;

constexpr std::size_t kMailboxSize = 256;
// Of an unreadable tag that the model is to write anew.
constexpr std::size_t kShownToRepair = 4096;

milliseconds since(Clock::time_point begin) { return std::chrono::duration_cast<milliseconds>(Clock::now() - begin); }

/// One run. Everything but the bodies of the worker threads happens on the owner's thread.
class Session {
 public:
  Session(const RunContext& context, const Services& services, const Task& task, const document::EventSink& sink)
      : outer_(context),
        services_(services),
        task_(task),
        sink_(sink),
        plan_(task.inputs.size(), task.figures, task.limits, slots(services)),
        parser_(task.inputs.size(), [this](tag::Item item) { on_item(std::move(item)); }) {}

  Result<Report> write(const Author& author);
  Result<Report> render(std::string_view answer);
  Result<Report> resume(const Earlier& earlier);

 private:
  /// What a tool made, before it becomes part of the document.
  struct Delivery {
    tools::Made made;
    milliseconds duration{0};
    bool cached = false;
  };
  struct Figure {
    std::string faulty;  ///< The text of an unreadable tag.
    std::vector<document::Repair> repairs;
    std::shared_ptr<const image::Picture> picture;
    document::Provenance provenance;
    Fault pending;  ///< What a repair under way was asked for.
    /// A picture that the model looks at, or has asked to replace: taken after all where nothing better comes.
    std::optional<Delivery> judged;
    std::size_t judgements = 0;
    bool judging = false;
  };

  void emit(document::EventBody body);
  /// From the first message to the report; `open` sets the work going.
  Result<Report> play(const std::function<void()>& open);
  void start_run();
  void recall(const Earlier& earlier);
  void take_up(const Earlier& earlier);
  [[nodiscard]] bool keep(std::size_t index, const std::optional<tag::Tag>& call);
  void start_author(const Author& author);
  void loop();
  void handle(Chunk& chunk);
  void handle(AnswerDone& done);
  void handle(ToolDone& done);
  void handle(RepairDone& done);

  void on_item(tag::Item item);
  void take_up_tag(std::size_t index, std::optional<tag::Tag> call, const tag::FaultItem* faulty);
  void plan_tag(std::size_t index, tag::Tag call);
  void plan_fault(const tag::FaultItem& item);
  void start_tools();
  void start_tool(std::size_t index);
  [[nodiscard]] std::shared_ptr<const image::Picture> parent_picture(const tag::Tag& call) const;
  void accept(std::size_t index, tools::Made made, milliseconds duration, bool cached);
  void fault(std::size_t index, const Fault& fault);
  void give_up(std::size_t index, const Fault& fault);
  [[nodiscard]] bool can_repair(std::size_t index, const Fault& fault) const;
  void start_repair(std::size_t index, const Fault& fault);
  void ask_model(std::size_t index, Author author);
  void deliver(std::size_t index, Delivery delivery);
  bool accept_judged(std::size_t index);
  void handle_verdict(RepairDone& done);

  [[nodiscard]] bool work_left() const { return author_running_ || running_ > 0; }
  void interrupt();
  void end_early(Stage stage, std::string reason);
  void finish();

  const RunContext outer_;
  const Services& services_;
  const Task& task_;
  const document::EventSink& sink_;
  Clock::time_point begin_ = Clock::now();
  Plan plan_;
  tag::Parser parser_;
  document::Builder builder_;
  std::string answer_;
  const Earlier* earlier_ = nullptr;
  std::size_t kept_bytes_ = 0;  ///< Of the answer: from an earlier session.
  std::map<std::size_t, Figure> figures_;
  std::map<std::string, std::vector<std::size_t>>
      in_flight_;  ///< Calls under way by key; who else waits for the result.
  bool started_ = false;
  bool author_running_ = false;
  bool ended_early_ = false;
  std::size_t running_ = 0;  ///< Tools and repairs under way.
  std::string reason_;
  std::optional<Error> error_;
  std::map<std::string, milliseconds> timings_;
  document::Usage usage_;

  Channel<Message> mailbox_{kMailboxSize};
  std::stop_source stop_;
  RunContext inner_;
  // Last, so that they are joined before anything they use goes away. A figure has one worker at a time.
  std::jthread author_;
  std::map<std::size_t, std::jthread> workers_;
};

void Session::emit(document::EventBody body) {
  const document::Event event{since(begin_), std::move(body)};
  builder_.add(event);
  sink_(event);
}

void Session::start_run() {
  if (std::exchange(started_, true)) return;
  document::RunStarted event{
      .prompt = task_.prompt, .seed = outer_.seed, .figures = to_string(task_.figures), .formats = task_.formats};
  for (const tag::Source source : offered(services_)) event.tools.emplace_back(tag::name(source));
  if (services_.model != nullptr) event.model = services_.model->id();
  for (const InputPicture& input : task_.inputs) {
    event.inputs.push_back(
        {input.name, input.file, input.picture->width, input.picture->height, sha256_hex(input.picture->bytes)});
  }
  emit(std::move(event));
}

void Session::start_author(const Author& author) {
  author_running_ = true;
  ++usage_.model_calls;
  author_ = std::jthread([this, author] {
    auto result = author(inner_, [this](std::string_view piece) {
      return mailbox_.send(Chunk{std::string(piece)}, inner_.stop) ? lm::Flow::kContinue : lm::Flow::kStop;
    });
    mailbox_.send(AnswerDone{std::move(result)});
  });
}

Result<Report> Session::play(const std::function<void()>& open) {
  inner_ = {.deadline = outer_.deadline, .stop = stop_.get_token(), .seed = outer_.seed};
  const std::stop_callback forward(outer_.stop, [this] { stop_.request_stop(); });
  open();
  loop();
  if (author_.joinable()) author_.join();
  if (!started_) return std::unexpected(error_.value_or(Error{.message = "the model wrote nothing"}));
  finish();
  return Report{builder_.build(), error_};
}

Result<Report> Session::write(const Author& author) {
  return play([&] { start_author(author); });
}

Result<Report> Session::render(std::string_view answer) {
  return play([&] {
    start_run();
    answer_ = answer;
    if (!answer.empty()) emit(document::AnswerGrew{answer_});
    // Before the first figure: a run killed from here on can be gone on with.
    emit(document::AnswerFinished{});
    parser_.feed(answer_);
    parser_.finish();
    timings_["answer"] = since(begin_);
  });
}

Result<Report> Session::resume(const Earlier& earlier) {
  recall(earlier);
  return play([&] { take_up(earlier); });
}

/// The state in which the earlier session ended; time goes on from there.
void Session::recall(const Earlier& earlier) {
  for (const document::Event& event : earlier.events) {
    builder_.add(event);
    const auto* finished = std::get_if<document::RunFinished>(&event.body);
    if (finished == nullptr) continue;
    usage_ = finished->usage;
    timings_ = finished->timings;
  }
  builder_.add({.body = document::AnswerGrew{earlier.answer}});
  begin_ -= earlier.events.back().at;
  earlier_ = &earlier;
  started_ = true;
}

void Session::take_up(const Earlier& earlier) {
  const bool whole = answer_is_whole(earlier.events);
  answer_ = whole ? earlier.answer : kept_part(*services_.model, task_, earlier.answer);
  kept_bytes_ = answer_.size();
  emit(document::RunResumed{kept_bytes_});
  parser_.feed(answer_);
  if (whole) return parser_.finish();
  start_author(make_author(*services_.model, task_, offered(services_), answer_));
}

/// Whether the figure stays as an earlier session left it: ready, or with a fault that trying again will not change.
bool Session::keep(std::size_t index, const std::optional<tag::Tag>& call) {
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

void Session::loop() {
  start_tools();
  while (work_left()) {
    // Once ended early, what is under way only has to come home; the deadline must not end the wait for it.
    auto message = ended_early_ ? mailbox_.receive() : mailbox_.receive(outer_.deadline, outer_.stop);
    if (message) {
      std::visit([this](auto& body) { handle(body); }, *message);
      if (!ended_early_) start_tools();
    } else if (outer_.cancelled()) {
      interrupt();
    } else {
      end_early(Stage::kTimeout, "the deadline passed");
    }
  }
}

void Session::interrupt() {
  error_ = Error{
      .code = ErrorCode::kCancelled, .message = "interrupted; the partial run is kept", .origin = Origin::kCaller};
  end_early(Stage::kCancelled, "interrupted");
}

void Session::end_early(Stage stage, std::string reason) {
  start_run();
  ended_early_ = true;
  reason_ = std::move(reason);
  stop_.request_stop();
  for (const std::size_t index : plan_.open()) {
    if (accept_judged(index)) continue;
    emit(document::FigureFailed{index, {stage, fmt::format("{} before this figure was made", reason_)}});
  }
}

void Session::handle(Chunk& chunk) {
  if (ended_early_) return;
  start_run();
  emit(document::AnswerGrew{chunk.bytes});
  answer_ += chunk.bytes;
  parser_.feed(chunk.bytes);
}

void Session::handle(AnswerDone& done) {
  author_running_ = false;
  if (done.result) {
    usage_.prompt_tokens += done.result->prompt_tokens;
    usage_.completion_tokens += done.result->completion_tokens;
  }
  if (ended_early_) return;
  // The deadline ends the model's writing too, and its end may arrive before ours.
  if (done.result && done.result->finish == lm::FinishReason::kDeadline)
    return end_early(Stage::kTimeout, "the deadline passed");
  if (!done.result) {
    error_ = done.result.error();
    if (started_) {
      parser_.finish();
      end_early(Stage::kCancelled, fmt::format("the model's answer broke off: {}", error_->message));
    }
    return;
  }
  start_run();
  emit(document::AnswerFinished{});
  parser_.finish();
  timings_["answer"] = since(begin_);
}

void Session::on_item(tag::Item item) {
  if (auto* found = std::get_if<tag::TagItem>(&item)) {
    if (found->begin >= kept_bytes_) return plan_tag(found->index, std::move(found->tag));
    take_up_tag(found->index, std::move(found->tag), nullptr);
  } else if (const auto* faulty = std::get_if<tag::FaultItem>(&item)) {
    if (faulty->begin >= kept_bytes_) return plan_fault(*faulty);
    take_up_tag(faulty->index, std::nullopt, faulty);
  }
}

/// A tag of an earlier session, as it was read or as it was repaired.
void Session::take_up_tag(std::size_t index, std::optional<tag::Tag> call, const tag::FaultItem* faulty) {
  const document::FigureState* state = builder_.figure(index);
  if (state != nullptr && state->repaired) call = state->repaired;
  if (keep(index, call)) return;
  if (call) return plan_tag(index, *std::move(call));
  plan_fault(*faulty);
}

void Session::plan_tag(std::size_t index, tag::Tag call) {
  emit(document::FigurePlanned{index, call});
  if (auto refused = plan_.add(index, std::move(call))) {
    fault(index, *refused);
  } else if (!ended_early_) {
    start_tools();
  }
}

void Session::plan_fault(const tag::FaultItem& item) {
  emit(document::FigurePlanned{item.index, std::nullopt});
  figures_[item.index].faulty = answer_.substr(item.begin, std::min(item.end - item.begin, kShownToRepair));
  const auto refused = plan_.add_faulty(item.index);
  fault(item.index, refused ? *refused : item.fault);
}

void Session::start_tools() {
  if (task_.dry_run) return;
  for (const std::size_t index : plan_.take_startable()) start_tool(index);
}

std::shared_ptr<const image::Picture> Session::parent_picture(const tag::Tag& call) const {
  const auto* edit = std::get_if<tag::EditParams>(&call.params);
  if (edit == nullptr) return nullptr;
  if (edit->img_index < task_.inputs.size()) return task_.inputs[edit->img_index].picture;
  return figures_.at(edit->img_index).picture;
}

void Session::start_tool(std::size_t index) {
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
  if (!key.empty()) in_flight_[key];
  ++usage_.tool_calls;
  ++running_;
  emit(document::FigureStarted{index, std::string(tool->backend())});
  workers_[index] = std::jthread([this, index, tool, context, key, request = std::move(request)] {
    const auto begin = Clock::now();
    tools::Outcome outcome = tool->run(context, request);
    mailbox_.send(ToolDone{index, std::move(outcome), since(begin), key});
  });
}

void Session::handle(ToolDone& done) {
  --running_;
  workers_.erase(done.index);
  std::vector<std::size_t> twins;
  if (auto node = in_flight_.extract(done.key)) twins = std::move(node.mapped());
  if (ended_early_) return;
  if (const tools::Made* made = done.outcome.made()) {
    if (done.outcome.lasting) keep_result(services_.cache, done.key, *made);
    for (const std::size_t twin : twins) accept(twin, *made, milliseconds(0), true);
    deliver(done.index, {.made = *made, .duration = done.duration});
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

void Session::accept(std::size_t index, tools::Made made, milliseconds duration, bool cached) {
  if (cached) ++usage_.cached_tool_calls;
  const tag::Tag& call = plan_.call(index);
  if (const auto* edit = std::get_if<tag::EditParams>(&call.params);
      edit != nullptr && edit->img_index >= task_.inputs.size())
    inherit_credits(made.provenance, figures_.at(edit->img_index).provenance);
  made.provenance.duration = duration;
  made.provenance.cached = cached;
  Figure& figure = figures_[index];
  figure.picture = std::make_shared<const image::Picture>(std::move(made.picture));
  figure.provenance = made.provenance;
  if (!timings_.contains("first_figure")) timings_["first_figure"] = since(begin_);
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

bool Session::can_repair(std::size_t index, const Fault& fault) const {
  const bool repairable = fault.stage == Stage::kParse || fault.stage == Stage::kSchema ||
                          fault.stage == Stage::kTool || fault.stage == Stage::kDecode;
  const auto found = figures_.find(index);
  const std::size_t tried = found == figures_.end() ? 0 : found->second.repairs.size();
  return repairable && services_.model != nullptr && !services_.tools.empty() && !task_.dry_run && !ended_early_ &&
         tried < task_.limits.max_repairs && usage_.completion_tokens < task_.limits.max_model_tokens;
}

void Session::fault(std::size_t index, const Fault& fault) {
  if (can_repair(index, fault)) return start_repair(index, fault);
  give_up(index, fault);
}

void Session::deliver(std::size_t index, Delivery delivery) {
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
bool Session::accept_judged(std::size_t index) {
  const auto figure = figures_.find(index);
  if (figure == figures_.end() || !figure->second.judged) return false;
  Delivery delivery = *std::exchange(figure->second.judged, std::nullopt);
  accept(index, std::move(delivery.made), delivery.duration, delivery.cached);
  return true;
}

/// Anything but a readable tag that may run accepts the picture.
void Session::handle_verdict(RepairDone& done) {
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

void Session::give_up(std::size_t index, const Fault& fault) {
  if (accept_judged(index)) return;
  bool first = true;
  for (const std::size_t lost : plan_.failed(index)) {
    const Fault dependency{Stage::kDependency, fmt::format("picture {}, which this one is made from, failed", index)};
    emit(document::FigureFailed{lost, std::exchange(first, false) ? fault : dependency});
  }
}

void Session::start_repair(std::size_t index, const Fault& fault) {
  plan_.suspend(index);
  Figure& figure = figures_[index];
  figure.pending = fault;
  const std::string faulty = figure.faulty.empty() ? tag::print(plan_.call(index)) : figure.faulty;
  ask_model(index, make_repairer(*services_.model, task_, offered(services_), faulty, fault));
}

/// One question about a figure, on its worker; RepairDone brings the reply.
void Session::ask_model(std::size_t index, Author author) {
  ++usage_.model_calls;
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

void Session::handle(RepairDone& done) {
  --running_;
  workers_.erase(done.index);
  if (done.result) {
    usage_.prompt_tokens += done.result->prompt_tokens;
    usage_.completion_tokens += done.result->completion_tokens;
  }
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

void Session::finish() {
  timings_["total"] = since(begin_);
  emit(document::RunFinished{.complete = !ended_early_, .reason = reason_, .timings = timings_, .usage = usage_});
}

}  // namespace

Result<Report> write(const RunContext& context, const Services& services, const Task& task,
                     const document::EventSink& sink) {
  if (services.model == nullptr) return invalid_argument("writing needs a language model");
  Session session(context, services, task, sink);
  return session.write(make_author(*services.model, task, offered(services)));
}

Result<Report> render(const RunContext& context, const Services& services, const Task& task, std::string_view answer,
                      const document::EventSink& sink) {
  Session session(context, services, task, sink);
  return session.render(answer);
}

Result<Report> resume(const RunContext& context, const Services& services, const Task& task, const Earlier& earlier,
                      const document::EventSink& sink) {
  const bool whole = answer_is_whole(earlier.events);
  if (!whole && services.model == nullptr)
    return invalid_argument("the answer is not whole: a model has to go on with it");
  Session session(context, services, task, sink);
  return session.resume(earlier);
}

std::string to_string(const FigureCount& count) {
  switch (count.kind) {
    case FigureCount::Kind::kNone:
      return "none";
    case FigureCount::Kind::kSome:
      return "some";
    case FigureCount::Kind::kExactly:
      return std::to_string(count.exactly);
    case FigureCount::Kind::kAny:
      break;
  }
  return "any";
}

}  // namespace llmi::agent
