/**
 * Titles for the rules: regular expressions, each with the titles that it is meant for.
 *
 * Those that hold no literal have no two characters in a row that every match must have. All are the same in RE2 and in JavaScript.
 */

/** A number from 0, below the bound. */
export type Pick = (below: number) => number;
/** A regular expression, and titles that it is found in. */
export type Shape = { readonly pattern: string; readonly title: (number: number) => string };

const LITERAL: readonly ((place: number) => Shape)[] = [
  (place) => ({
    pattern: `replica lag on db-${place}[a-z]? .*\\d+ms`,
    title: (number) => `Database: replica lag on db-${place} has been at ${number}ms for five minutes`,
  }),
  (place) => ({
    pattern: `^(disk|volume) node-${place}-\\d+ .*full`,
    title: (number) => `disk node-${place}-${number} will be full within four hours`,
  }),
  (place) => ({
    pattern: `\\bpod worker-${place}-[a-z0-9]+ (crashed|was killed)`,
    title: (number) => `Kubernetes says that pod worker-${place}-x${number} was killed: out of memory`,
  }),
  (place) => ({
    pattern: `timeout .* queue-${place}\\.internal`,
    title: (number) => `timeout after ${number} ms while connecting to queue-${place}.internal`,
  }),
  (place) => ({
    pattern: `certificate for host${place}\\.\\w+ expires in \\d+ (day|hour)s?`,
    title: (number) => `The certificate for host${place}.example expires in ${number} days`,
  }),
];

const LITERAL_FREE: readonly ((place: number) => Shape)[] = [
  (place) => ({
    pattern: `^[A-Z]{${3 + (place % 12)}}\\d{${2 + (place % 3)}}\\b`,
    title: (number) =>
      `${'ABCDEFGHIJKLMNO'.slice(0, 3 + (place % 12))}${'1234'.slice(0, 2 + (place % 3))} raised by monitor ${number}`,
  }),
  (place) => ({
    pattern: `\\d{1,3}(\\.\\d{1,3}){3}:\\d{${2 + (place % 30)}}\\b`,
    title: (number) =>
      `Connection to 10.0.0.${number % 256}:${'9'.repeat(2 + (place % 30))} was refused, attempt ${number}`,
  }),
  (place) => ({
    pattern: `\\b[a-f]{${4 + (place % 30)}}\\b`,
    title: (number) => `Commit ${'abcdef'.repeat(6).slice(0, 4 + (place % 30))} failed on builder ${number}`,
  }),
  (place) => ({
    pattern: `\\w+@\\w+\\.[a-z]{${2 + (place % 30)}}$`,
    title: (number) =>
      `Mail bounced ${number} times: owner${number}@example.${'zyxwvuts'.repeat(5).slice(0, 2 + (place % 30))}`,
  }),
  (place) => ({
    pattern: `[A-Z]\\d{${2 + (place % 20)}}.*\\b\\d{${1 + (place % 3)}}%`,
    title: (number) =>
      `Shard K${'7'.repeat(2 + (place % 20))} of index ${number} is at ${'95'.padStart(1 + (place % 3), '0').slice(-(1 + (place % 3)))}%`,
  }),
];

/** The regular expression of that number, of a kind. */
export function generate(kind: 'literal' | 'literal-free', place: number): Shape {
  const shapes = kind === 'literal' ? LITERAL : LITERAL_FREE;
  const shape = shapes[place % shapes.length];
  if (shape === undefined) throw new Error('There is no such shape.');
  return shape(kind === 'literal' ? place : Math.floor(place / shapes.length));
}
