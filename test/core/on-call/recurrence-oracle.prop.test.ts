import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecurrence } from '../../../src/core/on-call/index.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { DAY, localText, MINUTE } from './oracle/clock.ts';
import { inWindow, lastUpTo, walk } from './oracle/recurrence.ts';
import { pushedArb, type RandomRecurrence, recurrenceArb } from './oracle/rule-arb.ts';

/** A share of the walked time, or of the occurrences. */
const shareArb = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const questionsArb = fc.array(fc.tuple(shareArb, fc.constantFrom(-1, 0, 1)), { minLength: 15, maxLength: 15 });

/** The same with some of its own occurrences taken away. */
function without(random: RandomRecurrence, shares: readonly number[]): RandomRecurrence {
  const { locals } = walk(random.input, random.horizon);
  const own = shares.flatMap((share) => locals[Math.floor(share * locals.length)] ?? []).map(localText);
  return { ...random, input: { ...random.input, exdates: [...(random.input.exdates ?? []), ...own] } };
}

function made({ input }: RandomRecurrence) {
  try {
    return createRecurrence(input);
  } catch (error) {
    if (isTocsinError(error, 'SCHEDULE_INVALID')) return undefined;
    throw error;
  }
}

const dateOf = (at: number | undefined) => (at === undefined ? undefined : new Date(at));

/** Asks a recurrence, and whoever walked through every day, the same questions. */
function expectAgreement(random: RandomRecurrence, questions: readonly (readonly [number, number])[]): void {
  const { start, horizon, input, changes } = random;
  const walked = walk(input, horizon);
  const recurrence = made(random);
  const { instants, isComplete, clock } = walked;
  if (instants.length === 0 && isComplete) expect(recurrence).toBeUndefined();
  // What does not occur before the horizon may occur after it, or never.
  if (recurrence === undefined) expect(instants).toEqual([]);
  if (recurrence === undefined) return;

  for (const [share] of instants.length > 0 ? questions : []) {
    const index = Math.floor(share * instants.length);
    expect([index, recurrence.at(index)]).toEqual([index, dateOf(instants[index])]);
  }
  expect(recurrence.at(-1)).toBeUndefined();
  if (isComplete) expect(recurrence.at(instants.length)).toBeUndefined();
  const beyond = recurrence.at(instants.length);
  if (beyond !== undefined) expect(+beyond).toBeGreaterThanOrEqual(clock.toInstant(horizon));

  const [fromAt, lastAt] = [clock.toInstant(start) - 3 * DAY, clock.toInstant(horizon) - 3 * DAY];
  for (const [share, shift] of questions) {
    const occurrence = instants[Math.floor(share * instants.length)] ?? fromAt;
    // Any moment, one beside an occurrence, and one in the day around a change of the clocks.
    const any = Math.round(fromAt + share * (lastAt - fromAt));
    const change = (changes[Math.floor(((share * 1_000) % 1) * changes.length)] ?? any) + shift;
    const nearChange = change + Math.round((share - 0.5) * 100) * 15 * MINUTE;
    for (const at of [any, occurrence + shift, nearChange].filter((one) => one < lastAt)) {
      expect([at, recurrence.indexAt(at)]).toEqual([at, lastUpTo(at, walked)]);
      const before = instants.filter((instant) => instant < at);
      expect([at, recurrence.before(at)]).toEqual([at, dateOf(before.length > 0 ? Math.max(...before) : undefined)]);
      const after = instants.filter((instant) => instant > at);
      if (after.length === 0 && !isComplete) continue;
      expect([at, recurrence.after(at)]).toEqual([at, dateOf(after.length > 0 ? Math.min(...after) : undefined)]);
    }
  }
  const [from, until] = [questions[0]?.[0] ?? 0, questions[1]?.[0] ?? 1]
    .toSorted((a, b) => a - b)
    .map((share) => Math.round(fromAt + share * Math.min(lastAt - fromAt, 3_000 * DAY)));
  if (from === undefined || until === undefined || from >= until) return;
  const window = { from, until };
  expect(recurrence.between(window)).toEqual(inWindow(window, walked).map((at) => new Date(at)));
}

for (const freq of ['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const) {
  test(`a ${freq} rule occurs when whoever walks through every day finds that it does`, () => {
    fc.assert(
      fc.property(
        recurrenceArb(freq),
        fc.array(shareArb, { maxLength: 3 }),
        questionsArb,
        (random, removed, questions) => expectAgreement(without(random, removed), questions),
      ),
      { numRuns: Number(process.env.RUNS ?? 80) },
    );
  });
}

test('occurrences that a gap pushes past others are found like any other', () => {
  fc.assert(
    fc.property(pushedArb(), questionsArb, (random, questions) => expectAgreement(random, questions)),
    { numRuns: Number(process.env.RUNS ?? 80) },
  );
});
