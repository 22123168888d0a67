/**
 * The scores in docs/on-call.md are those that the vectors give: `UPDATE_DOCS=1 npx vitest run test/on-call-scores` writes them
 * anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { vectorCases } from './core/on-call/vectors-all.ts';
import { policies, readings, type VectorCase, type Verdict } from './core/on-call/vectors-case.ts';

const PAGE = 'docs/on-call.md';
const SECTION = /<!-- scores -->\n.*<!-- \/scores -->\n/s;

test('the checked-in scores are those of today', () => {
  const section = `<!-- scores -->\n${scores(vectorCases)}<!-- /scores -->\n`;
  const updated = readFileSync(PAGE, 'utf8').replace(SECTION, () => section);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, updated);
  expect(SECTION.exec(readFileSync(PAGE, 'utf8'))?.[0]).toBe(section);
});

test('a vector that fails scores nowhere', () => {
  const one = { id: 'x', title: '', suite: 'Suite', verdict: 'source', expected: 1 } as const;
  const failing = { ...one, answer: () => 2 };
  const throwing = {
    ...one,
    answer() {
      throw new Error('no answer');
    },
  };
  expect(rowOf('Suite', [{ ...one, answer: () => 1 }, failing, throwing])).toBe('| Suite | 3 | 1 | 0 | 0 |');
});

function scores(cases: readonly VectorCase[]): string {
  const suites = Map.groupBy(cases, ({ suite }) => suite);
  const rows = [...suites].map(([suite, members]) => rowOf(suite, members));
  return `## How do we know?

From public test vectors: ${cases.length} inputs and outputs of other systems, of recurrence libraries and of RFC 5545, in
\`test/vectors\`. \`npm test\` asks every one of them, and this table is what it finds.

| vectors of | asked | as the source says | by our policy | rightly refused |
|---|---:|---:|---:|---:|
${[...rows, rowOf('**all**', cases)].join('\n')}

None is set aside. Refused, with the reason: rules that step by minutes or seconds, combinations that RFC 5545 forbids, a
rule that never occurs, and a restriction without a beginning. Where sources disagree with each other or with us, a policy
decides:

${Object.keys(policies).map(policyLine).join('\n')}
`;
}

function rowOf(suite: string, cases: readonly VectorCase[]): string {
  const passing = cases.filter(passes);
  const count = (verdict: Verdict) => passing.filter((one) => one.verdict === verdict).length;
  return `| ${suite} | ${cases.length} | ${count('source')} | ${count('policy')} | ${count('refused')} |`;
}

function passes({ answer, expected }: VectorCase): boolean {
  try {
    return isDeepStrictEqual(answer(), expected);
  } catch {
    return false;
  }
}

function policyLine(name: string): string {
  const decided = Object.entries(readings).filter(([, { policy }]) => policy === name);
  const { ours = '', others = '' } = policies[name] ?? {};
  return `- ${ours} ${others} (${decided.map(([id]) => id).join(', ')})`;
}
