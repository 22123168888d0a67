/**
 * The shortest way to every combination of states, found by XState's own graph walk, walked again by `advance`.
 */
import { advance, type IncidentSnapshot, incidentMachine } from 'tocsin/lifecycle';
import { expect, test } from 'vitest';
import { getShortestPaths } from 'xstate/graph';
import { momentOf, openedContext } from '../../../src/core/lifecycle/apply.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';
import { ana, DAY, HOUR, ladder, MINUTE, opened, settings, T0 } from './support.ts';

type Walked = ReturnType<typeof incidentMachine.resolveState>;
type MachineEvent = Parameters<Walked['can']>[0];

const DRAFTS: readonly EventDraft[] = [
  { type: 'investigation.started' },
  { type: 'cause.identified' },
  { type: 'incident.mitigated' },
  { type: 'incident.resolved' },
  { type: 'incident.reopened' },
  { type: 'incident.closed' },
  { type: 'incident.dismissed' },
  { type: 'incident.merged', into: 'i2' },
  { type: 'alert.cleared', alert: 'a1' },
  { type: 'alert.joined', alert: { id: 'a1', severity: 'SEV2', title: 'Alert a1' } },
  { type: 'incident.acknowledged' },
  { type: 'page.acknowledged' },
  { type: 'incident.unacknowledged', reason: 'manual' },
  { type: 'incident.snoozed', forMs: HOUR },
  { type: 'escalation.exhausted', policyId: 'default' },
  { type: 'review.started' },
  { type: 'review.published' },
];

/** A walk has no clock: every event happens at the same moment, by the same person, and its number is filled in later. */
const asEvent = (draft: EventDraft, seq: number): TimelineEvent =>
  ({ ...draft, seq, at: T0, by: ana }) as TimelineEvent;

const first = asEvent(
  opened({
    settings: settings({ holdMs: 2 * MINUTE, reviewWithinMs: 3 * DAY }),
    ladder: ladder({
      acknowledgeTimeoutMs: null,
      rungs: ladder().rungs.map((one) => ({ ...one, acknowledge: 'each' as const })),
    }),
  }),
  1,
);

test('every shortest path of the machine ends in the same states when it is replayed event by event', () => {
  if (first.type !== 'incident.opened') throw new Error('unreachable');
  const start = advance(undefined, first).snapshot;
  // The moment is set before each event; without a clock it is always that of `ana`, now.
  const fromState = incidentMachine.resolveState({
    value: start.value,
    context: { ...openedContext(first), ...start.context, ...momentOf(asEvent(DRAFTS[0]!, 2)) },
  });
  const paths = getShortestPaths(incidentMachine, {
    fromState,
    events: DRAFTS.map((draft) => asEvent(draft, 2) as MachineEvent),
    filterEvents: (state, event) => state.can(event),
    serializeState: (state) =>
      `${JSON.stringify(state.value)} ${JSON.stringify(state.context.alerts)} ${state.context.outcome}`,
    serializeEvent: (event) => event.type,
  });

  const reached = paths.map((path) => {
    let snapshot: IncidentSnapshot = start;
    for (const { event } of path.steps.filter((step) => (step.event.type as string) !== 'xstate.init')) {
      snapshot = advance(snapshot, { ...event, seq: snapshot.seq + 1 } as TimelineEvent).snapshot;
    }
    return { walked: path.state.value, advanced: snapshot.value };
  });
  expect(reached.filter(({ walked, advanced }) => JSON.stringify(walked) !== JSON.stringify(advanced))).toEqual([]);
  expect(reached.length).toBeGreaterThan(100);
  const phases = new Set(reached.map(({ advanced }) => advanced.phase));
  expect([...phases].sort()).toEqual([
    'closed',
    'dismissed',
    'identified',
    'investigating',
    'merged',
    'monitoring',
    'resolved',
    'triage',
  ]);
});
