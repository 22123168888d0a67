/**
 * Storages for the conformance kit: a schema of its own and a clock of its own for each, in one database.
 */
import pg from 'pg';
import { type PostgresStorageOptions, postgresStorage } from '../../src/storage/postgres.ts';
import type { StorageFixture } from '../../src/testing/index.ts';

/** Opens a fresh, empty storage each time. */
export type Fixtures = { open(): Promise<StorageFixture>; close(): Promise<void> };

/** Storages that reach their database through `url`; `directUrl` is for what only tests do. */
export async function postgresFixtures(url: string, directUrl = url): Promise<Fixtures> {
  const direct = new pg.Pool({ connectionString: directUrl, max: 4 });
  await direct.query('create table if not exists kit_clocks (id integer primary key, at double precision not null)');
  let opened = 0;

  async function open(): Promise<StorageFixture> {
    opened += 1;
    const clock = opened;
    const schema = `kit_${clock}`;
    await direct.query('insert into kit_clocks values ($1, 0)', [clock]);
    const pools: pg.Pool[] = [];
    const another = () => {
      const pool = new pg.Pool({ connectionString: url, max: 4 });
      pools.push(pool);
      const options: PostgresStorageOptions = {
        pool,
        schema,
        nowSql: `(select at from kit_clocks where id = ${clock})`,
      };
      return postgresStorage(options);
    };
    return {
      storage: another(),
      async setNow(ms) {
        await direct.query('update kit_clocks set at = $2 where id = $1', [clock, ms]);
      },
      another: async () => another(),
      async begin() {
        const client = new pg.Client(url);
        await client.connect();
        await client.query('begin');
        const end = async (sql: string) => {
          await client.query(sql);
          await client.end();
        };
        return { client, commit: () => end('commit'), rollback: () => end('rollback') };
      },
      async corrupt(tenant, id, what) {
        const stored = {
          snapshot: `${schema}.incidents set snapshot = '{"torn":' where tenant = $1 and id = $2`,
          event: `${schema}.timeline set body = '{"torn":' where tenant = $1 and incident_id = $2 and seq = 1`,
          delivery: `${schema}.deliveries set body = '{"torn":' where tenant = $1 and id = $2`,
          alert: `${schema}.alerts set body = '{"torn":' where tenant = $1 and id = $2`,
        };
        await direct.query(`update ${stored[what]}`, [tenant, id]);
      },
      async newer() {
        await direct.query(`insert into ${schema}.migrations (version) values (999)`);
      },
      async close() {
        await Promise.all(pools.map((pool) => pool.end()));
      },
    };
  }

  return { open, close: () => direct.end() };
}
