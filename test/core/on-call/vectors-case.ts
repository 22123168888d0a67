/**
 * Vector cases: a public test vector as the answer to expect and the way to ask for ours.
 *
 * Where sources disagree, test/vectors/readings.json says which answer is ours, and why. Nothing here computes one.
 */
import { readFileSync } from 'node:fs';
import { caught } from './caught.ts';

/** As the source says, by a policy of ours, or refused. */
export type Verdict = 'source' | 'policy' | 'refused';

/** One vector. Both answers are plain data, their instants in UTC. */
export type VectorCase = {
  readonly id: string;
  readonly title: string;
  /** The row of the table of scores. */
  readonly suite: string;
  readonly verdict: Verdict;
  /** What the source lists, of a vector that is not refused. */
  readonly listed?: unknown;
  /** What we hold to be right. */
  readonly expected: unknown;
  readonly answer: () => unknown;
};

type About = Pick<VectorCase, 'id' | 'title' | 'suite'>;

type Readings = {
  /** What we hold, and what others do, by name. */
  readonly policies: Readonly<Record<string, { readonly ours: string; readonly others: string }>>;
  /** By vector: the policy that decides, and our answer where the source lists another. */
  readonly readings: Readonly<Record<string, { readonly policy: string; readonly expected?: unknown }>>;
};

export const { policies, readings } = readVectors<Readings>('readings');

/** The content of a file of vectors. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(`test/vectors/${name}.json`, 'utf8')) as T;
}

/** A vector that has an answer: that of the source, unless our reading is another. */
export function vectorCase(about: About, { listed, answer }: Pick<VectorCase, 'listed' | 'answer'>): VectorCase {
  const reading = readings[about.id];
  return {
    ...about,
    verdict: reading === undefined ? 'source' : 'policy',
    listed: comparable(listed),
    expected: comparable(reading?.expected ?? listed),
    answer: () => comparable(answer()),
  };
}

/** A vector that must be refused, with a message that names what it `blames`. */
export function refusedCase(about: About, { blames, ask }: { blames: string; ask: () => unknown }): VectorCase {
  return {
    ...about,
    verdict: 'refused',
    expected: { code: 'SCHEDULE_INVALID', blamed: [blames] },
    answer() {
      const { code, message } = caught(ask);
      return { code, blamed: [blames].filter((words) => message.includes(words)) };
    },
  };
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Plain data in which every instant, whatever its offset, is written in UTC. */
function comparable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_, part: unknown) =>
    typeof part === 'string' && INSTANT.test(part) ? new Date(part).toISOString() : part,
  );
}
