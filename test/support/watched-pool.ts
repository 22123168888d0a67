/**
 * A pool that writes down every statement that goes through it, and can be told to break one.
 */
import type pg from 'pg';
import type { PostgresPool, PostgresPoolClient, PostgresQuery } from '../../src/storage/postgres.ts';

/** What went through a pool, and what is done before a statement goes on. */
export type Watched = { readonly pool: PostgresPool; readonly queries: PostgresQuery[] };

/** `pool`, watched; `before` may reject, or break the connection that it is handed. */
export function watched(
  pool: pg.Pool,
  before: (query: PostgresQuery, client: pg.PoolClient) => Promise<void> = async () => {},
): Watched {
  const queries: PostgresQuery[] = [];
  return {
    queries,
    pool: {
      on: (event, listener) => pool.on(event, listener),
      async connect(): Promise<PostgresPoolClient> {
        const client = await pool.connect();
        return {
          async query(query) {
            queries.push(query);
            await before(query, client);
            return client.query({ ...query, values: [...query.values] });
          },
          release: (error) => client.release(error),
          on: (event, listener) => client.on(event, listener),
          removeListener: (event, listener) => client.removeListener(event, listener),
        };
      },
    },
  };
}
