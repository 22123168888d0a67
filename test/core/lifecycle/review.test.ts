/**
 * The review region: what is late is told, goes on when the incident is closed or open again, and stops when it is published.
 */
import { replay } from 'tocsin/lifecycle';
import { expect, test } from 'vitest';
import { MAX_DURATION_MS } from '../../../src/model/duration.ts';
import { SYSTEM } from '../../../src/model/identity.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';
import { ana, opened, settings, severity, story, T0 } from './support.ts';

const DAY = 86_400_000;
const owed = () => story(opened({ settings: settings({ reviewWithinMs: 3 * DAY, reopenWindowMs: DAY }) }));
const resolved = () => owed().does(ana, { type: 'incident.resolved' });
const missed = (types: readonly string[]) => types.filter((type) => type === 'review.missed').length;

test('it is late after its time and then once a day, also when the incident was closed meanwhile', () => {
  const s = resolved().passes(3 * DAY);
  expect(s.snapshot().value).toMatchObject({ phase: 'closed', review: 'pending' });
  expect(missed(s.latest())).toBe(1);
  expect(missed(s.passes(3 * DAY).latest())).toBe(3);
  s.does(ana, { type: 'review.started' }).passes(2 * DAY);
  expect(missed(s.latest())).toBe(2);
  s.does(ana, { type: 'review.published' });
  expect(s.timers()).toEqual({});
});

test('what was published is returned to be written again, and is published again', () => {
  const s = resolved().does(ana, { type: 'review.started' }, { type: 'review.published' });
  s.does(ana, { type: 'review.returned', reason: 'the cause was another one' });
  expect(s.snapshot().value.review).toBe('draft');
  expect(s.timers()).toMatchObject({ reviewDraft: 3 * DAY });
  expect(s.does(ana, { type: 'review.published' }).snapshot().value.review).toBe('published');
});

test('a draft stays when the incident is open again, is not late meanwhile, and has its whole time from the next end on', () => {
  const s = resolved()
    .does(ana, { type: 'review.started' })
    .passes(DAY / 2);
  s.does(ana, { type: 'incident.reopened' });
  expect(s.snapshot().value.review).toBe('draft');
  expect(s.timers()).toMatchObject({ reviewDraft: MAX_DURATION_MS });
  s.does(ana, { type: 'incident.resolved' });
  expect(s.timers()).toMatchObject({ reviewDraft: 3 * DAY });
});

test('a review that waits to begin is not needed while the incident is open again', () => {
  const s = resolved().does(ana, { type: 'incident.reopened' });
  expect(s.snapshot().value.review).toBe('notNeeded');
  expect(s.does(ana, { type: 'incident.resolved' }).timers()).toMatchObject({ reviewPending: 3 * DAY });
});

test.each(['draft', 'inReview'] as const)(
  'a review in %s is not needed any more once its incident is dismissed or merged',
  (state) => {
    const begun = () => {
      const s = resolved().does(ana, { type: 'review.started' });
      if (state === 'inReview') s.does(ana, { type: 'review.submitted' });
      return s.does(ana, { type: 'incident.reopened' });
    };
    expect(begun().snapshot().value.review).toBe(state);
    for (const end of [{ type: 'incident.dismissed' }, { type: 'incident.merged', into: 'i2' }] as const) {
      const s = begun().does(ana, end);
      expect(s.snapshot().value.review).toBe('notNeeded');
      expect(s.timers()).toEqual({});
    }
  },
);

test('a severity that asks for none leaves it where it is, and nobody is reminded of it any more', () => {
  const s = resolved().does(ana, severity('lowered'));
  expect(s.snapshot().value.review).toBe('pending');
  expect(s.timers()).toMatchObject({ reviewPending: MAX_DURATION_MS });
  s.does(ana, severity('raised', 'high', { reviewWithinMs: DAY }));
  expect(s.timers()).toMatchObject({ reviewPending: DAY });
});

test('a reminder that waits is taken back when the review is published or waived, and when the incident is open again', () => {
  const waiting = (): EventDraft => ({
    type: 'notice.requested',
    topic: 'reviewDue',
    recipients: [
      {
        user: 'ben',
        reason: { target: { user: 'ben' } },
        contacts: [{ contact: 'sms', notifier: 'sms', address: '+1', afterMs: 60_000 }],
      },
    ],
  });
  const late = () => resolved().does(ana, { type: 'review.started' }).does(SYSTEM, waiting());
  const taken = { because: expect.any(String), only: { purpose: 'notice', user: 'ben' } };
  expect(late().does(ana, { type: 'review.submitted' }).withdrawn()).toEqual([]);
  expect(late().does(ana, { type: 'review.published' }).withdrawn()).toMatchObject([taken]);
  expect(late().does(ana, { type: 'review.waived' }).withdrawn()).toMatchObject([taken]);
  expect(late().does(ana, { type: 'incident.reopened' }).withdrawn()).toContainEqual(expect.objectContaining(taken));
  expect(late().passes(60_000).does(ana, { type: 'review.published' }).withdrawn()).toEqual([]);
});

test('a timeline from before there were reminders is read as it stands', () => {
  const before: readonly EventDraft[] = [
    opened({ settings: settings({ reviewWithinMs: DAY }) }),
    { type: 'incident.resolved' },
    severity('lowered'),
    { type: 'timer.fired', kind: 'reviewPending' },
    { type: 'review.missed' },
    { type: 'review.started' },
    { type: 'incident.reopened' },
    { type: 'timer.fired', kind: 'reviewDraft' },
    { type: 'review.missed' },
    { type: 'incident.resolved' },
    { type: 'timer.fired', kind: 'reviewDraft' },
    { type: 'review.missed' },
    { type: 'review.submitted' },
    { type: 'timer.fired', kind: 'reviewApproval' },
    { type: 'review.missed' },
    { type: 'review.published' },
  ];
  const timeline = before.map(
    (draft, index) => ({ ...draft, seq: index + 1, at: T0 + index, by: ana }) as TimelineEvent,
  );
  expect(replay(timeline).value).toMatchObject({ phase: 'resolved', review: 'published' });
});
