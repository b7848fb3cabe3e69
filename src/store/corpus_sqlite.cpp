#include "store/corpus_sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace llmi::store {

Statement::Statement(sqlite3* database, const std::string& sql) {
  ok_ = sqlite3_prepare_v3(database, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) == SQLITE_OK;
}

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), ok_(std::exchange(other.ok_, false)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  std::swap(ok_, other.ok_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int parameter, std::string_view text) {
  ok_ = ok_ && sqlite3_bind_text64(statement_, parameter, text.data() == nullptr ? "" : text.data(), text.size(),
                                   SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
}

void Statement::bind(int parameter, std::int64_t number) {
  ok_ = ok_ && sqlite3_bind_int64(statement_, parameter, number) == SQLITE_OK;
}

bool Statement::step() {
  if (!ok_) return false;
  const int code = sqlite3_step(statement_);
  ok_ = code == SQLITE_ROW || code == SQLITE_DONE;
  return code == SQLITE_ROW;
}

void Statement::reset() {
  if (statement_ != nullptr) ok_ = sqlite3_reset(statement_) == SQLITE_OK;
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Statement::number(int column) const { return sqlite3_column_double(statement_, column); }

fts5_api* fts5_of(sqlite3* database) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr) != SQLITE_OK) return nullptr;
  sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  return api;
}

}  // namespace llmi::store
