/**
 * The report: figures of a run, what was broken and how to see it again, and which mutants were caught.
 *
 * Text only.
 */
import type { Outcome } from './run.ts';
import type { Hunt, Summary } from './suite.ts';

const SHOWN = [
  'incidents',
  'commits',
  'events',
  'pages',
  'accepted',
  'sends',
  'duplicates',
  'dead letters',
  'reactions',
  'bundles',
  'put off',
  'brought up',
  'mirrors at rest',
  'messages at rest',
  'late writers',
  'tokens: taken',
  'tokens: used',
  'crashes',
  'storage calls',
  'steps',
];

/** The figures of a run. */
export function figuresText({ seeds, figures, broken }: Summary): string {
  const line = (name: string, value: number) => `  ${name.padEnd(22)} ${String(value).padStart(10)}`;
  const faults = Object.keys(figures)
    .filter((name) => name.startsWith('fault: '))
    .sort();
  return [
    line('seeds', seeds),
    ...SHOWN.map((name) => line(name, figures[name] ?? 0)),
    ...faults.map((name) => line(name, figures[name] ?? 0)),
    line('lost', figures.lost ?? 0),
    line('seeds that broke', broken.length),
  ].join('\n');
}

/** A promise that was broken, what happened before, and how to see it again. */
export function brokenText({ seed, violation, lastLines }: Outcome): string {
  return [
    `Seed ${seed} broke ${violation?.invariant}: ${violation?.text}`,
    ...lastLines.map((line) => `    ${line}`),
    `  See all of it: npm run sim -- --seed ${seed} --seeds 1 --trace`,
  ].join('\n');
}

/** In how many seeds each mutant was caught, and by which promise. */
export function mutantsText(hunts: readonly Hunt[]): string {
  const by = (found: Hunt['by']) =>
    Object.entries(found)
      .map(([invariant, count]) => `${invariant} ${count}`)
      .join(', ');
  return hunts
    .map(({ mutant, seeds, caught, by: found }) =>
      caught === 0
        ? `  SURVIVED ${mutant} (${seeds} seeds)`
        : `  caught   ${mutant.padEnd(46)} in ${caught} of ${seeds} seeds: ${by(found)}`,
    )
    .join('\n');
}
