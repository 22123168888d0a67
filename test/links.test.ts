/**
 * Links of the documents: whatever a page points to in this repository exists.
 *
 * It never asks the network: links with a scheme are left alone.
 */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';

const documents = globSync(['README.md', 'CONTRIBUTING.md', 'docs/**/*.md'])
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.startsWith('docs/api/'))
  .toSorted();

const links = documents.flatMap((file) => linksOf(readFileSync(file, 'utf8')).map((link) => ({ file, link })));

test('there are links to check', () => {
  expect(links.length).toBeGreaterThan(0);
});

test.each(links)('$file points to $link, which is a file', ({ file, link }) => {
  const target = resolve(dirname(file), decodeURI(link.replace(/[?#].*$/, '')));
  expect(existsSync(target) && statSync(target).isFile()).toBe(true);
});

test('links are found in text, not in code', () => {
  const text =
    '[a](a.md) ![b](b.png "B") `[c](c.md)` [d](https://example.com/d) [e](#e)\n```ts\n[f](f.md)\n```\n[g]: g.md\n';
  expect(linksOf(text)).toEqual(['a.md', 'b.png', 'g.md']);
});

/** The relative links of a Markdown text; code, web addresses and links within the page are no such links. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^[ \t]*```[^\n]*\n[\s\S]*?^[ \t]*```[ \t]*$/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(\s*<?([^)>\s]+)|^\[[^\]]+\]:\s*(\S+)/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? '')
    .filter((link) => !/^([a-z][a-z0-9+.-]*:|#|\/\/)/i.test(link));
}
