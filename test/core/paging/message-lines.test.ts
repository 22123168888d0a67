/**
 * The ready sentences of a message, in two languages.
 */
import { describe, expect, test } from 'vitest';
import { ageText, factsInOne, type LineFacts, linesOf } from '../../../src/core/paging/message-lines.ts';
import { textsFor } from '../../../src/core/paging/message-texts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const AT = Date.UTC(2026, 0, 6, 10);
const english = textsFor('en');
const fresh: LineFacts = {
  purpose: 'step',
  requestedAt: AT,
  sentAt: AT,
  step: 1,
  loop: 1,
  alertCount: 1,
  alsoAsked: [],
  acknowledgedBy: [],
};
const lines = (changes: Partial<LineFacts>) => linesOf({ ...fresh, ...changes }, english);

test('nothing is said of what everybody expects', () => {
  expect(lines({})).toEqual([]);
});

test.each<[string, Partial<LineFacts>, string]>([
  ['severity and service', { severity: 'SEV1', service: 'Checkout' }, 'SEV1 · Checkout'],
  ['a severity alone', { severity: 'SEV1' }, 'SEV1'],
  ['a service alone', { service: 'Checkout' }, 'Checkout'],
  ['its age', { since: AT - 12 * MINUTE }, 'Open for 12 min'],
  ['how late a page is', { requestedAt: AT - 63 * MINUTE }, 'Asked 1 h 3 min ago'],
  ['how late a notice is', { purpose: 'notice', requestedAt: AT - 63 * MINUTE }, 'From 1 h 3 min ago'],
  ['a later step', { step: 2 }, 'Step 2'],
  ['a later round', { loop: 2 }, 'Step 1, round 2'],
  ['several alerts', { alertCount: 2 }, '2 alerts'],
  ['who else was asked', { alsoAsked: ['Ben', 'Chi'] }, 'Also asked: Ben, Chi'],
  ['who has acknowledged', { acknowledgedBy: ['Ben'] }, 'Acknowledged by Ben'],
  ['why a fallback is asked', { purpose: 'fallback' }, 'Nobody has answered yet: you are the fallback'],
  ['why the next shift is asked', { purpose: 'handoff' }, 'You are on call now, and nobody has answered yet'],
  ['why a responder is asked', { purpose: 'responder' }, 'You are asked to join'],
  ['why it may come again', { purpose: 'emergency' }, 'Sent while the database is down; it may come again'],
])('%s is said', (_, changes, line) => {
  expect(lines(changes)).toEqual([line]);
});

test('less than a minute, and a clock that went back, are not worth saying', () => {
  expect(lines({ since: AT - MINUTE, requestedAt: AT - MINUTE })).toEqual([]);
  expect(lines({ since: AT + HOUR, requestedAt: AT + HOUR })).toEqual([]);
  expect(lines({ since: AT - MINUTE - 1 })).toEqual(['Open for 1 min']);
  expect(lines({ since: Number.NaN })).toEqual([]);
});

test('a crowd is counted from the eleventh on, and no line is endless', () => {
  const crowd = Array.from({ length: 13 }, (_, n) => `p${n}`);
  expect(lines({ alsoAsked: crowd })).toEqual(['Also asked: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 3 more']);
  expect(lines({ alsoAsked: crowd.slice(0, 10) })[0]).toMatch(/p9$/);
  expect(lines({ acknowledgedBy: ['x'.repeat(1_000)] })[0]).toHaveLength(256);
});

describe('an age', () => {
  test.each([
    [-1, '0 min'],
    [0, '0 min'],
    [59 * MINUTE + 59_999, '59 min'],
    [HOUR, '1 h'],
    [HOUR + 3 * MINUTE, '1 h 3 min'],
    [DAY - 1, '23 h 59 min'],
    [DAY, '1 d'],
    [DAY + HOUR - 1, '1 d'],
    [3 * DAY + 4 * HOUR + 5 * MINUTE, '3 d 4 h'],
  ])('of %i ms is %s', (ms, text) => {
    expect(ageText(ms, english)).toBe(text);
  });
});

test('an item of a list says all in one sentence, or nothing', () => {
  const facts = { severity: 'SEV1', service: 'Checkout', since: AT - HOUR, sentAt: AT };
  expect(factsInOne(facts, textsFor('de'))).toBe('SEV1 · Checkout, Seit 1 Std. offen');
  expect(factsInOne({ since: AT - HOUR, sentAt: AT }, english)).toBe('Open for 1 h');
  expect(factsInOne({ sentAt: AT }, english)).toBeUndefined();
});
