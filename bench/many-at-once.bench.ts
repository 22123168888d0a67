/**
 * Many at once: what 32 callers get done together, against one caller who waits for each answer.
 *
 * At the port of a storage, and end to end through the commands of a host. Nothing is delivered meanwhile.
 */
import { createTocsin, type Tocsin } from '../src/index.ts';
import type { Change, Storage } from '../src/ports/storage.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { atLeast, type Figure, fine, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { alertOf, CONFIG, newIncident, QUIET, type Samples, SILENT, takeSamples } from './incidents.ts';
import { type Compared, type Side, sideBySide, timed } from './side-by-side.ts';

const CALLERS = 32;
/** As many as a pool of the driver has when nobody says otherwise. */
const CONNECTIONS = 10;

/**
 * Commits of 32 changes against one at a time. The engine makes one call of whatever is asked for side by side, so that is
 * what is judged; callers who commit each for themselves stand beside it.
 */
export async function portTogether(ground: Ground): Promise<readonly Figure[]> {
  const samples = await takeSamples();
  const figures: Figure[] = [];
  for (const [name, storage] of await bothStorages(ground)) {
    await storage.migrate();
    for (const kind of ['opening', 'note'] as const) {
      const writing = (commit: Commit): Side => committing({ samples, storage, kind }, commit);
      ground.say(`${name}: one commit of ${CALLERS} changes (${kind})`);
      const inOneCall = await sideBySide(writing(inCalls(storage)), writing(alone(storage)), counts(name));
      figures.push(row(`storage port, ${name}, one commit of ${CALLERS} changes (${kind})`, inOneCall, 4));
      ground.say(`${name}: ${CALLERS} callers of commit (${kind})`);
      const byCallers = await sideBySide(writing(byEach(storage)), writing(alone(storage)), counts(name));
      figures.push(row(`storage port, ${name}, ${CALLERS} callers of commit (${kind})`, byCallers));
    }
    await storage.close();
  }
  return figures;
}

/** `addNote` on incidents of their own and `ingest` of new alerts, by 32 callers and by one. */
export async function endToEndTogether(ground: Ground): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, storage] of await bothStorages(ground)) {
    const tocsin = createTocsin({ config: CONFIG, storage, notifiers: QUIET, logger: SILENT });
    const ids = await Promise.all(Array.from({ length: CALLERS }, (_, index) => opened(tocsin, `noted ${index}`)));
    const note = async (index: number) => {
      await tocsin.incidents.addNote(ids[index % CALLERS] ?? '', { by: 'ana', text: 'Looking into it.' });
    };
    let alerts = 0;
    const ingest = async () => {
      alerts += 1;
      await opened(tocsin, `alert ${alerts}`);
    };
    for (const [what, work] of [
      ['addNote', note],
      ['ingest', ingest],
    ] as const) {
      ground.say(`${name}: ${CALLERS} callers of ${what}`);
      const compared = await sideBySide(
        (count) => timed(() => together(range(count), work)),
        (count) => timed(() => oneByOne(range(count), work)),
        counts(name),
      );
      figures.push(row(`end to end, ${name}, ${CALLERS} callers of ${what}`, compared, 2));
    }
    await tocsin.stop();
    await storage.close();
  }
  return figures;
}

async function bothStorages(ground: Ground): Promise<readonly (readonly [string, Storage])[]> {
  const pool = (await ground.database()).pool(CONNECTIONS);
  return [
    ['SQLite', sqliteStorage({ path: ground.file('together.db') })],
    ['Postgres', postgresStorage({ pool })],
  ];
}

const counts = (name: string) => ({ rounds: 7, countA: 32 * 20, countB: name === 'SQLite' ? 400 : 200 });

type Commit = (changes: readonly Change[]) => Promise<void>;
type Writing = { readonly samples: Samples; readonly storage: Storage; readonly kind: 'opening' | 'note' };

function committing({ samples, storage, kind }: Writing, commit: Commit): Side {
  return async (count) => {
    const made = range(count).map(() => newIncident(samples));
    const opened = made.map(({ opening }) => opening);
    if (kind === 'opening') return timed(() => commit(opened));
    await inCalls(storage)(opened);
    return timed(() => commit(made.map(({ note }) => note)));
  };
}

function inCalls(storage: Storage): Commit {
  return async (changes) => {
    for (let from = 0; from < changes.length; from += CALLERS) await must(storage, changes.slice(from, from + CALLERS));
  };
}

const byEach =
  (storage: Storage): Commit =>
  (changes) =>
    together(changes, (change) => must(storage, [change]));

const alone =
  (storage: Storage): Commit =>
  (changes) =>
    oneByOne(changes, (change) => must(storage, [change]));

async function must(storage: Storage, changes: readonly Change[]): Promise<void> {
  const answers = await storage.commit(changes);
  if (answers.some((answer) => answer !== 'applied')) throw new Error('A commit was not applied.');
}

async function oneByOne<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

/** Each caller has its share, and waits for each answer. */
async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const callers = range(CALLERS).map((caller) => items.filter((_, index) => index % CALLERS === caller));
  await Promise.all(callers.map((share) => oneByOne(share, work)));
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

async function opened(tocsin: Tocsin, dedupKey: string): Promise<string> {
  const [result] = await tocsin.ingest(alertOf(dedupKey));
  if (result?.outcome !== 'opened' || result.incidentId === undefined) throw new Error('No incident was opened.');
  return result.incidentId;
}

function row(name: string, { a, b, ratio }: Compared, least?: number): Figure {
  const beside = `${whole(a)}/s vs ${whole(b)}/s`;
  const full = `${name}, vs 1 at a time`;
  if (least === undefined) return { name: full, measured: `${fine(ratio)}x (${beside})` };
  return atLeast(full, ratio, { least, unit: 'x', beside });
}
