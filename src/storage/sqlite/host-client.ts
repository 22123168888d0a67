/**
 * Host client: a handle of the host on the same file, in a transaction that the host ends itself.
 *
 * It never begins or ends a transaction for the host; without an open one it refuses, since its savepoint would commit.
 */
import { realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { TocsinError } from '../../errors.ts';
import { type Connection, connectionOn } from './connection.ts';
import { schemaVersion } from './schema.ts';

const connections = new WeakMap<DatabaseSync, Connection>();

/** A host's handle: each use asks again whether it is still in a transaction. */
export type HostClient = { connection(): Connection };

/**
 * The host's handle `client` on the database at `path`.
 *
 * @throws TocsinError INPUT_INVALID when it is none, is on another file, has no tables of Tocsin or no open transaction.
 */
export function hostClient(client: unknown, path: string): HostClient {
  if (!(client instanceof DatabaseSync)) throw refusal('it is no DatabaseSync of node:sqlite');
  const connection = connections.get(client) ?? connectionOn(client);
  connections.set(client, connection);
  const inTransaction = () => {
    if (!isInTransaction(client)) throw refusal('it is in no transaction. Run BEGIN IMMEDIATE on it first');
    return connection;
  };
  inTransaction();
  if (!isOnFile(connection, path)) throw refusal(`it is not open on ${path}`);
  if (schemaVersion(connection) === 0) throw refusal('its database has no tables of Tocsin. Call migrate() first');
  return { connection: inTransaction };
}

/** Older versions of Node do not tell, but SQLite refuses to begin twice. A closed handle is in none. */
function isInTransaction(client: DatabaseSync): boolean {
  try {
    const { isTransaction }: { readonly isTransaction?: boolean } = client;
    if (isTransaction !== undefined) return isTransaction;
    client.exec('BEGIN');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
  }
  client.exec('ROLLBACK');
  return false;
}

/** A database in memory has no name, and nobody else can reach it. */
function isOnFile(connection: Connection, path: string): boolean {
  const file = connection.all('PRAGMA database_list').find((row) => row.name === 'main')?.file;
  try {
    return typeof file === 'string' && file !== '' && realpathSync(file) === realpathSync(path);
  } catch {
    return false;
  }
}

function refusal(found: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot join a transaction of this client: ${found}.`, {
    details: { problems: [{ path: 'client', message: found }] },
  });
}
