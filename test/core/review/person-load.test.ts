import { expect, test } from 'vitest';
import type { PersonLoad } from '../../../src/model/measurement.ts';
import { MINUTE } from '../lifecycle/support.ts';
import { reportOn } from './report.ts';

/** What pages at these moments (ISO 8601) asked of ana. */
function load(pages: readonly string[], more: Parameters<typeof reportOn>[1] = {}): PersonLoad {
  const person = {
    user: 'ana',
    pagedAt: pages.map((text) => Date.parse(text)),
    acknowledgements: 1,
    engagedMs: MINUTE,
  };
  return reportOn([{ people: [person] }], more).people[0]!;
}

const parts = (one: PersonLoad) => ({
  business: one.duringBusiness,
  evenings: one.duringEvenings,
  weekends: one.duringWeekends,
  sleep: one.duringSleep,
  nights: one.nights,
});
const none = { business: 0, evenings: 0, weekends: 0, sleep: 0, nights: 0 };

test('pages that come soon after each other are one interruption, in whatever order they are known', () => {
  const pages = ['2026-01-05T10:09:00Z', '2026-01-05T10:00:00Z', '2026-01-05T10:05:00Z', '2026-01-05T10:14:01Z'];
  expect(load(pages)).toEqual({
    user: 'ana',
    pages: 4,
    interruptions: 2,
    duringBusiness: 2,
    duringEvenings: 0,
    duringWeekends: 0,
    duringSleep: 0,
    nights: 0,
    acknowledgements: 1,
    engagedMs: MINUTE,
  });
});

test.each([
  { when: 'Monday at eight', page: '2026-01-05T08:00:00Z', part: { business: 1 } },
  { when: 'Friday just before six', page: '2026-01-09T17:59:59Z', part: { business: 1 } },
  { when: 'Friday at six', page: '2026-01-09T18:00:00Z', part: { evenings: 1 } },
  { when: 'Friday just before ten', page: '2026-01-09T21:59:59Z', part: { evenings: 1 } },
  { when: 'Friday at ten', page: '2026-01-09T22:00:00Z', part: { sleep: 1, nights: 1 } },
  { when: 'Saturday at noon', page: '2026-01-10T12:00:00Z', part: { weekends: 1 } },
  { when: 'Sunday evening', page: '2026-01-11T21:00:00Z', part: { weekends: 1 } },
  { when: 'Monday just before eight', page: '2026-01-05T07:59:59Z', part: { sleep: 1, nights: 1 } },
])('$when is one kind of time', ({ page, part }) => {
  expect(parts(load([page]))).toEqual({ ...none, ...part });
});

test('a night is one, before midnight and after, and belongs to the day on which it began', () => {
  const pages = ['2026-01-05T22:30:00Z', '2026-01-06T03:00:00Z', '2026-01-06T07:00:00Z', '2026-01-06T23:00:00Z'];
  expect(load(pages)).toMatchObject({ duringSleep: 4, nights: 2 });
});

test('sleep that begins after midnight, and none at all', () => {
  const pages = ['2026-01-05T23:00:00Z', '2026-01-06T01:00:00Z', '2026-01-06T06:30:00Z'];
  expect(parts(load(pages, { sleep: { from: '00:00', until: '06:00' } }))).toEqual({
    ...none,
    evenings: 2,
    sleep: 1,
    nights: 1,
  });
  expect(parts(load(pages, { sleep: { from: '22:00', until: '24:00' } }))).toMatchObject({ sleep: 1, evenings: 2 });
  expect(parts(load(pages, { sleep: { from: '08:00', until: '08:00' } }))).toEqual({ ...none, evenings: 3 });
});

test('hours are those of the person, and of the report where the person has none that are known', () => {
  const page = ['2026-01-05T10:00:00Z'];
  expect(parts(load(page, { zoneOf: () => 'America/Los_Angeles' }))).toEqual({ ...none, sleep: 1, nights: 1 });
  expect(parts(load(page, { zoneOf: () => 'Mars/Olympus', timeZone: 'Asia/Tokyo' }))).toEqual({ ...none, evenings: 1 });
});

test('when the clocks are changed the wall clock counts, and the night stays one', () => {
  // 29 March 2026 in Berlin: 01:59:59 is followed by 03:00:00; on 25 October the hour from 02:00 comes twice.
  const zone = { zoneOf: () => 'Europe/Berlin' };
  const spring = ['2026-03-28T21:30:00Z', '2026-03-29T00:59:00Z', '2026-03-29T05:59:59Z', '2026-03-29T06:00:00Z'];
  expect(parts(load(spring, { ...zone, gapMs: 0 }))).toEqual({ ...none, sleep: 3, nights: 1, weekends: 1 });
  const autumn = ['2026-10-24T20:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T07:00:00Z'];
  expect(parts(load(autumn, zone))).toEqual({ ...none, sleep: 3, nights: 1, weekends: 1 });
});

test('people are in the order of their names, and several incidents add up', () => {
  const one = (user: string, time: string) => ({
    user,
    pagedAt: [Date.parse(time)],
    acknowledgements: 1,
    engagedMs: 3 * MINUTE,
  });
  const { people } = reportOn([
    { people: [one('zoe', '2026-01-05T10:00:00Z')] },
    { people: [one('ana', '2026-01-05T10:00:00Z'), one('zoe', '2026-01-05T10:02:00Z')] },
  ]);
  expect(people).toMatchObject([
    { user: 'ana', pages: 1, interruptions: 1, acknowledgements: 1, engagedMs: 3 * MINUTE },
    { user: 'zoe', pages: 2, interruptions: 1, acknowledgements: 2, engagedMs: 6 * MINUTE },
  ]);
  expect(people[0]).not.toHaveProperty('onCallHours');
});
