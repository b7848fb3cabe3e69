#include "agent/session_loop.h"

#include <fmt/format.h>

#include "agent/continuation.h"
#include "base/sha256.h"

namespace llmi::agent {

void SessionLoop::emit(document::EventBody body) {
  const document::Event event{elapsed(), std::move(body)};
  builder_.add(event);
  sink_(event);
}

void SessionLoop::start_run() {
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

void SessionLoop::start_author(const Author& author) {
  author_running_ = true;
  spending_.asked_model();
  author_ = std::jthread([this, author] {
    auto result = author(inner_, [this](std::string_view piece) {
      return mailbox_.send(Chunk{std::string(piece)}, inner_.stop) ? lm::Flow::kContinue : lm::Flow::kStop;
    });
    mailbox_.send(AnswerDone{std::move(result)});
  });
}

Result<Report> SessionLoop::play(const std::function<void()>& open) {
  inner_ = {.deadline = outer_.deadline, .stop = stop_.get_token(), .seed = outer_.seed};
  const std::stop_callback forward(outer_.stop, [this] { stop_.request_stop(); });
  open();
  loop();
  if (author_.joinable()) author_.join();
  if (!started_) return std::unexpected(error_.value_or(Error{.message = "the model wrote nothing"}));
  finish();
  return Report{builder_.build(), error_, std::move(planned_)};
}

Result<Report> SessionLoop::write(const Author& author) {
  return play([&] { start_author(author); });
}

Result<Report> SessionLoop::render(std::string_view answer) {
  return play([&] {
    start_run();
    answer_ = answer;
    if (!answer.empty()) emit(document::AnswerGrew{answer_});
    // Before the first figure: a run killed from here on can be gone on with.
    emit(document::AnswerFinished{});
    parser_.feed(answer_);
    parser_.finish();
    timings_["answer"] = elapsed();
  });
}

Result<Report> SessionLoop::resume(const Earlier& earlier) {
  recall(earlier);
  return play([&] { take_up(earlier); });
}

/// The state in which the earlier session ended; time goes on from there.
void SessionLoop::recall(const Earlier& earlier) {
  for (const document::Event& event : earlier.events) {
    builder_.add(event);
    const auto* finished = std::get_if<document::RunFinished>(&event.body);
    if (finished == nullptr) continue;
    spending_.recall(finished->usage);
    timings_ = finished->timings;
  }
  builder_.add({.body = document::AnswerGrew{earlier.answer}});
  begin_ -= earlier.events.back().at;
  earlier_ = &earlier;
  started_ = true;
}

void SessionLoop::take_up(const Earlier& earlier) {
  const bool whole = answer_is_whole(earlier.events);
  answer_ = whole ? earlier.answer : kept_part(*services_.model, task_, earlier.answer);
  kept_bytes_ = answer_.size();
  emit(document::RunResumed{kept_bytes_});
  parser_.feed(answer_);
  if (whole) return parser_.finish();
  start_author(make_author(*services_.model, task_, offered(services_), answer_));
}

void SessionLoop::loop() {
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

void SessionLoop::interrupt() {
  error_ = Error{
      .code = ErrorCode::kCancelled, .message = "interrupted; the partial run is kept", .origin = Origin::kCaller};
  end_early(Stage::kCancelled, "interrupted");
}

void SessionLoop::end_early(Stage stage, std::string reason) {
  start_run();
  ended_early_ = true;
  reason_ = std::move(reason);
  stop_.request_stop();
  for (const std::size_t index : plan_.open()) {
    if (accept_judged(index)) continue;
    emit(document::FigureFailed{index, {stage, fmt::format("{} before this figure was made", reason_)}});
  }
}

void SessionLoop::handle(Chunk& chunk) {
  if (ended_early_) return;
  start_run();
  emit(document::AnswerGrew{chunk.bytes});
  answer_ += chunk.bytes;
  parser_.feed(chunk.bytes);
}

void SessionLoop::handle(AnswerDone& done) {
  author_running_ = false;
  if (done.result) spending_.model_answered(*done.result);
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
  timings_["answer"] = elapsed();
}

void SessionLoop::on_item(tag::Item item) {
  if (auto* found = std::get_if<tag::TagItem>(&item)) {
    if (found->begin >= kept_bytes_) return plan_tag(found->index, std::move(found->tag));
    take_up_tag(found->index, std::move(found->tag), nullptr);
  } else if (const auto* faulty = std::get_if<tag::FaultItem>(&item)) {
    if (faulty->begin >= kept_bytes_) return plan_fault(*faulty);
    take_up_tag(faulty->index, std::nullopt, faulty);
  }
}

void SessionLoop::finish() {
  timings_["total"] = elapsed();
  emit(document::RunFinished{
      .complete = !ended_early_, .reason = reason_, .timings = timings_, .usage = spending_.usage()});
}

}  // namespace llmi::agent
