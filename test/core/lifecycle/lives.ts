/**
 * Lives of incidents for property tests: first events, whatever may happen to them, and what comes of it.
 */
import fc from 'fast-check';
import { canAccept, type IncidentSnapshot, settle } from 'tocsin/lifecycle';
import { expect } from 'vitest';
import type { Ladder, Rung } from '../../../src/model/escalation.ts';
import { type Actor, SYSTEM } from '../../../src/model/identity.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';
import {
  alert,
  ana,
  ben,
  DAY,
  HOUR,
  ladder,
  MINUTE,
  type Opened,
  opened,
  planOf,
  rung,
  SECOND,
  settings,
  severity,
  source,
  T0,
} from './support.ts';

/** What is done to an incident, or passes over it. */
export type Move =
  | { readonly kind: 'does'; readonly by: Actor; readonly draft: (snapshot: IncidentSnapshot) => EventDraft }
  /** Time passes; timers fire when they are due, or, after a standstill, all at its end. */
  | { readonly kind: 'passes'; readonly ms: number; readonly late: boolean }
  | { readonly kind: 'onCall'; readonly primary: readonly string[]; readonly secondary: readonly string[] }
  | { readonly kind: 'gate'; readonly step: number; readonly closed: boolean };

/** One commit of a life. */
export type Commit = {
  readonly before: IncidentSnapshot;
  readonly after: IncidentSnapshot;
  readonly events: readonly TimelineEvent[];
};
/** Everything that happened to one incident. */
export type Life = {
  readonly timeline: readonly TimelineEvent[];
  readonly commits: readonly Commit[];
  readonly snapshot: IncidentSnapshot;
};

const ladders = fc
  .record({
    loops: fc.constantFrom(1, 2),
    acknowledgeTimeoutMs: fc.constantFrom(null, 30 * MINUTE),
    repageOn: fc.constantFrom([], ['severityRaised' as const], ['severityRaised' as const, 'newAlert' as const]),
    follows: fc.boolean(),
    acknowledge: fc.constantFrom<Pick<Rung, 'acknowledge'>>({}, { acknowledge: 'each' }),
    pause: fc.constantFrom<Pick<Ladder, 'repeatDelayMs'>>({}, { repeatDelayMs: 7 * MINUTE }),
  })
  .map(({ follows, acknowledge, pause, ...more }) =>
    ladder({
      ...more,
      ...pause,
      rungs: ladder().rungs.map((one) => ({ ...one, ...acknowledge })),
      ...(follows && { next: ladder({ policyId: 'managers', rungs: [rung({ user: 'max' })] }) }),
    }),
  );

/** First events. */
export const firsts: fc.Arbitrary<Opened> = fc
  .record({
    urgency: fc.constantFrom<Pick<Opened, 'urgency' | 'urgencyRisesInMs'>>(
      { urgency: 'high' },
      { urgency: 'high' },
      { urgency: 'low' },
      { urgency: 'low', urgencyRisesInMs: 6 * HOUR },
    ),
    alerts: fc.constantFrom([], [alert('a1')], [alert('a1'), alert('a2')]),
    ladder: ladders,
    settings: fc
      .record({
        holdMs: fc.constantFrom(0, 0, 2 * MINUTE),
        updateEveryMs: fc.constantFrom(null, HOUR),
        reviewWithinMs: fc.constantFrom(null, 3 * DAY),
      })
      .map(settings),
  })
  .map(({ urgency, ...more }): Opened => opened({ ...more, ...urgency, alerts: [...more.alerts] }));

const oneOfAlerts = ({ context }: IncidentSnapshot, n: number): string | undefined => {
  const open = Object.entries(context.alerts).filter(([, status]) => status !== 'cleared');
  return open[n % Math.max(1, open.length)]?.[0];
};

const PLANNED: EventDraft = {
  type: 'response.planned',
  roles: [
    { role: 'commander', remindMs: 10 * MINUTE },
    { role: 'communications', remindMs: HOUR, fillBy: 'firstAcknowledger' },
  ],
  filled: [{ role: 'scribe', user: 'yan' }],
  tasks: [
    {
      id: 'first:1',
      title: 'Tell support',
      status: 'open',
      dueAt: T0 + 20 * MINUTE,
      checklist: { id: 'first', name: 'First', item: '1' },
    },
  ],
};

const PLAIN: readonly EventDraft[] = [
  { type: 'investigation.started' },
  { type: 'cause.identified' },
  { type: 'incident.mitigated' },
  { type: 'incident.resolved' },
  { type: 'incident.reopened' },
  { type: 'incident.closed' },
  { type: 'incident.dismissed' },
  { type: 'incident.acknowledged' },
  { type: 'page.acknowledged' },
  { type: 'escalation.exhausted', policyId: 'default' },
  { type: 'review.requested' },
  { type: 'review.started' },
  { type: 'review.submitted' },
  { type: 'review.returned' },
  { type: 'review.published' },
  { type: 'review.waived' },
];

/** The n-th of the plain events that are allowed now, so that lives get far. */
const plain =
  (n: number) =>
  (snapshot: IncidentSnapshot): EventDraft => {
    const possible = PLAIN.filter((draft) => canAccept(snapshot, draft));
    return possible[n % Math.max(1, possible.length)] ?? { type: 'note.added', text: 'Too late' };
  };

const drafts = fc.oneof<fc.WeightedArbitrary<(snapshot: IncidentSnapshot) => EventDraft>[]>(
  { weight: 4, arbitrary: fc.nat(100).map(plain) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom<EventDraft>(
        { type: 'note.added', text: 'Looking' },
        { type: 'update.posted', text: 'We are on it', audience: 'public' },
        { type: 'incident.unacknowledged', reason: 'manual' },
        { type: 'incident.snoozed', forMs: HOUR },
        { type: 'incident.escalated' },
        { type: 'incident.escalated', step: 2 },
        { type: 'incident.reassigned', ladder: ladder({ policyId: 'other', rungs: [rung({ user: 'ola' })] }) },
        { type: 'incident.merged', into: 'i2' },
        { type: 'responder.requested', user: 'zoe' },
        { type: 'responder.accepted', user: 'zoe' },
        { type: 'responder.declined', user: 'zoe', reason: 'On leave' },
        { type: 'role.assigned', role: 'commander', user: 'ana', previous: null },
        { type: 'role.assigned', role: 'commander', user: null, previous: 'ana' },
        { type: 'role.assigned', role: 'scribe', user: 'zoe' },
        PLANNED,
        PLANNED,
        { type: 'task.added', task: { id: 't2', title: 'Call', status: 'open', dueAt: T0 + 40 * MINUTE } },
        { type: 'task.updated', task: 'first:1', dueAt: T0 + DAY, assignee: 'ben' },
        { type: 'task.completed', task: 'first:1' },
        { type: 'task.reopened', task: 'first:1' },
        { type: 'fields.set', fields: { customer: 'Acme', cost: null } },
        { type: 'subStatus.set', subStatus: 'waiting' },
        { type: 'entry.pinned', entry: 1 },
        { type: 'entry.unpinned', entry: 1 },
        { type: 'times.corrected', times: { detectedAt: { to: T0 - HOUR } } },
        { type: 'schedule.handedOff', schedule: 'primary' },
        { type: 'schedule.handedOff', schedule: 'secondary' },
        severity('raised', 'high'),
        severity('raised', 'low'),
        severity('raised', 'high', { repage: false }),
        severity('raised', 'low', { urgencyRisesInMs: HOUR }),
        severity('lowered', 'low'),
        severity('lowered', 'low', { urgencyRisesInMs: 16 * MINUTE }),
        severity('lowered', 'high', { updateEveryMs: HOUR, reviewWithinMs: DAY }),
      )
      .map((draft) => () => draft),
  },
  {
    weight: 3,
    arbitrary: fc.nat(3).map((n) => (snapshot: IncidentSnapshot) => ({
      type: 'alert.cleared' as const,
      alert: oneOfAlerts(snapshot, n) ?? 'a1',
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(3)
      .map((n) => (snapshot) => ({ type: 'alert.acknowledged', alert: oneOfAlerts(snapshot, n) ?? 'a1' })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('a1', 'a2', 'a3').map((id) => () => ({ type: 'alert.joined', alert: alert(id) })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('firing' as const, 'acknowledged' as const, 'cleared' as const).map((status) => () => ({
      type: 'incident.absorbed',
      source: 'i0',
      alerts: [{ ...alert('b1'), status }],
      responders: ['yan'],
      tasks: [{ id: 't1', title: 'Roll back', status: 'open' }],
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constant(({ context, seq }: IncidentSnapshot) => ({
      type: 'page.failed' as const,
      page: seq,
      purpose: 'step' as const,
      position: context.position,
      errors: ['no such number'],
    })),
  },
);

/** Whatever people, sources and timers do. */
export const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('does' as const),
      by: fc.constantFrom<Actor>(ana, ben, source, SYSTEM),
      draft: drafts,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('passes' as const),
      ms: fc.constantFrom(0, 30 * SECOND, 5 * MINUTE, 16 * MINUTE, 31 * MINUTE, DAY, 8 * DAY),
      late: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('onCall' as const),
      primary: fc.constantFrom([], ['ana'], ['cho']),
      secondary: fc.constantFrom([], ['ben']),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('gate' as const), step: fc.constantFrom(1, 2), closed: fc.boolean() }),
  },
);

/** More timers than this in one stretch of time, and the rest waits for the next. */
const MOST_TIMERS = 12;

/** The life of an incident to which these moves happen; what the statechart refuses is refused. */
export function live(first: Opened, by: Actor, moves: readonly Move[]): Life {
  const onCall: Record<string, readonly string[]> = { primary: ['ana'], secondary: ['ben'] };
  const closed = new Map<number, number | undefined>();
  const plan = planOf(onCall, closed);
  let now = T0;
  let { snapshot, events } = settle({ snapshot: undefined, drafts: [first], at: now, by, plan });
  const timeline = [...events];
  const commits: Commit[] = [{ before: snapshot, after: snapshot, events }];

  const commit = (draft: EventDraft, by: Actor): void => {
    const before = snapshot;
    const settled = settle({ snapshot: before, drafts: [draft], at: now, by, plan });
    ({ snapshot, events } = settled);
    timeline.push(...events);
    commits.push({ before, after: snapshot, events });
  };

  for (const move of moves) {
    if (move.kind === 'does') {
      const draft = move.draft(snapshot);
      if (canAccept(snapshot, draft)) commit(draft, move.by);
      else expect(() => settle({ snapshot, drafts: [draft], at: now, by: move.by, plan })).toThrow(/^Cannot apply /);
    } else if (move.kind === 'passes') {
      const until = now + move.ms;
      if (move.late) now = until;
      for (let fired = 0; fired < MOST_TIMERS; fired += 1) {
        const [next] = Object.entries(snapshot.timers)
          .filter(([, { dueAt }]) => dueAt <= until)
          .sort(([, a], [, b]) => a.dueAt - b.dueAt);
        if (next === undefined) break;
        now = Math.max(now, next[1].dueAt);
        commit({ type: 'timer.fired', kind: next[0] }, SYSTEM);
      }
      now = until;
    } else if (move.kind === 'onCall') {
      Object.assign(onCall, { primary: move.primary, secondary: move.secondary });
    } else if (move.closed) {
      closed.set(move.step, HOUR);
    } else {
      closed.delete(move.step);
    }
  }
  return { timeline, commits, snapshot };
}

/** What lives are made of. */
export const lives = fc
  .tuple(firsts, fc.constantFrom<Actor>(source, source, ana), fc.array(moves, { minLength: 1, maxLength: 20 }))
  .map(([first, by, list]) => ({ first, by, list }));
