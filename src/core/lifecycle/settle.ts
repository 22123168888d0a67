/**
 * settle: one command or timer, to the end of everything that follows from it.
 *
 * An effect may ask for a further event (a page, a record); each is applied at once, so that the timeline reads
 * in the order of cause and consequence. Pure and bounded; nothing is stored here.
 */
import { TocsinError } from '../../errors.ts';
import { type Actor, SYSTEM } from '../../model/identity.ts';
import type { EventDraft, TimelineEvent } from '../../model/timeline.ts';
import { advance } from './advance.ts';
import type { Effect, WithdrawalScope } from './effects.ts';
import type { IncidentSnapshot } from './snapshot.ts';

/** The effects that need knowledge from outside the incident: who is on call, which contacts they have. */
export type PlannedEffect = Extract<Effect, { type: 'requestPage' | 'requestNotice' | 'requestResponse' }>;

/** Answers an effect with the event that records the decision; `undefined` when there is nothing to record. */
export type Plan = (effect: PlannedEffect, snapshot: IncidentSnapshot) => EventDraft | undefined;

/** What to take back: deliveries of pages before event `beforeSeq`, all or only some. */
export type Withdrawal = { readonly beforeSeq: number; readonly only?: WithdrawalScope; readonly because: string };

/** Everything that one command or timer led to. */
export type Settled = {
  readonly snapshot: IncidentSnapshot;
  readonly events: readonly TimelineEvent[];
  readonly withdrawals: readonly Withdrawal[];
};

/** What {@link settle} begins with. */
export type SettleInput = {
  readonly snapshot: IncidentSnapshot | undefined;
  readonly drafts: readonly EventDraft[];
  readonly at: number;
  readonly by: Actor;
  readonly plan: Plan;
};

/** A ladder of 50 rungs and 20 rounds, all empty, with a policy to follow, stays far below this. */
const MOST_EVENTS = 5_000;

/**
 * Applies `drafts` in order, each with everything that follows from it.
 *
 * @throws TocsinError INVALID_TRANSITION when the statechart refuses one of them; then none counts.
 * @throws TocsinError UNBOUNDED when what follows does not come to an end.
 */
export function settle({ snapshot: before, drafts, at, by, plan }: SettleInput): Settled {
  let snapshot = before;
  const events: TimelineEvent[] = [];
  const withdrawals: Withdrawal[] = [];
  const queue: { readonly draft: EventDraft; readonly by: Actor }[] = drafts.map((draft) => ({ draft, by }));

  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (events.length >= MOST_EVENTS) throw unbounded(snapshot, events);
    const event = { ...next.draft, seq: (snapshot?.seq ?? 0) + 1, at, by: next.by } as TimelineEvent;
    const advanced = advance(snapshot, event);
    snapshot = advanced.snapshot;
    events.push(event);
    const followUps: EventDraft[] = [];
    for (const effect of advanced.effects) {
      const draft = draftFor(effect, snapshot, plan);
      if (draft !== undefined) followUps.push(draft);
      if (effect.type === 'withdraw') withdrawals.push(withdrawal(effect, event));
    }
    queue.unshift(...followUps.map((draft) => ({ draft, by: SYSTEM })));
  }
  if (snapshot === undefined) throw new TocsinError('TIMELINE_INVALID', 'Cannot begin an incident without an event.');
  return { snapshot, events, withdrawals };
}

function draftFor(effect: Effect, snapshot: IncidentSnapshot, plan: Plan): EventDraft | undefined {
  if (effect.type === 'record') return effect.draft;
  switch (effect.type) {
    case 'requestPage':
    case 'requestNotice':
    case 'requestResponse':
      return plan(effect, snapshot);
    default:
      return undefined;
  }
}

function withdrawal(effect: Extract<Effect, { type: 'withdraw' }>, event: TimelineEvent): Withdrawal {
  return {
    beforeSeq: effect.beforeSeq ?? event.seq,
    because: event.type,
    ...(effect.only !== undefined && { only: effect.only }),
  };
}

function unbounded(snapshot: IncidentSnapshot | undefined, events: readonly TimelineEvent[]): TocsinError {
  return new TocsinError(
    'UNBOUNDED',
    `Cannot settle incident ${snapshot?.context.id ?? ''}: one event led to more than ${MOST_EVENTS}.`,
    {
      details: { last: events.slice(-5).map((event) => event.type) },
    },
  );
}
