/**
 * Storm: six thousand escalations at the same moment, two processes on one Postgres, one of them killed half-way.
 *
 * Each message is a line in a file of its process, which outlives the process. What the killed one had in its hands goes
 * out when its leases end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Storage } from '../src/ports/storage.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { type Figure, fine, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { openings, takeSamples } from './incidents.ts';
import { addJobs } from './single-commits.bench.ts';

const ESCALATIONS = 6_000;
const LIMIT_MS = 30_000;
const BATCH = 200;
/** From the storing of the first incident until all of them are due. */
const AHEAD_MS = 12_000;

/** How long until everybody was told, and whether anybody was forgotten. */
export async function storm(ground: Ground): Promise<readonly Figure[]> {
  const database = await ground.database();
  const pool = database.pool(4);
  const storage = postgresStorage({ pool });
  await storage.migrate();
  await addJobs(pool);
  const logs = [ground.file('a.log'), ground.file('b.log')];
  const nodes = await Promise.all(logs.map((log) => startNode(database.url, log)));
  try {
    ground.say(`storing ${whole(ESCALATIONS)} incidents that escalate at the same moment`);
    const dueAt = Date.now() + AHEAD_MS;
    const ids = await fill(storage, dueAt);
    const aheadMs = dueAt - Date.now();
    if (aheadMs < 1_000) throw new Error('Storing the incidents took so long that they are due already.');
    await pause(aheadMs);
    return [figureOf(ids, dueAt, await escalate(ground, { logs, dueAt, victim: nodes[0] }))];
  } finally {
    for (const node of nodes) await ended(node);
  }
}

/** Incidents whose first page is out, and whose next step is due at that moment. */
async function fill(storage: Storage, dueAt: number): Promise<ReadonlySet<string>> {
  const samples = await takeSamples();
  const ids = new Set<string>();
  while (ids.size < ESCALATIONS) {
    const changes = openings(samples, BATCH, { timerDueAt: dueAt, firstPage: 'sent' });
    await storage.commit(changes);
    for (const { incidents } of changes) for (const { id } of incidents) ids.add(id);
  }
  return ids;
}

type Storm = { readonly logs: readonly string[]; readonly dueAt: number; readonly victim: ChildProcess | undefined };
type Heard = {
  readonly told: ReadonlyMap<string, number>;
  readonly messages: number;
  readonly byNode: readonly number[];
};
type Outcome = Heard & { readonly killedAt: number | undefined };

/** Watches until everybody was told, or three times as long as that may take. */
async function escalate(ground: Ground, { logs, dueAt, victim }: Storm): Promise<Outcome> {
  ground.say('escalating');
  let killedAt: number | undefined;
  let heard = readMessages(logs);
  while (heard.told.size < ESCALATIONS && Date.now() - dueAt < 3 * LIMIT_MS) {
    if (killedAt === undefined && heard.told.size >= ESCALATIONS / 2) {
      victim?.kill('SIGKILL');
      killedAt = Date.now();
      ground.say(
        `killed one of both after ${whole(killedAt - dueAt)} ms, at ${heard.byNode.map(whole).join(' and ')} pages`,
      );
    }
    await pause(25);
    heard = readMessages(logs);
  }
  return { ...heard, killedAt };
}

function figureOf(ids: ReadonlySet<string>, dueAt: number, { told, messages, killedAt }: Outcome): Figure {
  const tookMs = Math.max(...told.values()) - dueAt;
  const lost = [...ids].filter((id) => !told.has(id)).length;
  const killed = killedAt === undefined ? 'nobody was killed' : `killed at ${fine((killedAt - dueAt) / 1_000)} s`;
  const counts = `${lost} lost, ${messages - told.size} sent twice, ${killed}`;
  return {
    name: `${whole(ESCALATIONS)} simultaneous escalations, Postgres, two nodes, one killed half-way`,
    measured: `all notified in ${fine(tookMs / 1_000)} s (${counts})`,
    target: `< ${LIMIT_MS / 1_000} s, 0 lost`,
    isMet: tookMs < LIMIT_MS && lost === 0 && killedAt !== undefined,
  };
}

/** A process that pages, once it says that it has started. */
async function startNode(url: string, log: string): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('paging-node.ts', import.meta.url));
  const node = spawn(process.execPath, [file, url, log], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(node, 'exit').then(() => {
    throw new Error('A node ended before it had started.');
  });
  await Promise.race([once(node.stdout, 'data'), gone]);
  gone.catch(() => {});
  return node;
}

async function ended(node: ChildProcess): Promise<void> {
  if (node.exitCode !== null || node.signalCode !== null) return;
  node.kill('SIGKILL');
  await once(node, 'exit');
}

/** Who was told first when; the last line of a killed process may be half a line. */
function readMessages(logs: readonly string[]): Heard {
  const told = new Map<string, number>();
  const byNode = logs.map((log) => readFileSync(log, 'utf8').split('\n').slice(0, -1));
  for (const lines of byNode) {
    for (const line of lines) {
      const [id = '', at] = line.split(' ');
      told.set(id, Math.min(Number(at), told.get(id) ?? Number.POSITIVE_INFINITY));
    }
  }
  return { told, messages: byNode.flat().length, byNode: byNode.map((lines) => lines.length) };
}
