/**
 * A process that dies in the middle of its migration: half of the tables are made, and nothing is committed.
 *
 * Its argument is the path of the SQLite file.
 */
import { DatabaseSync } from 'node:sqlite';
import { sqliteStorage } from '../../src/storage/sqlite.ts';

const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function halfOf(sql) {
  const statements = sql.split(/;\s*/);
  if (!sql.includes('CREATE TABLE')) return exec.call(this, sql);
  exec.call(this, statements.slice(0, statements.length / 2).join(';'));
  process.kill(process.pid, 'SIGKILL');
};
await sqliteStorage({ path: process.argv[2] ?? '' }).migrate();
