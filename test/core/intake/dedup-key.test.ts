import { describe, expect, test } from 'vitest';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { dedupKeyOf } from '../../../src/core/intake/dedup-key.ts';
import { compileField } from '../../../src/core/rules/field.ts';
import { isTocsinError } from '../../../src/errors.ts';

const keyOf = (fields: Record<string, unknown>, dedupFields?: readonly string[]) =>
  dedupKeyOf(cleanEvent({ action: 'trigger', ...fields }), {
    dedupFields: dedupFields?.map((field) => compileField(field, 'dedupFields')),
  });

describe('the key comes', () => {
  test('from the event, whatever the route says', () => {
    expect(keyOf({ dedupKey: 'k', labels: { a: '1' } }, ['labels.a'])).toEqual({ key: 'k', from: 'event' });
  });

  test('from the fields of the route', () => {
    expect(
      keyOf({ labels: { a: '1' }, details: { b: [2] } }, ['labels.a', 'labels.x', 'details.b', 'routeKey']),
    ).toEqual({
      key: '["1",null,[2],"default"]',
      from: 'fields',
    });
  });

  test('from source and title when the route has no fields or the event none of them', () => {
    expect(keyOf({ title: 'Disk full', source: 'p' })).toEqual({ key: '["p","Disk full"]', from: 'title' });
    expect(keyOf({ title: 'Disk full' }, [])).toEqual({ key: '[null,"Disk full"]', from: 'title' });
    expect(keyOf({ title: 'Disk full', source: 'p' }, ['labels.x', 'labels.y'])).toEqual({
      key: '["p","Disk full"]',
      from: 'title',
    });
  });
});

test('values that read the same when joined keep different keys', () => {
  const key = (a: string, b: string) => keyOf({ labels: { a, b } }, ['labels.a', 'labels.b']).key;
  expect(key('x', 'yz')).not.toBe(key('xy', 'z'));
  expect(key('x","y', 'z')).not.toBe(key('x', 'y","z'));
});

describe('a long key', () => {
  const titled = (title: string) => keyOf({ title }).key;

  test('of exactly 1,024 characters stays as it is', () => {
    const title = 't'.repeat(1_024 - '[null,""]'.length);
    expect(titled(title)).toBe(`[null,"${title}"]`);
  });

  test('beyond that keeps its beginning and ends in a fingerprint', () => {
    const key = titled('t'.repeat(1_016));
    expect(key).toHaveLength(1_024);
    expect(key).toMatch(/^\[null,"t{988}#[0-9a-f]{28}$/);
    expect(key).toBe(titled('t'.repeat(1_016)));
  });

  test('differs for texts that differ only at their end', () => {
    const keys = Array.from(
      { length: 2_000 },
      (_, n) => keyOf({ labels: { a: `${'x'.repeat(2_000)}${n}` } }, ['labels.a']).key,
    );
    expect(new Set(keys).size).toBe(2_000);
    const halves = keys.map((key) => [key.slice(-28, -14), key.slice(-14)]);
    expect(new Set(halves.map(([first]) => first)).size).toBe(2_000);
    expect(new Set(halves.map(([, second]) => second)).size).toBe(2_000);
  });

  test('has the fingerprint of cyrb53 with the seeds 1 and 2', () => {
    expect(titled('t'.repeat(1_016)).slice(-28)).toBe('042cb181773ff3161bc97da48754');
  });

  test('is never cut inside a character', () => {
    for (const lead of ['', 'a']) {
      const key = keyOf({ labels: { a: `${lead}${'😀'.repeat(1_000)}` } }, ['labels.a']).key;
      expect(() => encodeURIComponent(key)).not.toThrow();
      expect(key.length).toBeGreaterThan(1_020);
    }
  });
});

test('a malformed field is refused', () => {
  try {
    keyOf({}, ['labels.__proto__']);
    expect.unreachable();
  } catch (error) {
    expect(isTocsinError(error, 'RULE_INVALID') && error.details).toEqual({ path: 'dedupFields' });
  }
});
