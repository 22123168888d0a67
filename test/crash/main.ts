/**
 * npm run kill: processes on SQLite and on Postgres are killed again and again while they work, one stands still for longer
 * than its lease, and the network is cut in commits. Nothing may be lost.
 *
 * `--kills 1000 --cuts 1000` says how often, `--seed 1` when. It ends with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util';
import { random } from '../sim/prng.ts';
import { postgresForTests } from '../support/postgres.ts';
import { postgresDatabase, sqliteDatabase } from './database.ts';
import { openProxy } from './proxy.ts';
import { verdictOf } from './verdict.ts';
import { openWorld, type World } from './world.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    cuts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const [kills, cuts, seed] = [Number(values.kills), Number(values.cuts), Number(values.seed)];
/** Longer than the lease of a delivery. */
const STILL_MS = 17_000;
const CUTS = ['before', 'within', 'after', 'within the answer'] as const;

const server = await postgresForTests({ fsync: false });
const closing: (() => Promise<void>)[] = [];
try {
  const answers = [kills === 0 || (await killing()), cuts === 0 || (await cutting())];
  if (answers.includes(false)) process.exitCode = 1;
} finally {
  for (const close of closing.toReversed()) await close();
  await server.stop();
}

/** The two databases beside each other, so that one works while the other begins anew. */
async function killing(): Promise<boolean> {
  const each = { seed, reachMs: 100 };
  const sqlite = await begin(openWorld({ ...each, database: sqliteDatabase(), workers: 1 }));
  const database = await postgresDatabase(server);
  const postgres = await begin(openWorld({ ...each, database, workers: 2, runners: ['local', 'graphile-worker'] }));
  const all = [sqlite, postgres];
  const begunAt = performance.now();
  let left = kills;
  await Promise.all(
    all.map(async (world) => {
      while (left > 0) {
        left -= 1;
        await world.kill();
        progress(
          all.map(({ database: { kind }, record }) => `${kind}: ${record.interruptions.length} kills`).join(', '),
        );
      }
    }),
  );
  const msPerKill = (performance.now() - begunAt) / kills;
  progress(`${kills} kills, ${Math.round(msPerKill)} ms each; one process stands still, then all come to rest`);
  await Promise.all([postgres.ask(20), postgres.stopFor(STILL_MS)]);
  const answers = [await judge('SIGKILL on SQLite', sqlite), await judge('SIGKILL on Postgres', postgres)];
  console.log(`${kills} kills, ${Math.round(msPerKill)} ms each, seed ${seed}`);
  return !answers.includes(false);
}

async function cutting(): Promise<boolean> {
  const proxy = await openProxy(server.url());
  closing.push(() => proxy.close());
  const database = await postgresDatabase(server, proxy.through);
  const world = await begin(openWorld({ database, seed, workers: 2, questions: 0 }));
  const chance = random(seed);
  proxy.setFault({ cut: () => (chance.chance(0.4) ? chance.pick(CUTS) : undefined) });
  while (proxy.cuts() < cuts) {
    await world.ask(6);
    progress(`${proxy.cuts()} commits were cut`);
  }
  proxy.setFault({});
  return judge(`${proxy.cuts()} commits cut`, world);
}

async function begin(opening: Promise<World>): Promise<World> {
  const world = await opening;
  closing.push(() => world.close());
  await world.start();
  return world;
}

/** Lets `world` come to rest, and prints what became of it. */
async function judge(title: string, world: World): Promise<boolean> {
  await world.calm();
  const { figures, unexplained, broken } = await verdictOf(world);
  const empty = figures.accepted === 0 || figures.pages <= figures.accepted ? ['nothing was proved'] : [];
  const all = {
    ...broken,
    'the run accepted events and paged people': empty,
    'a message comes again only when it was on its way at a kill': unexplained,
  };
  progress('');
  console.log(
    `${title}: kills ${figures.kills}, accepted ${figures.accepted}, pages ${figures.pages}, lost ${figures.lost}, ` +
      `keys per page ${figures.keysPerPage}, duplicates ${figures.duplicates}, in flight at the kills ${figures.inFlight}`,
  );
  for (const [promise, cases] of Object.entries(all))
    if (cases.length > 0) console.log(`  BROKEN: ${promise}: ${cases.length}\n    ${cases.slice(0, 5).join('\n    ')}`);
  return Object.values(all).every((cases) => cases.length === 0);
}

/** One line that is written over. */
function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${text}`);
}
