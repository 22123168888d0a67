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
import { announcesTo } from './announce-rows.ts';
import type { News } from './bus.ts';
import type { ChangeParts } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { followsTo } from './follow-rows.ts';
import { numberRows } from './number-rows.ts';
import { personOf } from './people.ts';
import { joinQueries, type Names } from './query.ts';
import { reactionsTo } from './reactions.ts';
import { roomStepsOf } from './room-rows.ts';
import { createRoundRobin, type RoundRobin, roundRobinTurns } from './round-robin.ts';
import { statusRows } from './status-rows.ts';
import { visibilityRows } from './visibility-rows.ts';

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
  return engine.inTurn([...keysOf(query), ...shared], () => attempts({ engine, query, decide }));
}

function keysOf({ tenant, incidents = [], alertKeys = [] }: LoadQuery): string[] {
  return [
    ...incidents.map((id) => JSON.stringify([tenant, id])),
    ...alertKeys.map(({ routeKey, dedupKey }) => JSON.stringify([tenant, routeKey, dedupKey])),
  ];
}

/** What is decided on, and how. */
type Work<T> = { readonly engine: Engine; readonly query: LoadQuery; readonly decide: Decide<T> };

/** How far the attempts have come: what has to be read beside what was asked for, and how often that was. */
type Progress = { more: Names; reads: number; attempts: number };

/**
 * Decisions about the same round-robin wait for each other, or hundreds of them would be in each other's way. Which ones a
 * decision is about turns out while it is made. It then lets go of those that it holds and takes all together, so that no
 * two decisions wait for each other.
 */
async function attempts<T>(work: Work<T>): Promise<T> {
  const { engine, query } = work;
  const progress: Progress = { more: {}, reads: 0, attempts: 0 };
  for (;;) {
    const turns = roundRobinTurns(progress.more).map((turn) => JSON.stringify([query.tenant, 'turn', turn]));
    const run = () => attemptWhile(turns.length, work, progress);
    const done = await (turns.length === 0 ? run() : engine.inTurn(turns, run));
    if (done !== undefined) return done.answer;
  }
}

/** The answer; `undefined` when the decision is about more round-robins than the `held` ones. */
async function attemptWhile<T>(
  held: number,
  { engine, query, decide }: Work<T>,
  progress: Progress,
): Promise<{ readonly answer: T } | undefined> {
  while (progress.attempts < MOST_ATTEMPTS) {
    const { loaded, asked } = await read(engine, query, progress.more);
    const made = await decideOn(engine, { loaded, asked }, decide).catch(async (error: unknown) => {
      // A refusal may be about somebody whom only the directory knows.
      if (loaded.missingPeople().length === 0) throw error;
      return undefined;
    });
    const unknown = loaded.missingPeople();
    if (made === undefined || unknown.length > 0) {
      if (++progress.reads > MOST_READS) throw endless({});
      await engine.people?.fetch(query.tenant, unknown);
      continue;
    }
    const { decided, roundRobin } = made;
    const more = lackingOf(decided, roundRobin);
    if (more !== undefined) {
      if (++progress.reads > MOST_READS) throw endless(more);
      progress.more = joinQueries(progress.more, more);
      if (roundRobinTurns(progress.more).length > held) return undefined;
      continue;
    }
    const { change, answer } = decided as Decided<T>;
    const status = change === undefined ? { documents: [] } : statusRows(change, loaded, asked);
    if ('more' in status) {
      if (++progress.reads > MOST_READS) throw endless(status.more);
      progress.more = joinQueries(progress.more, status.more);
      continue;
    }
    progress.attempts += 1;
    if (change === undefined) return { answer: answer(new Map()) };
    const changed = { incidents: change.incidents, tenant: query.tenant };
    const numbers = await reaching(() => numberRows(engine, changed, loaded));
    const reactions = reactionsTo(changed, engine.reactions, loaded.now);
    const follows = followsTo(changed, { config: loaded.config, notifiers: engine.notifiers }, loaded.now);
    const nameOf = (user: string) => personOf(engine, query.tenant, user)?.name;
    const rooms = roomStepsOf(changed, { config: loaded.config, now: loaded.now, nameOf });
    const announces = announcesTo(changed, loaded.now);
    const shows = visibilityRows(changed, loaded.now);
    const whole = {
      ...change,
      documents: [...change.documents, ...status.documents, ...numbers],
      slots: [...change.slots, ...roundRobin.changes()],
      deliveries: [...change.deliveries, ...reactions, ...follows, ...rooms, ...announces, ...shows],
    };
    const result = await reaching(() => engine.commit({ ...whole, commitId: engine.ids(), tenant: query.tenant }));
    if (result === 'applied') return { answer: answer(announce(engine, query.tenant, whole, loaded.now)) };
  }
  throw new TocsinError(
    'VERSION_CONFLICT',
    `Cannot store a change of ${(query.incidents ?? []).join(', ') || 'an alert'}: others were faster ${MOST_ATTEMPTS} times in a row. Try again.`,
    {
      details: { attempts: MOST_ATTEMPTS },
    },
  );
}

/** What a decision lacks: what it says itself, and whose turn it was. */
function lackingOf(decided: Decided<unknown> | Undecided, roundRobin: RoundRobin): Names | undefined {
  const turns = roundRobin.missing();
  if (!('more' in decided)) return turns;
  return turns === undefined ? decided.more : joinQueries(decided.more, turns);
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

type Made<T> = { readonly decided: Decided<T> | Undecided; readonly roundRobin: RoundRobin };

/**
 * A snapshot may be damaged where only a decision looks. Then what its timeline says counts; where that fails as well,
 * the incident goes to quarantine.
 */
async function decideOn<T>(engine: Engine, { loaded, asked }: Read, decide: Decide<T>): Promise<Made<T>> {
  // Whatever was read under this very query is known, be it there or not.
  const decideAs = (from: Decidable): Made<T> => {
    const roundRobin = createRoundRobin(loaded.slots, asked.slots);
    return { decided: decide({ ...from, roundRobin }, asked), roundRobin };
  };
  try {
    const made = decideAs(loaded);
    for (const { tenant, id, isReplayed } of loaded.incidents) if (!isReplayed) engine.quarantine.release(tenant, id);
    return made;
  } catch (error) {
    const isDamaged = !isTocsinError(error) && loaded.incidents.some(({ isReplayed }) => !isReplayed);
    if (!isDamaged) throw error;
    const because = `its snapshot led to an error: ${error instanceof Error ? error.message : String(error)}`;
    const incidents = await reaching(() =>
      Promise.all(loaded.incidents.map((row) => engine.reads.replayed(row, because))),
    );
    return decideAs({ ...loaded, incidents });
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
  engine.pictures.stored(tenant, change.documents);
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
