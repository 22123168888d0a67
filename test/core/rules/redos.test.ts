/**
 * Patterns that make backtracking engines hang, each against the text that does it: answered at once, or refused when they are compiled.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/core/rules/condition.ts';
import { cpuMsOf, LIMIT_MS } from './cpu-time.ts';

const LENGTH = 50_000;
const many = (part: string, end = '!') => part.repeat(Math.ceil(LENGTH / part.length)) + end;
const outcomes = { answered: 0, refused: 0 };

const ATTACKS: readonly (readonly [pattern: string, text: string])[] = [
  // A repetition inside a repetition.
  ['(a+)+$', many('a')],
  ['^(a+)+$', many('a')],
  ['(a*)*$', many('a')],
  ['(a*)+b', many('a')],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', many('a')],
  ['(([a-z]+)*)*Z', many('z')],
  ['(\\w+\\s?)+$', many('word ')],
  ['^(\\w+\\s?)*$', many('word ')],
  ['([0-9]+)+#', many('0')],
  ['^(?:(?:x+x+)+y)+$', many('x')],
  ['(x+x+)+y', many('x')],
  ['(.+)+[^.]\\n', many('a.')],
  // Alternatives that start alike.
  ['(a|aa)+$', many('a')],
  ['(a|a?)+$', many('a')],
  ['^(a|ab|b)*c$', many('ab')],
  ['(\\d|\\d\\d)+x', many('1')],
  ['^([a-z]|[a-c]|\\w)+$', many('b')],
  ['(?:a|b|ab)*(?:a|b|ab)*$', many('ab')],
  ['(foo|foobar|o+)*baz', many('foo')],
  // The same thing many times.
  ['(.*a){20}', many('a')],
  ['(.*a){20}$', many('a')],
  ['^(.*,){11}P', many('1,')],
  ['(a?){50}a{50}$', many('a')],
  ['(a{1,30}){1,30}b', many('a')],
  ['(?:a?b?c?){40}d$', many('abc')],
  ['.*.*=.*', many('x')],
  ['.*.*.*.*.*;$', many('x')],
  ['\\s*\\s*\\s*\\s*$', many(' ')],
  ['^\\s+|\\s+$', many(' ', 'x')],
  // All of it at each place.
  ['[ab]*c', many('ab')],
  ['\\s+$', many(' ', 'x')],
  ['"[^"]*(?:""[^"]*)*"$', many('"')],
  ['<[^>]*>[^<]*</', many('<')],
  ['(\\w+\\.)+\\w+:\\d+$', many('a.')],
  // As they are found in the wild: addresses, links, versions, headers.
  ['^([a-zA-Z0-9_.+-]+)+@([a-zA-Z0-9-]+\\.)+[a-zA-Z]{2,}$', many('a')],
  ['^([a-zA-Z0-9])(([.-]|[_]+)?([a-zA-Z0-9]+))*@([a-z0-9]+\\.)+[a-z]{2,3}$', many('a')],
  ['^(https?://)?([\\da-z.-]+)\\.([a-z.]{2,6})([/\\w .-]*)*/?$', `http://a.bc${many('/')}`],
  ['(https?:\\/\\/(?:www\\.|)[a-z0-9]+(?:-[a-z0-9]+)*\\.)+[^\\s]{2,}', many('https://a.')],
  ['^(\\d+\\.)+(\\d+)(-([\\w-]+\\.?)+)?(\\+([\\w-]+\\.?)+)?$', `1.0.0-${many('a-')}`],
  ['^(\\(?\\+?[0-9]*\\)?)?[0-9_\\- ()]*$', many('0', 'x')],
  ['((?:\\r\\n)?[ \\t])*;charset=([^;]+)+$', many(' \t')],
  ['(?i)^(([a-z])|([0-9])|(_))+(-(([a-z])|([0-9])))*$', many('aA')],
  // What an automaton of sets cannot keep small.
  ['[ab]*a[ab]{12}c', many('abbaab')],
  ['(a|b)*a(a|b){14}[c-e]', many('aababba')],
  ['a.{60}[c-e]', many('aabab')],
  ['a.{250}[c-e]', many('aabab')],
  ['a.{900}[c-e]', many('aabab')],
  ['(([a-c]{1,9}){1,9}){1,9}[d-f]', many('abc')],
  ['((a{0,30}){0,30}){0,30}$', many('a')],
];

describe.each(['found', 'whole'] as const)('%s', (mode) => {
  test.each(ATTACKS)('%s holds nothing up', (pattern, text) => {
    const fact = { title: text, labels: { title: text } };
    const condition =
      mode === 'found'
        ? { field: 'title', op: 'matches' as const, value: pattern }
        : `title=~"${pattern.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    // Compiled anew each time: an automaton that is warm would have it easy.
    const { end, ms } = cpuMsOf(() => void compileCondition(condition).test(fact, 0));
    outcomes[end === 'answered' ? 'answered' : 'refused'] += 1;
    expect(['answered', 'RULE_INVALID']).toContain(end);
    expect(ms).toBeLessThan(LIMIT_MS);
  });
});

afterAll(() => expect(outcomes.answered).toBeGreaterThan(80));
