/**
 * Numbers: how long the report on a year of 100,000 incidents takes on Postgres, and how much memory.
 *
 * Beside it the same percentiles by one SQL statement over a plain table of the same rows: what a host would write that keeps
 * its incidents in columns. The records are put into the table in bulk; how they are written is measured by `latency`.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type pg from 'pg';
import { packNumbers } from '../src/core/review/packed-numbers.ts';
import { numbersKey } from '../src/engine/number-record.ts';
import { createTocsin, type NumbersReport, type Tocsin } from '../src/index.ts';
import type { IncidentNumbers } from '../src/model/measurement.ts';
import { hashOf } from '../src/storage/postgres/cells.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { type Figure, fine, median, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { alertOf, CONFIG, QUIET, SILENT } from './incidents.ts';
import { yearOfNumbers } from './number-samples.ts';

const INCIDENTS = 100_000;
const OPEN = 300;
const AT_ONCE = 5_000;
const ROUNDS = 5;
const TARGET_MS = 2_000;
const TARGET_MB = 150;
const DAY_MS = 86_400_000;
const MEASURED = ['acknowledge', 'engage', 'mitigate', 'resolve', 'close'] as const;

/** The report on a year, and the same percentiles by SQL. */
export async function numbers(ground: Ground): Promise<readonly Figure[]> {
  const database = await ground.database();
  const pool = database.pool(10);
  const storage = postgresStorage({ pool });
  await storage.migrate();
  const now = Date.now();
  ground.say(`storing the records of ${whole(INCIDENTS)} incidents, and the same as columns`);
  await store(pool, now - DAY_MS);
  const tocsin = createTocsin({ config: CONFIG, storage, notifiers: QUIET, logger: SILENT });
  ground.say(`opening ${OPEN} incidents`);
  await tocsin.ingest(Array.from({ length: OPEN }, (_, index) => alertOf(`open ${index}`)));
  const window = { from: now - 400 * DAY_MS, until: now + DAY_MS };
  const year = await taken(ground, () => report(tocsin, window));
  const week = await taken(ground, () => report(tocsin, { from: now - 92 * DAY_MS, until: now - 85 * DAY_MS }));
  const sql = await taken(ground, () => pool.query(PERCENTILES));
  const groups = await taken(ground, () => pool.query(GROUPED));
  const seen = year.answer.counts;
  if (seen.incidents + seen.leftOut !== INCIDENTS + OPEN) throw new Error(`counted ${JSON.stringify(seen)}`);
  checkSame(year.answer, sql.answer.rows[0]);
  await tocsin.stop();
  await storage.close();
  const name = `the report on a year of ${whole(INCIDENTS)} incidents and ${OPEN} open ones, Postgres`;
  return [
    {
      name,
      measured: `${whole(year.ms)} ms (first ${whole(year.firstMs)}, worst ${whole(year.worstMs)})`,
      target: `<= ${whole(TARGET_MS)} ms`,
      isMet: year.worstMs <= TARGET_MS,
    },
    {
      name: 'the same: memory at its highest above before, heap; process; and what stays',
      measured: `${fine(year.heapMb)} MB; ${fine(year.rssMb)} MB; ${fine(year.keptMb)} MB`,
      target: `heap <= ${TARGET_MB} MB`,
      isMet: year.heapMb <= TARGET_MB,
    },
    { name: 'the report on a week of them', measured: `${whole(week.ms)} ms (worst ${whole(week.worstMs)})` },
    {
      name: 'beside it: five pairs of percentiles by percentile_cont over columns; grouped as in the report',
      measured: `${whole(sql.ms)} ms, ${fine(year.ms / sql.ms)}x of it; ${whole(groups.ms)} ms, ${fine(year.ms / groups.ms)}x of it`,
    },
  ];
}

const report = (tocsin: Tocsin, window: { readonly from: number; readonly until: number }) =>
  tocsin.measurements.report({ ...window, timeZone: 'Europe/Berlin' });

type Taken<T> = {
  readonly answer: T;
  readonly ms: number;
  readonly firstMs: number;
  readonly worstMs: number;
  readonly heapMb: number;
  readonly rssMb: number;
  readonly keptMb: number;
};

/** Several times; memory is looked at every few ms, with what is to be collected in it, of the worst round. */
async function taken<T>({ say }: Ground, work: () => Promise<T>): Promise<Taken<T>> {
  const times: number[] = [];
  const peaks = { heap: 0, rss: 0, kept: 0 };
  let answer: T | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    answer = undefined;
    collect();
    const before = process.memoryUsage();
    const look = () => {
      const { heapUsed, rss } = process.memoryUsage();
      peaks.heap = Math.max(peaks.heap, heapUsed - before.heapUsed);
      peaks.rss = Math.max(peaks.rss, rss - before.rss);
    };
    const looking = setInterval(look, 5);
    const begun = performance.now();
    answer = await work();
    times.push(performance.now() - begun);
    look();
    clearInterval(looking);
    collect();
    peaks.kept = Math.max(peaks.kept, process.memoryUsage().heapUsed - before.heapUsed);
  }
  say(times.map((ms) => `${whole(ms)} ms`).join(', '));
  if (answer === undefined) throw new Error('There was no round.');
  const mb = (bytes: number) => bytes / 1_048_576;
  return {
    answer,
    ms: median(times),
    firstMs: times[0] ?? Number.NaN,
    worstMs: Math.max(...times),
    heapMb: mb(peaks.heap),
    rssMb: mb(peaks.rss),
    keptMb: mb(peaks.kept),
  };
}

/** A collector without a flag for the whole process. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

async function store(pool: pg.Pool, untilAt: number): Promise<void> {
  const columns = MEASURED.map((name) => `${name}_ms double precision`).join(', ');
  await pool.query(`create table plain (id text primary key, service text, severity text, opened_at double precision,
    kind text, ${columns})`);
  let some: IncidentNumbers[] = [];
  const write = async () => {
    const documents = some.map((one) => ({ ...numbersKey(one.id, one.openedAt), data: packNumbers(one) }));
    await pool.query(
      `insert into tocsin.documents (tenant, collection, id_hash, id, version, data)
       select 'default', 'numbers', r.hash, r.id, 1, r.data from unnest($1::text[], $2::text[], $3::text[]) r(hash, id, data)`,
      [
        documents.map(({ id }) => hashOf(id)),
        documents.map(({ id }) => id),
        documents.map(({ data }) => JSON.stringify(data)),
      ],
    );
    await pool.query('insert into plain select * from jsonb_populate_recordset(null::plain, $1)', [
      JSON.stringify(some.map(plainRow)),
    ]);
    some = [];
  };
  for (const one of yearOfNumbers(INCIDENTS, untilAt)) if (some.push(one) === AT_ONCE) await write();
  if (some.length > 0) await write();
  await pool.query('vacuum analyze plain');
  await pool.query('vacuum analyze tocsin.documents');
}

function plainRow({ id, service, severity, openedAt, kind, measurements }: IncidentNumbers) {
  const durations = MEASURED.map((name) => {
    const one = measurements[name];
    return [`${name}_ms`, one.status === 'recorded' ? one.ms : null] as const;
  });
  return { id, service, severity, opened_at: openedAt, kind, ...Object.fromEntries(durations) };
}

const EACH = MEASURED.map(
  (name) =>
    `count(${name}_ms)::integer ${name}_count, percentile_cont(array[0.5, 0.9]) within group (order by ${name}_ms) ${name}`,
).join(', ');
const PERCENTILES = `select count(*)::integer incidents, ${EACH} from plain where kind = 'real'`;
const GROUPED = `select service, severity, week, count(*), ${EACH}
  from (select *, date_trunc('week', to_timestamp(opened_at / 1000) at time zone 'Europe/Berlin') week from plain) p
  where kind = 'real' group by grouping sets ((), (service), (severity), (week))`;

/** Both say the same of what has ended; open ones have no duration that SQL has not. */
function checkSame({ durations }: NumbersReport, row: Readonly<Record<string, unknown>> | undefined): void {
  for (const name of ['engage', 'resolve'] as const) {
    const [count, percentiles] = [row?.[`${name}_count`], row?.[name] as readonly number[] | undefined];
    const { recorded, medianMs = Number.NaN } = durations[name];
    const isNear = Math.abs(medianMs - (percentiles?.[0] ?? Number.NaN)) <= 1;
    if (recorded !== count || !isNear)
      throw new Error(`${name}: ${recorded} with a median of ${medianMs}, and ${count} with ${percentiles}`);
  }
}
