/**
 * docs/errors.md is written from the catalogue: `UPDATE_DOCS=1 npx vitest run test/errors-doc.test.ts` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERRORS } from '../src/error-help.ts';

const PAGE = 'docs/errors.md';

const INTRODUCTION = `# What does this error mean?

Every error that Tocsin throws is a \`TocsinError\` with one of these codes; its message says what was asked, what was
found and what to do.

\`details\` holds the facts behind the message, \`cause\` the error that led to it, and \`retryable\` tells whether the same
call can succeed later without being changed. Recognise an error with \`isTocsinError(error, code)\`, not with
\`instanceof\`: an ESM and a CommonJS copy of the library may meet in one process.

This page is written from the catalogue \`ERRORS\`; a code keeps its meaning.
`;

/** The page of a catalogue: one heading for each code, in alphabetical order. */
function errorsPage(
  catalogue: Readonly<Record<string, { readonly retryable: boolean; readonly help: string }>>,
): string {
  const entries = Object.entries(catalogue).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sections = entries.map(
    ([code, { retryable, help }]) =>
      `## ${code}\n\n${help}\n\nRetryable: ${retryable ? 'yes, the same call can succeed later' : 'no'}.\n`,
  );
  return [INTRODUCTION, ...sections].join('\n');
}

test('a page has a heading, the help and the prospects of every code', () => {
  const page = errorsPage({
    LATER: { retryable: true, help: 'Try again.' },
    BROKEN: { retryable: false, help: 'Mend it.' },
  });
  expect(page.slice(INTRODUCTION.length)).toBe(
    '\n## BROKEN\n\nMend it.\n\nRetryable: no.\n\n## LATER\n\nTry again.\n\nRetryable: yes, the same call can succeed later.\n',
  );
});

test('the checked-in page says what the catalogue says', () => {
  const page = errorsPage(ERRORS);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});
