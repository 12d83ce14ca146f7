// Package store is what SQLite and PostgreSQL share: the tables as data, the
// rows a write set becomes, every read query, and the archive a backup is.
// The engines under store/sqlite and store/postgres differ only in how they
// run SQL, index text, hold a lock and swap a rebuilt projection in; one suite
// (store/storetest) proves both.
//
// Two rules shape the SQL. Text is compared by bytes, so order and prefix
// ranges are the same everywhere. And a query that a page waits for reads an
// index or a running total (tally for lists, rollup for figures), never a
// whole table; the totals are kept in the same transaction as the rows.
package store
