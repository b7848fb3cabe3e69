#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "agent/author.h"
#include "agent/plan.h"
#include "agent/services.h"
#include "agent/session.h"
#include "agent/spending.h"
#include "base/channel.h"
#include "base/deadline.h"
#include "document/builder.h"
#include "tag/parser.h"

namespace llmi::agent {

/// One run. Everything but the bodies of the worker threads happens on the owner's thread.
class SessionLoop {
 public:
  SessionLoop(const RunContext& context, const Services& services, const Task& task, const document::EventSink& sink)
      : outer_(context),
        services_(services),
        task_(task),
        sink_(sink),
        plan_(task.inputs.size(), task.figures, task.limits, slots(services)),
        spending_(task.limits, task.prices),
        parser_(task.inputs.size(), [this](tag::Item item) { on_item(std::move(item)); }) {}

  Result<Report> write(const Author& author);
  Result<Report> render(std::string_view answer);
  Result<Report> resume(const Earlier& earlier);

 private:
  using milliseconds = std::chrono::milliseconds;

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
    double price;
  };
  struct RepairDone {
    std::size_t index;
    std::string reply;
    Result<lm::GenerateResult> result;
  };
  using Message = std::variant<Chunk, AnswerDone, ToolDone, RepairDone>;

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
  [[nodiscard]] milliseconds elapsed() const { return std::chrono::duration_cast<milliseconds>(Clock::now() - begin_); }
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
  void plan_call(std::size_t index);
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
  Spending spending_;
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
  std::vector<PlannedCall> planned_;

  Channel<Message> mailbox_{256};
  std::stop_source stop_;
  RunContext inner_;
  // Last, so that they are joined before anything they use goes away. A figure has one worker at a time.
  std::jthread author_;
  std::map<std::size_t, std::jthread> workers_;
};

}  // namespace llmi::agent
