#include "CSQLiteSettings.h"

#include <sqlite3.h>
#include <stddef.h>

/// `sqlite3_db_config` takes a variable number of arguments, which Swift cannot pass.
int tb_sqlite_harden(struct sqlite3 *connection) {
  static const struct {
    int option, value;
  } switches[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_VIEW, 0},    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
      {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
      {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
  };
  for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
    int is = -1;
    int code = sqlite3_db_config(connection, switches[i].option, switches[i].value, &is);
    if (code != SQLITE_OK) return code;
    if (is != switches[i].value) return SQLITE_MISUSE;
  }
  static const struct {
    int limit, value;
  } limits[] = {
      // A segment is the longest value; one of 200,000 requests takes some megabytes.
      {SQLITE_LIMIT_LENGTH, 256 << 20},
      {SQLITE_LIMIT_SQL_LENGTH, 20000},
      {SQLITE_LIMIT_COLUMN, 100},
      {SQLITE_LIMIT_EXPR_DEPTH, 40},
      {SQLITE_LIMIT_COMPOUND_SELECT, 10},
      {SQLITE_LIMIT_VDBE_OP, 25000},
      {SQLITE_LIMIT_FUNCTION_ARG, 8},
      // For the target of VACUUM INTO.
      {SQLITE_LIMIT_ATTACHED, 1},
      {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
      {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
      // Foreign keys that cascade are triggers inside.
      {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
      {SQLITE_LIMIT_WORKER_THREADS, 0},
  };
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
    sqlite3_limit(connection, limits[i].limit, limits[i].value);
  return SQLITE_OK;
}
