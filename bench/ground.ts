/**
 * Ground: where a measurement takes place, made when it is asked for and gone when it is over.
 *
 * Everything is in temporary folders; Postgres is a real one that syncs to the disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { postgresForTests, type TestPostgres } from '../test/support/postgres.ts';
import type { Figure } from './figure.ts';

/** What a measurement may use. */
export type Ground = {
  /** Tells whoever waits what is going on. */
  say(text: string): void;
  /** The path of a file that is not there yet. */
  file(name: string): string;
  /** A new database; its pools are ended with the ground. */
  database(): Promise<Database>;
  close(): Promise<void>;
};

/** An empty database of its own. */
export type Database = { readonly url: string; pool(max: number): pg.Pool };

/** One measurement: answers its rows of the table. */
export type Measurement = (ground: Ground) => Promise<readonly Figure[]>;

/** A fresh ground. */
export function createGround(say: (text: string) => void): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clean);
  const endings: (() => Promise<void>)[] = [];
  let server: Promise<TestPostgres> | undefined;
  let files = 0;

  async function start(): Promise<TestPostgres> {
    const started = await postgresForTests();
    endings.unshift(() => started.stop());
    return started;
  }

  return {
    say,
    file(name) {
      files += 1;
      return join(folder, `${files}-${name}`);
    },
    async database() {
      server ??= start();
      const { url } = await (await server).freshDatabase();
      return {
        url,
        pool(max) {
          const pool = new pg.Pool({ connectionString: url, max });
          pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
          endings.push(() => pool.end());
          return pool;
        },
      };
    },
    async close() {
      for (const end of endings.toReversed()) await end().catch((error: unknown) => say(`closing failed: ${error}`));
      process.removeListener('exit', clean);
      clean();
    },
  };
}
