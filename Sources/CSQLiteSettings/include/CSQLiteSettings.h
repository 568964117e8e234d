#pragma once

struct sqlite3;

/// Lets a connection do no more than a ledger needs, whatever the file says.
///
/// The schema cannot be edited, its expressions get no function with effects, views and triggers are
/// off, a text in double quotes is a name, and no extension can be loaded. Lengths, depths and counts
/// are bounded far below SQLite's own limits.
///
/// Returns 0, or SQLite's code of the first setting that it refused.
int tb_sqlite_harden(struct sqlite3 *_Nonnull connection);
