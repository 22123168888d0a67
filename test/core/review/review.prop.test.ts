/**
 * What holds for the review of every incident, whatever was done to it in whatever order.
 */
import fc from 'fast-check';
import { type IncidentSnapshot, pagingState, replay } from 'tocsin/lifecycle';
import { beforeAll, expect, test } from 'vitest';
import { buildReview } from '../../../src/core/review/build-review.ts';
import type { ReviewInput } from '../../../src/core/review/review-input.ts';
import type { BuiltReview, ReviewSpan } from '../../../src/model/review.ts';
import type { TimelineEvent } from '../../../src/model/timeline.ts';
import { type Life, live, lives } from '../lifecycle/lives.ts';
import { ana, HOUR } from '../lifecycle/support.ts';
import { actionItem, draft, items, numbers, shop } from './reviews.ts';

const config = shop({ reviews: { blameless: true } });

function reviewOf(
  timeline: readonly TimelineEvent[],
  snapshot: IncidentSnapshot,
  more: Partial<ReviewInput> = {},
): BuiltReview {
  return buildReview({
    snapshot,
    timeline: items(timeline),
    stored: draft(),
    numbers: numbers({ people: [{ user: 'ana', pagedAt: [0], acknowledgements: 1, engagedMs: 5 }] }),
    actionItems: [actionItem({ owner: 'ben' })],
    similar: [],
    config,
    now: (timeline.at(-1)?.at ?? 0) + HOUR,
    ...more,
  });
}

/** The same lives for every promise below; the seed is fixed so that a run can be repeated. */
const sample: { readonly life: Life; readonly review: BuiltReview }[] = [];
beforeAll(() => {
  fc.assert(
    fc.property(lives, ({ first, by, list }) => {
      const life = live(first, by, list);
      sample.push({ life, review: reviewOf(life.timeline, life.snapshot) });
    }),
    { numRuns: 80, seed: 11 },
  );
});

/** Holds each review against a promise; a broken one shows what was done to the incident. */
const inEveryReview = (check: (review: BuiltReview, life: Life) => void): void => {
  for (const { life, review } of sample) {
    try {
      check(review, life);
    } catch (cause) {
      const story = life.timeline.map((event) => (event.type === 'timer.fired' ? event.kind : event.type));
      throw new Error(`${String(cause)}\nin the life of ${story.join(', ')}`, { cause });
    }
  }
};
const lastsStill = (spans: readonly ReviewSpan[]) => spans.filter(({ untilAt }) => untilAt === undefined);

test('a review of the incident that is read back is that of the incident that is stored, to the byte', () => {
  inEveryReview((review, { timeline }) =>
    expect(JSON.stringify(reviewOf(timeline, replay(timeline)))).toBe(JSON.stringify(review)),
  );
});

test('what was published is what the incident was then, whatever has happened since', () => {
  inEveryReview((_, { timeline, snapshot }) => {
    const seq = Math.ceil(timeline.length / 2);
    const then = timeline.slice(0, seq);
    const content = { answers: { summary: 'As it was' }, factors: [] };
    const stored = draft({ publications: [{ revision: 1, seq, at: then.at(-1)?.at ?? 0, by: ana, content }] });
    const input = { stored, revision: 1, now: 0 };
    expect(JSON.stringify(reviewOf(timeline, snapshot, input))).toBe(
      JSON.stringify(reviewOf(then, replay(then), input)),
    );
  });
});

test('the picture ends as the incident stands: its phase, its answers, its severity and its alerts', () => {
  inEveryReview(({ picture, incident }, { snapshot }) => {
    const { value, context } = snapshot;
    expect(incident.phase).toBe(value.phase);
    if (context.outcome !== 'open') return;
    expect(lastsStill(picture.phases).map(({ label }) => label)).toEqual([value.phase]);
    expect(lastsStill(picture.severities).map(({ label }) => label)).toEqual([context.severity]);
    expect(lastsStill(picture.acknowledged)).toHaveLength(pagingState(snapshot) === 'acknowledged' ? 1 : 0);
    expect(lastsStill(picture.snoozed)).toHaveLength(pagingState(snapshot) === 'snoozed' ? 1 : 0);
    const firing = Object.values(context.alerts).filter((status) => status !== 'cleared');
    expect(lastsStill(picture.alerts)).toHaveLength(firing.length);
  });
});

test('nothing lasts in the picture of an incident that has ended, and nothing is drawn beyond it', () => {
  inEveryReview(({ picture, incident }, { snapshot }) => {
    const { fromAt, untilAt } = picture;
    for (const span of [
      ...picture.alerts,
      ...picture.phases,
      ...picture.acknowledged,
      ...picture.snoozed,
      ...picture.severities,
    ]) {
      expect(span.fromAt).toBeGreaterThanOrEqual(fromAt);
      expect(span.untilAt ?? untilAt).toBeLessThanOrEqual(untilAt);
      expect(span.untilAt ?? untilAt).toBeGreaterThanOrEqual(span.fromAt);
      if (snapshot.context.outcome !== 'open') expect(span.untilAt).toBeDefined();
    }
    if (snapshot.context.outcome !== 'open') expect(incident.endedAt).toBe(untilAt);
  });
});

test('phases and severities follow each other without a gap', () => {
  inEveryReview(({ picture }) => {
    for (const lane of [picture.phases, picture.severities])
      for (const [place, { untilAt }] of lane.slice(0, -1).entries()) expect(lane[place + 1]?.fromAt).toBe(untilAt);
  });
});

test('nobody is called by their id, and every pinned entry is marked', () => {
  inEveryReview((review, { snapshot }) => {
    expect(JSON.stringify(review)).not.toMatch(/\b(?:ana|ben|cho|zoe|yan|ola|boss)\b/i);
    const marked = review.entries.flatMap(({ seq, isPinned }) => (isPinned ? [seq] : []));
    expect(marked).toEqual([...snapshot.context.pinned].sort());
  });
});
