/**
 * transact: load, decide, commit, and only then tell.
 *
 * The one way by which anything changes. Before the commit nothing happened; after it whatever is due is a row. When
 * somebody else was faster the decision is made anew, from what is stored then, a bounded number of times.
 */
import { incidentView } from '../core/lifecycle/view.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import type { Incident } from '../model/incident.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { LoadQuery } from '../ports/storage.ts';
import type { News } from './bus.ts';
import type { ChangeParts } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { joinQueries, type Names } from './query.ts';

/** What was decided: what to write, if anything, and the answer once it is written. */
export type Decided<T> = {
  readonly change?: ChangeParts | undefined;
  readonly answer: (written: ReadonlyMap<string, Incident>) => T;
};

/** Nothing was decided yet: what has to be read first. What of it cannot be read is as if it were not there. */
export type Undecided = { readonly more: Names };

/** Decides on what was read; `asked` is everything that was asked for, whether it is there or not. */
export type Decide<T> = (loaded: Decidable, asked: LoadQuery) => Decided<T> | Undecided;

const MOST_ATTEMPTS = 50;
/** How often a decision may ask for more: what it asks for leads from one thing to the next. */
const MOST_READS = 30;

/**
 * Decides on what is stored, and stores the decision. What `decide` is handed is of one moment, the configuration with
 * its schedules included: whoever keeps one from before may page somebody who has swapped the night away.
 *
 * Work on the same incident, key or one of `turns` waits for the work before it, within this process.
 *
 * @throws TocsinError VERSION_CONFLICT when others were faster fifty times in a row.
 * @throws TocsinError STORAGE_UNAVAILABLE when the storage failed; its error is the `cause`.
 * @throws TocsinError SNAPSHOT_UNREADABLE when an incident that it concerns is in quarantine.
 */
export async function transact<T>(
  engine: Engine,
  query: LoadQuery,
  decide: Decide<T>,
  turns: readonly string[] = [],
): Promise<T> {
  await engine.ready();
  const shared = turns.map((turn) => JSON.stringify([query.tenant, 'turn', turn]));
  return engine.inTurn([...keysOf(query), ...shared], () => attempts(engine, query, decide));
}

function keysOf({ tenant, incidents = [], alertKeys = [] }: LoadQuery): string[] {
  return [
    ...incidents.map((id) => JSON.stringify([tenant, id])),
    ...alertKeys.map(({ routeKey, dedupKey }) => JSON.stringify([tenant, routeKey, dedupKey])),
  ];
}

async function attempts<T>(engine: Engine, query: LoadQuery, decide: Decide<T>): Promise<T> {
  let more: Names = {};
  let reads = 0;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; ) {
    const { loaded, asked } = await read(engine, query, more);
    const decided = await decideOn(engine, { loaded, asked }, decide);
    if ('more' in decided) {
      if (++reads > MOST_READS) throw endless(decided.more);
      more = joinQueries(more, decided.more);
      continue;
    }
    attempt += 1;
    const { change, answer } = decided;
    if (change === undefined) return answer(new Map());
    const result = await reaching(() => engine.commit({ ...change, commitId: engine.ids(), tenant: query.tenant }));
    if (result === 'applied') return answer(announce(engine, query.tenant, change, loaded.now));
  }
  throw new TocsinError(
    'VERSION_CONFLICT',
    `Cannot store a change of ${(query.incidents ?? []).join(', ') || 'an alert'}: others were faster ${MOST_ATTEMPTS} times in a row. Try again.`,
    {
      details: { attempts: MOST_ATTEMPTS },
    },
  );
}

type Read = { readonly loaded: Decidable; readonly asked: LoadQuery };

/** What a decision asked for in addition must not hold it up: an incident that is in quarantine is as if it were not there. */
async function read(engine: Engine, query: LoadQuery, more: Names): Promise<Read> {
  const asked = joinQueries(query, more);
  const load = async (wanted: LoadQuery) => {
    const loaded = await reaching(() => engine.current.load(wanted));
    for (const id of wanted.incidents ?? []) {
      if (!loaded.incidents.some((incident) => incident.id === id)) engine.quarantine.release(query.tenant, id);
    }
    return { loaded, asked };
  };
  try {
    return await load(asked);
  } catch (error) {
    const { incidents, alertKeys, ...others } = more;
    if (!isTocsinError(error, 'SNAPSHOT_UNREADABLE') || (incidents ?? alertKeys) === undefined) throw error;
    return load(joinQueries(query, others));
  }
}

function endless(more: Names): TocsinError {
  return new TocsinError('UNBOUNDED', `Cannot decide: ${MOST_READS} reads were not enough.`, { details: { more } });
}

/**
 * A snapshot may be damaged where only a decision looks. Then what its timeline says counts; where that fails as well,
 * the incident goes to quarantine.
 */
async function decideOn<T>(
  engine: Engine,
  { loaded, asked }: Read,
  decide: Decide<T>,
): Promise<Decided<T> | Undecided> {
  try {
    const decided = decide(loaded, asked);
    for (const { tenant, id, isReplayed } of loaded.incidents) if (!isReplayed) engine.quarantine.release(tenant, id);
    return decided;
  } catch (error) {
    const isDamaged = !isTocsinError(error) && loaded.incidents.some(({ isReplayed }) => !isReplayed);
    if (!isDamaged) throw error;
    const because = `its snapshot led to an error: ${error instanceof Error ? error.message : String(error)}`;
    const incidents = await reaching(() =>
      Promise.all(loaded.incidents.map((row) => engine.reads.replayed(row, because))),
    );
    return decide({ ...loaded, incidents }, asked);
  }
}

/** Runs `work` of the storage; whatever it throws becomes STORAGE_UNAVAILABLE with its cause. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isTocsinError(cause)) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new TocsinError(
      'STORAGE_UNAVAILABLE',
      `Cannot reach the storage; nothing was changed that was not answered. Try again. It said: ${said.slice(0, 300)}`,
      { cause },
    );
  }
}

function announce(engine: Engine, tenant: string, change: ChangeParts, now: number): ReadonlyMap<string, Incident> {
  const written = new Map<string, Incident>();
  for (const { id, expectedVersion, snapshot } of change.incidents)
    written.set(id, incidentView(snapshot, { tenant, version: expectedVersion + 1 }));
  const dues = [
    ...change.deliveries.map(({ dueAt }) => dueAt),
    ...change.timers.flatMap((timer) => (timer.type === 'arm' ? [timer.dueAt] : [])),
  ];
  if (dues.length > 0) engine.stored(Math.max(0, Math.min(...dues) - now));
  for (const { id, events } of change.incidents) {
    const incident = written.get(id);
    if (incident !== undefined) for (const event of events) tell(engine, tenant, event, incident);
  }
  return written;
}

function tell(engine: Engine, tenant: string, event: TimelineEvent, incident: Incident): void {
  // The type of the event names its news; the compiler cannot follow the pairing through the union.
  engine.bus.tell(event.type, { type: event.type, tenant, event, incident } as unknown as News[typeof event.type]);
}
