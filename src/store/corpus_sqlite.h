#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;
struct fts5_api;

namespace llmi::store {

/// A prepared statement. A failed prepare, bind or step shows in ok(); later calls then do nothing.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* database, const std::string& sql);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  /// Parameters count from 1; the text must stay until the next reset().
  void bind(int parameter, std::string_view text);
  void bind(int parameter, std::int64_t number);
  /// True while there is a row.
  bool step();
  void reset();

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double number(int column) const;
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
  bool ok_ = false;
};

/// SQLite's full-text interface; null when it was built without.
[[nodiscard]] fts5_api* fts5_of(sqlite3* database);

}  // namespace llmi::store
