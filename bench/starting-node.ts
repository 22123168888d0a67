/**
 * A process that starts on a database, sends what is overdue, says how that went, and ends.
 *
 * Its argument is the address of a Postgres database or the path of a SQLite file. It writes one line of JSON.
 */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createTocsin, defineNotifier } from '../src/index.ts';
import { graphileWorkerRunner } from '../src/runners/graphile-worker.ts';
import { localRunner } from '../src/runners/local.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { CONFIG, SILENT } from './incidents.ts';

const where = process.argv[2] ?? '';
const isPostgres = where.startsWith('postgres');
const pool = new pg.Pool({ connectionString: where });

let pages = 0;
let firstAt: number | undefined;
let firstRss: number | undefined;
let lastAt = performance.now();
const send = async () => {
  pages += 1;
  lastAt = performance.now();
  firstAt ??= lastAt;
  firstRss ??= process.memoryUsage.rss();
};

const tocsin = createTocsin({
  config: CONFIG,
  storage: isPostgres ? postgresStorage({ pool }) : sqliteStorage({ path: where }),
  runner: isPostgres ? graphileWorkerRunner({ connectionString: where }) : localRunner(),
  notifiers: ['first', 'second'].map((name) => defineNotifier({ name, send })),
  logger: SILENT,
});
const begun = performance.now();
await tocsin.start();
// Until nothing has gone out for a second.
while (performance.now() - Math.max(lastAt, begun) < 1_000) await pause(50);
await tocsin.stop();
await pool.end();
const mostRssMb = process.resourceUsage().maxRSS / 1_024;
globalThis.gc?.();
const aliveMb = megabytes(process.memoryUsage().heapUsed);
const first =
  firstAt === undefined || firstRss === undefined ? {} : { firstMs: firstAt - begun, firstRssMb: megabytes(firstRss) };
console.log(JSON.stringify({ pages, ...first, mostRssMb, aliveMb }));

function megabytes(bytes: number): number {
  return bytes / 2 ** 20;
}
