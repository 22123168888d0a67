/**
 * What holds for the numbers of every incident, whatever happens to it: they say what the incident itself says.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { incidentNumbers } from '../../../src/core/review/incident-numbers.ts';
import { milestonesOf } from '../../../src/core/review/milestones.ts';
import { packNumbers, unpackNumbers } from '../../../src/core/review/packed-numbers.ts';
import type { IncidentNumbers } from '../../../src/model/measurement.ts';
import type { EventDraft } from '../../../src/model/timeline.ts';
import { firsts, type Life, live, type Move, moves } from '../lifecycle/lives.ts';
import { ana, DAY, MINUTE, source, T0 } from '../lifecycle/support.ts';

type Corrections = Extract<EventDraft, { type: 'times.corrected' }>['times'];

const said = fc.integer({ min: -30, max: 90 }).map((minutes) => ({ to: T0 + minutes * MINUTE }));
const corrections: fc.Arbitrary<Move> = fc
  .record(
    { impactStartedAt: said, detectedAt: said, acknowledgedAt: said, mitigatedAt: said, resolvedAt: said },
    { requiredKeys: [] },
  )
  .map((times) => ({ kind: 'does', by: ana, draft: () => ({ type: 'times.corrected', times: times as Corrections }) }));
const written = fc.constantFrom({}, { times: { detectedAt: T0 - MINUTE } }, { times: { impactStartedAt: T0 - DAY } });
const visible = fc.constantFrom({ visibility: 'public' as const }, { visibility: 'private' as const });
/** How an incident comes to its end and back, which chance alone seldom finds. */
const turns: fc.Arbitrary<Move> = fc
  .tuple(
    fc.constantFrom('acknowledged', 'acknowledged', 'mitigated', 'resolved', 'reopened'),
    fc.constantFrom(ana, source),
  )
  .map(([what, by]): Move => ({ kind: 'does', by, draft: () => ({ type: `incident.${what}` }) as EventDraft }));

const lives = fc.record({
  first: fc.tuple(firsts, written, visible).map(([first, times, seen]) => ({ ...first, ...times, ...seen })),
  by: fc.constantFrom(source, ana),
  list: fc.array(
    fc.oneof({ weight: 4, arbitrary: moves }, { weight: 1, arbitrary: corrections }, { weight: 2, arbitrary: turns }),
    { minLength: 1, maxLength: 16 },
  ),
});

const sample: { readonly life: Life; readonly now: number; readonly numbers: IncidentNumbers }[] = [];
beforeAll(() => {
  fc.assert(
    fc.property(lives, ({ first, by, list }) => {
      const life = live(first, by, list);
      const now = life.timeline.at(-1)!.at + MINUTE;
      sample.push({ life, now, numbers: incidentNumbers(life.timeline, { now, context: life.snapshot.context }) });
    }),
    { numRuns: 80 },
  );
}, 60_000);

test('the milestones are the times of the incident as they were corrected', () => {
  const seen = new Set<string>();
  for (const { life } of sample) {
    const { times, corrections: words, outcome } = life.snapshot.context;
    const milestones = milestonesOf(life.timeline);
    expect({
      impactStartedAt: milestones.impactStarted?.at,
      detectedAt: milestones.detected?.at,
      acknowledgedAt: milestones.acknowledged?.at,
      mitigatedAt: milestones.mitigated?.at,
      resolvedAt: milestones.resolved?.at,
      closedAt: milestones.closed?.at,
      outcome: milestones.outcome,
    }).toEqual({
      impactStartedAt: words.impactStartedAt,
      detectedAt: words.detectedAt ?? times.openedAt,
      acknowledgedAt: words.acknowledgedAt ?? times.acknowledgedAt,
      mitigatedAt: words.mitigatedAt ?? times.mitigatedAt,
      resolvedAt: words.resolvedAt ?? times.resolvedAt,
      closedAt: times.closedAt,
      outcome,
    });
    for (const [name, milestone] of Object.entries(milestones))
      if (typeof milestone === 'object') seen.add(`${name} ${milestone.isCorrected}`);
  }
  // Every milestone was met as it was recorded, and each that people may correct also as they said.
  expect([...seen].sort()).toEqual([
    'acknowledged false',
    'acknowledged true',
    'closed false',
    'detected false',
    'detected true',
    'engaged false',
    'impactStarted true',
    'mitigated false',
    'mitigated true',
    'resolved false',
    'resolved true',
  ]);
});

test('every number names entries of the timeline that are there, and is as long as they are apart', () => {
  for (const { life, now, numbers } of sample) {
    for (const one of Object.values(numbers.measurements)) {
      for (const milestone of [one.from, 'to' in one ? one.to : undefined]) {
        if (milestone === undefined) continue;
        const entry = life.timeline[milestone.seq - 1]!;
        if (!milestone.isCorrected) expect(entry.at).toBe(milestone.at);
        else expect(['incident.opened', 'times.corrected']).toContain(entry.type);
      }
      if (one.status === 'recorded') expect(one.ms).toBe(one.to.at - one.from.at);
      if (one.status === 'recorded') expect(one.ms).toBeGreaterThanOrEqual(0);
      if (one.status === 'invalid') expect(one.to.at).toBeLessThan(one.from.at);
      if (one.status === 'pending' && one.from !== undefined && one.from.at <= now)
        expect(one.elapsedMs).toBe(now - one.from.at);
    }
  }
});

test('nobody has had an incident for longer than it was open, and whoever had it had taken it', () => {
  for (const { life, now, numbers } of sample) {
    for (const { engagedMs } of numbers.people) {
      expect(engagedMs).toBeGreaterThanOrEqual(0);
      expect(engagedMs).toBeLessThanOrEqual(now - life.timeline[0]!.at);
    }
    const busy = numbers.people.filter(({ engagedMs }) => engagedMs > 0).map(({ user }) => user);
    const takers = life.timeline.flatMap((event) => {
      if (event.type === 'responder.accepted') return [event.user];
      if (event.type === 'incident.absorbed') return event.responders;
      const isTaken = event.type === 'incident.acknowledged' || event.type === 'page.acknowledged';
      return isTaken && event.by.kind === 'user' ? [event.by.id] : [];
    });
    expect(busy.filter((user) => !takers.includes(user))).toEqual([]);
  }
});

test('whatever its numbers are, they read back from storage as they were', () => {
  for (const { numbers } of sample)
    expect(unpackNumbers(JSON.parse(JSON.stringify(packNumbers(numbers))))).toStrictEqual(numbers);
});

test('the context at hand makes no difference', () => {
  for (const { life, now, numbers } of sample.slice(0, 20))
    expect(incidentNumbers(life.timeline, { now })).toEqual(numbers);
});
