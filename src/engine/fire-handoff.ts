/**
 * Fires the handoff timer of a schedule: asks whoever has come on call, then remembers, tells and sums up for them.
 *
 * The asking comes first: a process that dies in the middle leaves the timer due, and all of it is done again by the next
 * one. After days without a process there is one handoff, to whoever is on call now. Nobody is told before the commit.
 */
import type { Schedule } from '../core/on-call/schedule.ts';
import type { StoredTimer } from '../ports/storage.ts';
import { joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { type Incoming, summariesFor, summaryId } from './handoff-summary.ts';
import {
  dutiesAt,
  type Handoff,
  handoffChange,
  handoffDocument,
  handoffKey,
  isSameDuty,
  LOOK_AGAIN_MS,
  nextLook,
  readHandoff,
  usersBeyond,
} from './handoff-timer.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** How long a schedule that this process does not know is left to one that may; short of what counts as late. */
const OTHERS_MS = 45_000;

/** Fired so late, somebody may have been on call meanwhile whom nobody told of. */
const LATE_MS = 1_000;

/** What a timer finds when it fires. */
type Found =
  | { readonly is: 'stale' | 'not yet' | 'gone' }
  | {
      readonly is: 'due';
      readonly before: Handoff;
      readonly schedule: Schedule;
      readonly now: number;
    };

/** Fires `timer` of a schedule; answers whether it still counted. */
export async function fireHandoff(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId: id } = timer;
  const query = { tenant, documents: [handoffKey(id)] };
  const found = await transact(engine, query, (loaded): Decided<Found> => lookAt(loaded, timer));
  if (found.is === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  if (found.is !== 'due') return false;

  const { before, schedule, now } = found;
  const onCall = schedule.onCallAt(now);
  const duties = dutiesAt(schedule, now);
  const joined = usersBeyond(duties, before.onCall);
  // Also when nobody seems to have joined: while no process was there, somebody may have come and gone.
  const { failed, standing } = await engine.askIncoming({ tenant, schedule: id });
  const incoming = standing.length === 0 ? [] : onCall.filter(({ user }) => joined.includes(user));
  const people = await unsummed(engine, { tenant, schedule: id, people: incoming });
  const isChanged = !isSameDuty(before.onCall, duties);
  const isOnlyAgain = before.dueAt === before.lookAgainAt;
  const isLate = now - (before.dueAt ?? now) >= LATE_MS;
  const mayHaveComeAndGone = !isOnlyAgain && (!isChanged || isLate);
  const lookAgainAt = joined.length > 0 || failed > 0 || mayHaveComeAndGone ? now + LOOK_AGAIN_MS : null;
  const handoff = { onCall: duties, lookAgainAt, dueAt: nextLook(schedule, now, lookAgainAt) };

  return transact(engine, query, ({ documents, config, now: at }): Decided<boolean> => {
    const document = handoffDocument(documents, id);
    // An override, or another process, was faster: what it has armed is due.
    if (document?.version !== timer.armedSeq) return { answer: () => false };
    const tell = () => {
      if (!isChanged) return true;
      const left = usersBeyond(before.onCall, duties);
      const news = { tenant, schedule: id, at: new Date(now), onCall, before: before.onCall, joined, left };
      engine.bus.tell('oncall.changed', { type: 'oncall.changed', ...news });
      return true;
    };
    const deliveries = summariesFor(engine, people, { standing, users: config.users, now: at });
    return { change: joinChanges(handoffChange(id, document, handoff), { ...NO_CHANGE, deliveries }), answer: tell };
  });
}

/** Those who have no summary of this shift yet: whoever comes back to it knows it already. */
async function unsummed(engine: Engine, { people, ...place }: Incoming): Promise<Incoming> {
  const stored = await Promise.all(
    people.map((person) =>
      reaching(() => engine.storage.listDeliveries(place.tenant, { id: summaryId(place.schedule, person), limit: 1 })),
    ),
  );
  return { ...place, people: people.filter((_, index) => stored[index]?.length === 0) };
}

function lookAt({ documents, config, now }: Decidable, timer: StoredTimer): Decided<Found> {
  const { ownerId: id, armedSeq, dueAt } = timer;
  const document = handoffDocument(documents, id);
  const before = readHandoff(document);
  // A document that cannot be read is written anew with the next look at all schedules, and its timer with it.
  if (document?.version !== armedSeq || before?.dueAt !== dueAt) return answered('stale');
  if (dueAt > now) return answered('not yet');
  const schedule = config.schedules.get(id);
  if (schedule !== undefined) return { answer: () => ({ is: 'due', before, schedule, now }) };
  // Another process may have been given a newer configuration, or an older one.
  if (now - dueAt < OTHERS_MS) return answered('not yet');
  // Who was on call stays remembered: whoever knows the schedule finds others on call, and makes it due again.
  return { change: handoffChange(id, document, { ...before, dueAt: null }), answer: () => ({ is: 'gone' }) };
}

const answered = (is: 'stale' | 'not yet'): Decided<Found> => ({ answer: () => ({ is }) });
