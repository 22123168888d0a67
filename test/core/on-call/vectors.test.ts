/**
 * Every public test vector gives the answer that its source lists, the answer of a policy of ours, or a refusal.
 */
import { expect, test } from 'vitest';
import { vectorCases } from './vectors-all.ts';
import { policies, readings, readVectors } from './vectors-case.ts';

for (const { id, title, expected, answer } of vectorCases) {
  test(`${id}: ${title}`, () => expect(answer()).toEqual(expected));
}

const ids = vectorCases.map(({ id }) => id);

test('no vector is left out, and none is asked twice', () => {
  const files = ['rrule', 'goalert', 'pagerduty-opsgenie'].map((name) => readVectors<Record<string, unknown>>(name));
  const vectors = files.flatMap((file) =>
    Object.values(file)
      .filter((part) => Array.isArray(part))
      .flat(),
  );
  expect(vectors.map(({ id }: { id: string }) => id).toSorted()).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});

test('every rule on which sources disagree has a reading of ours', () => {
  const { vectors } = readVectors<{ vectors: readonly { id: string; contested: boolean }[] }>('rrule');
  const contested = vectors.filter((vector) => vector.contested).map(({ id }) => id);
  expect(contested.length).toBeGreaterThan(0);
  expect(contested.filter((id) => readings[id] === undefined)).toEqual([]);
});

test('every reading is of a vector and by a policy, and no policy goes unused', () => {
  expect(Object.keys(readings).filter((id) => !ids.includes(id))).toEqual([]);
  const used = new Set(Object.values(readings).map(({ policy }) => policy));
  expect([...used].toSorted()).toEqual(Object.keys(policies).toSorted());
});

test('an answer of our own is not the one that the source lists', () => {
  const own = vectorCases.filter(({ id }) => readings[id]?.expected !== undefined);
  expect(own.length).toBeGreaterThan(0);
  for (const { listed, expected } of own) expect(expected).not.toEqual(listed);
});
