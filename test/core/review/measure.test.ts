import { expect, test } from 'vitest';
import { measure } from '../../../src/core/review/measure.ts';
import type { TimelineEvent } from '../../../src/model/timeline.ts';

const position = { cycle: 1, loop: 1, step: 1 };
const recipient = (user: string) => ({ user, reason: { target: { user } }, contacts: [] });

/** Events of these types, a minute apart, the first at minute 10. */
function timeline(...drafts: readonly (Partial<TimelineEvent> & { readonly type: TimelineEvent['type'] })[]) {
  return drafts.map((draft, index) => ({
    kind: 'event' as const,
    event: { by: { kind: 'system' }, seq: index + 1, at: 600_000 + index * 60_000, ...draft } as TimelineEvent,
  }));
}

test('an incident that nobody has answered yet has no times, and nothing is zero that is not known', () => {
  expect(measure(timeline({ type: 'incident.opened' }))).toEqual({
    peopleAsked: 0,
    pages: 0,
    escalations: 0,
    reopenings: 0,
  });
});

test('an empty timeline has nothing to measure', () => {
  expect(measure([])).toEqual({ peopleAsked: 0, pages: 0, escalations: 0, reopenings: 0 });
});

test('times run from the opening to the first page, answer and mitigation, and to the last resolution', () => {
  const numbers = measure(
    timeline(
      { type: 'incident.opened' },
      { type: 'page.requested', purpose: 'step', position, recipients: [recipient('ana')] },
      { type: 'timer.fired', kind: 'step' },
      { type: 'page.requested', purpose: 'step', position, recipients: [recipient('ben'), recipient('ana')] },
      { type: 'incident.acknowledged' },
      { type: 'incident.acknowledged' },
      { type: 'incident.mitigated' },
      { type: 'incident.resolved' },
      { type: 'incident.reopened' },
      { type: 'timer.fired', kind: 'close' },
      { type: 'incident.resolved' },
    ),
  );
  expect(numbers).toEqual({
    timeToFirstPageMs: 60_000,
    timeToAcknowledgeMs: 240_000,
    timeToMitigateMs: 360_000,
    timeToResolveMs: 600_000,
    peopleAsked: 2,
    pages: 2,
    escalations: 1,
    reopenings: 1,
  });
});

test('an incident that is resolved without having been mitigated was mitigated by its resolution', () => {
  expect(measure(timeline({ type: 'incident.opened' }, { type: 'incident.resolved' })).timeToMitigateMs).toBe(60_000);
});

test('a channel is no person, and a delivery is no event', () => {
  const channel = { channel: 'ops', reason: { target: { channel: 'ops' } }, contacts: [] };
  const entries = [
    ...timeline(
      { type: 'incident.opened' },
      { type: 'page.requested', purpose: 'step', position, recipients: [channel] },
    ),
    { kind: 'delivery' as const },
  ];
  expect(measure(entries).peopleAsked).toBe(0);
});
