/**
 * The pictures of the statechart in the documents are those that the machine draws.
 */
import { readFileSync } from 'node:fs';
import { diagram, type Region } from 'tocsin/lifecycle';
import { expect, test } from 'vitest';

const PICTURE = /<!-- statechart:(\w+) -->\n(.*?)<!-- \/statechart -->/gs;

test('README.md shows the gist of paging as the machine draws it', () => {
  const pictures = [...readFileSync('README.md', 'utf8').matchAll(PICTURE)];
  expect(pictures.map(([, region]) => region)).toEqual(['paging']);
  expect(pictures[0]?.[2]).toBe(`\`\`\`mermaid\n${diagram('paging', { gist: true })}\n\`\`\`\n`);
});

test('docs/statechart.md shows every region as the machine draws it', () => {
  const pictures = [...readFileSync('docs/statechart.md', 'utf8').matchAll(PICTURE)];
  expect(pictures.map(([, region]) => region)).toEqual([
    'phase',
    'alerts',
    'paging',
    'urgency',
    'roles',
    'tasks',
    'updates',
    'review',
  ]);
  for (const [, region, picture] of pictures) {
    expect(picture).toBe(`\`\`\`mermaid\n${diagram(region as Region)}\n\`\`\`\n`);
  }
});
