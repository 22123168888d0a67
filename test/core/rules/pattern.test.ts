import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/core/rules/pattern.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { refusal } from './refusal.ts';

// Far above what it takes even on a busy machine, far below what a quadratic or exponential way would take.
const HANGS_MS = 10_000;

test('a pattern is found anywhere, or is the whole text', () => {
  const { found, whole } = compilePattern('a|bc', '');
  expect([found('xax'), found('bc'), found('b')]).toEqual([true, true, false]);
  expect([whole('a'), whole('bc'), whole('abc'), whole('bcx')]).toEqual([true, true, false, false]);
});

test.each(['(a+)+$', '(a|aa)+$', '(.*a){20}$'])('the catastrophic pattern %s takes no time', (pattern) => {
  const { found, whole } = compilePattern(pattern, '');
  const text = `${'a'.repeat(10_000)}b`;
  const before = performance.now();
  expect(found(text)).toBe(false);
  expect(whole(text)).toBe(false);
  expect(performance.now() - before).toBeLessThan(HANGS_MS);
});

describe('RE2 refuses', () => {
  test.each(['(a', 'a(?=b)', '(a)\\1', 'a\\', '[z-a]', '(a{1000}){1000}', '*'])('%s', (pattern) => {
    const { code, path, message } = refusal(() => compilePattern(pattern, 'rules[2].value'));
    expect({ code, path }).toEqual({ code: 'RULE_INVALID', path: 'rules[2].value' });
    expect(message).toContain(`RE2 refuses the pattern ${JSON.stringify(pattern)} (`);
    expect(message).toContain('no lookaround and no backreferences');
  });

  test('and its own error is the cause', () => {
    try {
      compilePattern('(a', 'p');
      expect.unreachable();
    } catch (error) {
      expect(isTocsinError(error, 'RULE_INVALID') && error.cause).toMatchObject({ name: 'RE2JSSyntaxException' });
    }
  });
});

describe('a pattern is bounded', () => {
  test('in length', () => {
    expect(compilePattern('a'.repeat(4_096), '').found('a')).toBe(false);
    expect(refusal(() => compilePattern('a'.repeat(4_097), 'p')).message).toBe(
      'Cannot read p: the pattern has 4097 characters. Use at most 4096.',
    );
  });

  test('in what its repetitions become', () => {
    const { code, message } = refusal(() => compilePattern('((a?){100}){10}'.repeat(60), 'p'));
    expect(code).toBe('RULE_INVALID');
    expect(message).toMatch(/becomes \d+ instructions\. Use fewer repetitions; at most 5000 /);
  });
});
