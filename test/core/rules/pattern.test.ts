import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/core/rules/pattern.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { refusal } from './refusal.ts';

const found = (pattern: string, text: string) => compilePattern(pattern, 'found', '').test(text);
const whole = (pattern: string, text: string) => compilePattern(pattern, 'whole', '').test(text);

test('a pattern is found anywhere, or is the whole text', () => {
  expect(['xax', 'bc', 'b'].map((text) => found('a|bc', text))).toEqual([true, true, false]);
  expect(['a', 'bc', 'abc', 'bcx'].map((text) => whole('a|bc', text))).toEqual([true, true, false, false]);
});

describe('RE2 refuses', () => {
  test.each(['(a', 'a(?=b)', '(a)\\1', 'a\\', '[z-a]', '(a{1000}){1000}', '*'])('%s', (pattern) => {
    const { code, path, message } = refusal(() => compilePattern(pattern, 'found', 'rules[2].value'));
    expect({ code, path }).toEqual({ code: 'RULE_INVALID', path: 'rules[2].value' });
    expect(message).toContain(`RE2 refuses the pattern ${JSON.stringify(pattern)} (`);
    expect(message).toContain('no lookaround and no backreferences');
  });

  test('and its own error is the cause', () => {
    try {
      compilePattern('(a', 'found', 'p');
      expect.unreachable();
    } catch (error) {
      expect(isTocsinError(error, 'RULE_INVALID') && error.cause).toMatchObject({ name: 'RE2JSSyntaxException' });
    }
  });
});

describe('a pattern is bounded', () => {
  test('in length', () => {
    expect(found('a'.repeat(4_096), 'a')).toBe(false);
    expect(refusal(() => compilePattern('a'.repeat(4_097), 'found', 'p')).message).toBe(
      'Cannot read p: the pattern has 4097 characters. Use at most 4096.',
    );
  });

  test('in what its repetitions become', () => {
    const { code, message } = refusal(() => compilePattern('((a?){100}){10}', 'found', 'p'));
    expect(code).toBe('RULE_INVALID');
    expect(message).toMatch(
      /becomes \d+ instructions\. Use fewer repetitions, or several patterns in .* at most 1000 /,
    );
  });

  test('in how far it looks into a text', () => {
    const far = (size: number) => `${'-'.repeat(size)}ab1`;
    expect([found('[ab]+\\d', far(16_381)), found('[ab]+\\d', far(16_383))]).toEqual([true, false]);
    expect(whole('-*', `${'-'.repeat(16_384)}x`)).toBe(true);
    const large = '([ab]{30}[0-9]){20}|[ab]\\d';
    expect([found(large, far(1_000)), found(large, far(1_024))]).toEqual([true, false]);
    expect(compilePattern(large, 'found', '').reach).toBe(1_024);
  });

  test('unless it stands for plain texts, which are looked for in all of a text', () => {
    const far = (text: string) => `${'-'.repeat(1_000_000)}${text}`;
    expect([found('ab|cd', far('cd')), found('ab|cd', far('c'))]).toEqual([true, false]);
    expect([found('cd$', far('cd')), found('cd$', far('cdx'))]).toEqual([true, false]);
    expect([found('^-', far('')), found('^x', far('x'))]).toEqual([true, false]);
    expect(compilePattern('ab|cd', 'found', '').reach).toBe(Number.POSITIVE_INFINITY);
  });
});
