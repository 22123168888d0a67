import { expect, test } from 'vitest';
import { markdownBlock, markdownLine } from '../../../src/core/text/markdown.ts';

test.each([
  ['plain text, with a dash - and a dot.', 'plain text, with a dash - and a dot.'],
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['a & b', 'a &amp; b'],
  ['![image](https://example.org/x.png)', '\\!\\[image\\](https\\://example.org/x.png)'],
  ['*bold* _it_ `code` ~~no~~', '\\*bold\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~'],
  ['# heading | cell', '\\# heading \\| cell'],
  ['back\\slash', 'back\\\\slash'],
  ['10:30', '10:30'],
  ['two\nlines', 'two lines'],
])('%j is shown as it is written', (text, expected) => {
  expect(markdownLine(text)).toBe(expected);
});

test('a block is fenced', () => {
  expect(markdownBlock('one\ntwo')).toBe('```text\none\ntwo\n```');
});

test('the fence of a block is longer than any run of backticks within it', () => {
  expect(markdownBlock('a ```` b ` c')).toBe('`````text\na ```` b ` c\n`````');
});

test('control characters do not reach a block', () => {
  expect(markdownBlock('a\u0000b\u001b[31m')).toBe('```text\nab[31m\n```');
});
