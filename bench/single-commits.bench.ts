/**
 * Single commits: one after the other through the port of a storage, beside the same rows in a hand-written loop.
 *
 * One connection each, the same durability, the same JSON; nothing is ever written together.
 */
import { Logger, runMigrations } from 'graphile-worker';
import type pg from 'pg';
import type { Change, Storage } from '../src/ports/storage.ts';
import { replaceWake } from '../src/runners/graphile-worker/wake-function.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { atLeast, type Figure, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { newIncident, type Samples, takeSamples } from './incidents.ts';
import { postgresPeer } from './postgres-peer.ts';
import { jobKeys, mustBeSame, postgresRows, sqliteRows } from './same-rows.ts';
import { type Side, sideBySide, timed } from './side-by-side.ts';
import { sqlitePeer } from './sqlite-peer.ts';

const ENOUGH = 0.75;
const SCHEMA = 'tocsin';

/** Commits on SQLite with `synchronous = FULL`. */
export async function sqliteCommits(ground: Ground): Promise<readonly Figure[]> {
  const samples = await takeSamples();
  const paths = [ground.file('storage.db'), ground.file('peer.db')] as const;
  const storage = sqliteStorage({ path: paths[0] });
  await storage.migrate();
  const peer = await sqlitePeer(paths[1]);
  const reader = await sqlitePeer(paths[0]);
  const { opening, note } = newIncident(samples);
  await must(storage, opening);
  await must(storage, note);
  peer.commit(opening);
  peer.commit(note);
  mustBeSame(sqliteRows(reader.database), sqliteRows(peer.database));
  reader.database.close();

  const pair: Pair = {
    ours: { open: (change) => must(storage, change), note: (change) => must(storage, change) },
    theirs: { open: async (change) => peer.commit(change), note: async (change) => peer.commit(change) },
  };
  const figures = await compare(ground, { where: 'SQLite FULL', samples, pair, count: 400 });
  await storage.close();
  peer.database.close();
  return figures;
}

/** Commits on Postgres, without and with the job that wakes a worker. */
export async function postgresCommits(ground: Ground): Promise<readonly Figure[]> {
  const samples = await takeSamples();
  const figures: Figure[] = [];
  for (const hasJobs of [false, true]) {
    const [storage, ourPool] = await storageWith(ground, hasJobs);
    // The tables of the loop are those of a storage that is never used.
    const [, theirPool] = await storageWith(ground, hasJobs);
    const peer = postgresPeer({ pool: theirPool, schema: SCHEMA, hasJobs });
    const { opening, note } = newIncident(samples);
    await must(storage, opening);
    await must(storage, note);
    await peer.open(opening);
    await peer.note(note);
    mustBeSame(await postgresRows(ourPool, SCHEMA), await postgresRows(theirPool, SCHEMA));
    if (hasJobs && (await jobKeys(ourPool)) !== (await jobKeys(theirPool)))
      throw new Error('The loop adds other jobs.');

    const ours = { open: (change: Change) => must(storage, change), note: (change: Change) => must(storage, change) };
    const where = `Postgres, ${hasJobs ? 'with' : 'without'} the wake-up job`;
    figures.push(...(await compare(ground, { where, samples, pair: { ours, theirs: peer }, count: 200 })));
  }
  return figures;
}

/** A migrated storage with one connection, whose commits add jobs or do not. */
async function storageWith(ground: Ground, hasJobs: boolean): Promise<readonly [Storage, pg.Pool]> {
  const pool = (await ground.database()).pool(1);
  const storage = postgresStorage({ pool, schema: SCHEMA });
  await storage.migrate();
  if (hasJobs) await addJobs(pool);
  return [storage, pool];
}

/** Puts the runner's wake function in the place of the storage's, as its start does. */
export async function addJobs(pool: pg.Pool): Promise<void> {
  const logger = new Logger(() => () => {});
  const workerSchema = 'graphile_worker';
  await runMigrations({ pgPool: pool, schema: workerSchema, logger });
  await replaceWake(pool, { schema: SCHEMA, workerSchema }, async () => {});
}

/** Two ways to write the same two kinds of commits. */
type Writer = { open(change: Change): Promise<void>; note(change: Change): Promise<void> };
type Pair = { readonly ours: Writer; readonly theirs: Writer };

type Comparison = {
  readonly where: string;
  readonly samples: Samples;
  readonly pair: Pair;
  readonly count: number;
};

async function compare(ground: Ground, { where, samples, pair, count }: Comparison): Promise<readonly Figure[]> {
  const opened = { ours: [] as Change[], theirs: [] as Change[] };

  const open =
    (who: keyof Pair): Side =>
    async (many) => {
      const made = Array.from({ length: many }, () => newIncident(samples));
      opened[who].push(...made.map(({ note }) => note));
      return timed(() =>
        each(
          made.map(({ opening }) => opening),
          pair[who].open,
        ),
      );
    };
  const note =
    (who: keyof Pair): Side =>
    async (many) => {
      const notes = opened[who].splice(0, many);
      if (notes.length < many) throw new Error('There are too few incidents to note something on.');
      return timed(() => each(notes, pair[who].note));
    };

  ground.say(`${where}: commits that open an incident`);
  const opens = await sideBySide(open('ours'), open('theirs'), { rounds: 15, countA: count });
  ground.say(`${where}: commits that note something`);
  const notes = await sideBySide(note('ours'), note('theirs'), { rounds: 15, countA: count });
  const row = (what: string, { a, b, ratio }: typeof opens) =>
    atLeast(`single commits, ${where}, ${what}, vs a hand-written loop`, ratio, {
      least: ENOUGH,
      beside: `${whole(a)}/s vs ${whole(b)}/s`,
    });
  return [row('an opening', opens), row('a note', notes)];
}

async function each(changes: readonly Change[], write: (change: Change) => Promise<void>): Promise<void> {
  for (const change of changes) await write(change);
}

async function must(storage: Storage, change: Change): Promise<void> {
  const [answer] = await storage.commit([change]);
  if (answer !== 'applied') throw new Error(`A commit was answered ${answer}.`);
}
