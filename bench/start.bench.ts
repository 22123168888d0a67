/**
 * Start: a new process on a database with a hundred thousand open incidents, of which some are overdue.
 *
 * The process does nothing but start (starting-node.ts); the incidents are those of incidents.ts.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Storage } from '../src/ports/storage.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { type Figure, fine, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { openings, type Samples, takeSamples } from './incidents.ts';
import { addJobs } from './single-commits.bench.ts';

const INCIDENTS = 100_000;
const OVERDUE = 1_000;
const BATCH = 200;
const HOUR_MS = 3_600_000;
const LIMITS = { firstMs: 1_000, rssMb: 250 };

/** The first overdue page and the memory of a process, on SQLite and on Postgres. */
export async function start(ground: Ground): Promise<readonly Figure[]> {
  const samples = await takeSamples();
  const file = ground.file('start.db');
  const sqlite = sqliteStorage({ path: file });
  await sqlite.migrate();
  await fill(ground, 'SQLite', { storage: sqlite, samples });
  await sqlite.close();

  const database = await ground.database();
  const pool = database.pool(4);
  const postgres = postgresStorage({ pool });
  await postgres.migrate();
  await addJobs(pool);
  await fill(ground, 'Postgres', { storage: postgres, samples });
  return [...(await started('SQLite', file)), ...(await started('Postgres', database.url))];
}

/** Open and paged once; the next step of most is due in an hour, that of some was due a minute ago. */
async function fill(ground: Ground, name: string, to: { readonly storage: Storage; readonly samples: Samples }) {
  ground.say(`${name}: storing ${whole(INCIDENTS)} open incidents`);
  const begun = performance.now();
  const now = Date.now();
  for (let stored = 0; stored < INCIDENTS; stored += BATCH) {
    const timerDueAt = stored < OVERDUE ? now - 60_000 + stored : now + HOUR_MS + stored;
    const changes = openings(to.samples, BATCH, { timerDueAt, firstPage: 'sent' });
    const answers = await to.storage.commit(changes);
    if (answers.some((answer) => answer !== 'applied')) throw new Error('An incident was not stored.');
  }
  ground.say(`${name}: stored in ${fine((performance.now() - begun) / 1_000)} s`);
}

/** What starting-node.ts says; without a page there is no first one. */
type StartedNode = {
  readonly pages: number;
  readonly firstMs?: number;
  readonly firstRssMb?: number;
  readonly mostRssMb: number;
  readonly aliveMb: number;
};

async function started(name: string, where: string): Promise<readonly Figure[]> {
  const node = fileURLToPath(new URL('starting-node.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', node, where]);
  const { firstMs, pages, firstRssMb, mostRssMb, aliveMb }: StartedNode = JSON.parse(stdout);
  if (firstMs === undefined || firstRssMb === undefined || pages !== OVERDUE) {
    throw new Error(`${pages} of ${OVERDUE} overdue pages went out.`);
  }
  const what = `start with ${whole(INCIDENTS)} open incidents, ${name}`;
  return [
    {
      name: `${what}: first overdue page`,
      measured: `${whole(firstMs)} ms after start()`,
      target: `<= ${whole(LIMITS.firstMs)} ms`,
      isMet: firstMs <= LIMITS.firstMs,
    },
    {
      name: `${what}: memory (RSS) with the first page out`,
      measured: `${whole(firstRssMb)} MB`,
      target: `<= ${LIMITS.rssMb} MB`,
      isMet: firstRssMb <= LIMITS.rssMb,
    },
    {
      name: `${what}: most memory while ${whole(OVERDUE)} overdue pages go out`,
      measured: `${whole(mostRssMb)} MB, of which ${whole(aliveMb)} MB of objects are alive afterwards`,
    },
  ];
}
