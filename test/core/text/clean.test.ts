import { expect, test } from 'vitest';
import { cleanText, oneLine } from '../../../src/core/text/clean.ts';

test('control characters are taken out, newline and tab stay', () => {
  const controls = Array.from({ length: 0xa1 }, (_, code) => String.fromCharCode(code)).join('');
  const printable = controls.slice(0x20, 0x7f);
  expect(cleanText(controls)).toBe(`\t\n${printable}\u00a0`);
});

test('bidirectional overrides and isolates are taken out, their neighbours stay', () => {
  const around = Array.from({ length: 0x10 }, (_, offset) => String.fromCharCode(0x2028 + offset)).join('');
  expect(cleanText(around)).toBe('\u2028\u2029\u202f\u2030\u2031\u2032\u2033\u2034\u2035\u2036\u2037');
  expect(cleanText('\u2065a\u2066b\u2067c\u2068d\u2069e\u206a')).toBe('\u2065abcde\u206a');
});

test('a lone surrogate becomes the replacement character, a pair stays', () => {
  expect(cleanText('a\ud83db\ude00c😀')).toBe('a\ufffdb\ufffdc😀');
});

test('two halves that a control character kept apart become one character', () => {
  expect(cleanText('\ud83d\u0000\ude00')).toBe('😀');
});

test('one line has single spaces and none at its ends', () => {
  expect(oneLine(' \t disk\r\n\n full\u2028 now\u00a0\u0000 ')).toBe('disk full now');
  expect(oneLine(' \u0000\n ')).toBe('');
});

test('a control character between words joins nothing that white space kept apart', () => {
  expect(oneLine('disk\rfull')).toBe('disk full');
  expect(oneLine('di\u0007sk')).toBe('disk');
});

test('what is taken out between two spaces leaves one', () => {
  expect(oneLine('! \u0001 !')).toBe('! !');
  expect(oneLine('a\rb')).toBe('a b');
});
