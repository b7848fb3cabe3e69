#include "net/testing/loopback_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace llmi::net::testing {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Received parse_head(std::string_view head) {
  Received request;
  const std::size_t line_end = head.find("\r\n");
  const std::string_view line = head.substr(0, line_end);
  const std::size_t first = line.find(' ');
  const std::size_t second = line.rfind(' ');
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, second - first - 1);
  for (std::size_t at = line_end + 2; at < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::string_view header = head.substr(at, end - at);
    const std::size_t colon = header.find(": ");
    if (colon != std::string_view::npos)
      request.headers.push_back({lower(std::string(header.substr(0, colon))), std::string(header.substr(colon + 2))});
    at = end + 2;
  }
  return request;
}

/// The next request on the connection; nothing when it ends. `buffer` keeps what lies beyond it.
std::optional<Received> read_request(int fd, std::string& buffer) {
  const auto more = [&] {
    char piece[16384];
    const ssize_t got = recv(fd, piece, sizeof piece, 0);
    if (got > 0) buffer.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return std::nullopt;
  }
  Received request = parse_head(std::string_view(buffer).substr(0, end + 2));
  std::size_t length = 0;
  const std::string text = request.header("content-length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  while (buffer.size() < end + 4 + length) {
    if (!more()) return std::nullopt;
  }
  request.body = buffer.substr(end + 4, length);
  buffer.erase(0, end + 4 + length);
  return request;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace

std::string Received::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &Header::name);
  return found == headers.end() ? "" : found->value;
}

Answer reply(int status, std::string_view body, const std::vector<Header>& headers) {
  std::string text = fmt::format("HTTP/1.1 {} x\r\nContent-Length: {}\r\n", status, body.size());
  for (const Header& header : headers) text += fmt::format("{}: {}\r\n", header.name, header.value);
  return {.steps = {{.bytes = fmt::format("{}\r\n{}", text, body)}}};
}

Answer stream(std::string_view content_type, const std::vector<std::string>& pieces, std::chrono::milliseconds wait) {
  Answer answer{.close_after = true};
  answer.steps.push_back(
      {fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nConnection: close\r\n\r\n", content_type)});
  for (const std::string& piece : pieces) answer.steps.push_back({.bytes = piece, .wait_before = wait});
  return answer;
}

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, generic, size) != 0 || listen(listener_, 256) != 0 ||
      getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("no loopback port");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this] { accept_loop(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  threads_.clear();
  close(listener_);
}

std::string LoopbackServer::url(std::string_view path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<Received> LoopbackServer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::size_t LoopbackServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void LoopbackServer::accept_loop() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    ++connections_;
    open_.push_back(fd);
    threads_.emplace_back([this, fd] { serve(fd); });
  }
}

void LoopbackServer::serve(int fd) {
  std::string buffer;
  while (auto request = read_request(fd, buffer)) {
    {
      const std::lock_guard lock(mutex_);
      received_.push_back(*request);
    }
    const Answer chosen = handler_(*request);
    answer(fd, chosen);
    if (chosen.close_after || chosen.reset_after) break;
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, fd);
  close(fd);
}

void LoopbackServer::answer(int fd, const Answer& answer) {
  for (const Answer::Step& step : answer.steps) {
    for (auto left = step.wait_before; left.count() > 0; left -= std::chrono::milliseconds(5)) {
      {
        const std::lock_guard lock(mutex_);
        if (closing_) return;
      }
      std::this_thread::sleep_for(std::min(left, std::chrono::milliseconds(5)));
    }
    send_all(fd, step.bytes);
  }
  if (answer.reset_after) {
    const linger now{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  } else if (answer.close_after) {
    shutdown(fd, SHUT_WR);
  }
}

}  // namespace llmi::net::testing
