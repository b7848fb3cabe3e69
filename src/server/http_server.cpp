#include "server/http_server.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace llmi::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using beast::error_code;

constexpr int kThreads = 2;
constexpr std::chrono::seconds kIdle{120};
constexpr std::uint32_t kLongestHeader = 64 * 1024;

/// Requests that were taken and are not yet answered.
class Gate {
 public:
  void enter() {
    const std::scoped_lock lock(mutex_);
    ++inside_;
  }
  void leave() {
    const std::scoped_lock lock(mutex_);
    if (--inside_ == 0) empty_.notify_all();
  }
  void wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    empty_.wait_for(lock, patience, [&] { return inside_ == 0; });
  }
  std::atomic<bool> closing = false;

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t inside_ = 0;
};

struct Shared {
  HttpServer::Options options;
  Gate gate;
};

/// A WebSocket: reads a message, has it answered, reads the next.
class SocketSession : public std::enable_shared_from_this<SocketSession> {
 public:
  SocketSession(beast::tcp_stream&& stream, std::unique_ptr<WebSocketPeer> peer, std::shared_ptr<Shared> shared)
      : socket_(std::move(stream)), peer_(std::move(peer)), shared_(std::move(shared)) {}

  void accept(const http::request<http::string_body>& request) {
    socket_.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
    socket_.read_message_max(shared_->options.max_body);
    socket_.async_accept(request, [self = shared_from_this()](error_code error) {
      if (!error) self->read();
    });
  }

 private:
  void read() {
    buffer_.clear();
    socket_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error) self->answer();
    });
  }

  void answer() {
    shared_->gate.enter();
    if (shared_->gate.closing) return send("");
    peer_->receive(beast::buffers_to_string(buffer_.data()), [self = shared_from_this()](std::string text) {
      asio::post(self->socket_.get_executor(),
                 [self, text = std::move(text)]() mutable { self->send(std::move(text)); });
    });
  }

  void send(std::string text) {
    if (text.empty()) {
      shared_->gate.leave();
      socket_.async_close(beast::websocket::close_code::normal, [self = shared_from_this()](error_code) {});
      return;
    }
    text_ = std::move(text);
    socket_.text(true);
    socket_.async_write(asio::buffer(text_), [self = shared_from_this()](error_code error, std::size_t) {
      self->shared_->gate.leave();
      if (!error) self->read();
    });
  }

  beast::websocket::stream<beast::tcp_stream> socket_;
  std::unique_ptr<WebSocketPeer> peer_;
  std::shared_ptr<Shared> shared_;
  beast::flat_buffer buffer_;
  std::string text_;
};

/// A connection: one request after the other.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket&& socket, std::shared_ptr<Shared> shared)
      : stream_(std::move(socket)), shared_(std::move(shared)) {}

  void run() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
  }

 private:
  void read() {
    parser_.emplace();
    parser_->body_limit(shared_->options.max_body);
    parser_->header_limit(kLongestHeader);
    stream_.expires_after(kIdle);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) { self->take(error); });
  }

  void take(error_code error) {
    if (error == http::error::body_limit) return refuse(413, "too_large", "the request's body is too large");
    if (error == http::error::end_of_stream || !parser_->is_header_done()) return close();
    if (error) return refuse(400, "bad_request", error.message());
    const auto& request = parser_->get();
    if (beast::websocket::is_upgrade(request) && upgrade()) return;
    HttpRequest plain{.method = std::string(request.method_string()),
                      .path = std::string(request.target().substr(0, request.target().find('?'))),
                      .body = std::move(parser_->get().body()),
                      .authorization = std::string(request[http::field::authorization])};
    keep_ = request.keep_alive();
    version_ = request.version();
    stream_.expires_never();
    shared_->gate.enter();
    if (shared_->gate.closing) {
      keep_ = false;
      return respond(error_reply(503, "closing", "the service is shutting down"));
    }
    shared_->options.handle(std::move(plain), [self = shared_from_this()](HttpReply reply) {
      asio::post(self->stream_.get_executor(),
                 [self, reply = std::move(reply)]() mutable { self->respond(std::move(reply)); });
    });
  }

  bool upgrade() {
    const auto& request = parser_->get();
    const std::string path(request.target().substr(0, request.target().find('?')));
    if (!shared_->options.open_socket || shared_->gate.closing) return false;
    auto peer = shared_->options.open_socket(path, std::string(request[http::field::authorization]));
    if (!peer) return false;
    stream_.expires_never();
    std::make_shared<SocketSession>(std::move(stream_), std::move(peer), shared_)->accept(parser_->get());
    return true;
  }

  /// What could not be read is answered, and the connection ends.
  void refuse(int status, std::string_view code, std::string_view message) {
    keep_ = false;
    shared_->gate.enter();
    respond(error_reply(status, code, message));
  }

  void respond(HttpReply reply) {
    reply_.emplace(http::int_to_status(static_cast<unsigned>(reply.status)), version_);
    reply_->set(http::field::content_type, reply.content_type);
    for (const auto& [name, value] : reply.headers) reply_->set(name, value);
    reply_->keep_alive(keep_ && !shared_->gate.closing);
    reply_->body() = std::move(reply.body);
    reply_->prepare_payload();
    stream_.expires_after(kIdle);
    http::async_write(stream_, *reply_, [self = shared_from_this()](error_code error, std::size_t) {
      self->shared_->gate.leave();
      if (error || !self->reply_->keep_alive()) return self->close();
      self->read();
    });
  }

  void close() {
    error_code ignored;
    ignored = stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  std::shared_ptr<Shared> shared_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> reply_;
  unsigned version_ = 11;
  bool keep_ = true;
};

class BeastServer final : public HttpServer {
 public:
  explicit BeastServer(Options options) : shared_(std::make_shared<Shared>()), acceptor_(asio::make_strand(context_)) {
    shared_->options = std::move(options);
  }
  ~BeastServer() override { halt(); }

  Result<void> listen() {
    const Options& options = shared_->options;
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return invalid_argument(fmt::format("--listen: {} is no IP address", options.address));
    const tcp::endpoint endpoint(address, options.port);
    error = acceptor_.open(endpoint.protocol(), error);
    if (!error) error = acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) error = acceptor_.bind(endpoint, error);
    if (!error) error = acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return fail(ErrorCode::kUnavailable, Origin::kCaller,
                  fmt::format("--listen: {}:{}: {}", options.address, options.port, error.message()));
    accept();
    for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { context_.run(); });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  void drain(std::chrono::milliseconds patience) override {
    shared_->gate.closing = true;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      ignored = acceptor_.close(ignored);
    });
    shared_->gate.wait(patience);
  }

  void stop() override { halt(); }

 private:
  void halt() {
    context_.stop();
    threads_.clear();
  }

  void accept() {
    acceptor_.async_accept(asio::make_strand(context_), [this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || shared_->gate.closing) return;
      if (!error) {
        error_code ignored;
        ignored = socket.set_option(tcp::no_delay(true), ignored);
        std::make_shared<Connection>(std::move(socket), shared_)->run();
      }
      accept();
    });
  }

  std::shared_ptr<Shared> shared_;
  asio::io_context context_;
  // Requests that are being answered elsewhere are work too.
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  tcp::acceptor acceptor_;
  std::vector<std::jthread> threads_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(Options options) {
  auto server = std::make_unique<BeastServer>(std::move(options));
  LLMI_CHECK_OK(server->listen());
  return server;
}

}  // namespace llmi::server
