/**
 * The suite: many seeds of the code as it is, and the seeds of each mutant until it is caught.
 *
 * It only counts; how it is told is in report.ts.
 */
import { readFileSync } from 'node:fs';
import { MUTANTS } from './delivery-mutants.ts';
import type { Mutant } from './mutants.ts';
import { type Outcome, simulate } from './run.ts';

/** What became of many seeds. */
export type Summary = {
  readonly seeds: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly broken: readonly Outcome[];
};

/** In how many of its seeds a mutant was caught, and by which promise. */
export type Hunt = {
  readonly mutant: string;
  readonly seeds: number;
  readonly caught: number;
  readonly by: Readonly<Record<string, number>>;
};

/** Seeds that once broke a promise: they are always run first. */
export function regressions(): readonly number[] {
  return JSON.parse(readFileSync(new URL('./regressions.json', import.meta.url), 'utf8')) as number[];
}

/** `seeds`, and before them the one in which this mutant was caught when that was written down: it is likely to be again. */
export function seedsFor({ name }: Mutant, seeds: readonly number[]): readonly number[] {
  const known = JSON.parse(readFileSync(new URL('./caught-in.json', import.meta.url), 'utf8')) as Record<
    string,
    number
  >;
  return [...new Set([...(known[name] === undefined ? [] : [known[name]]), ...seeds])];
}

/** `count` seeds from `first` on, after those that once broke a promise. */
export function seedsFrom(first: number, count: number): readonly number[] {
  return [...new Set([...regressions(), ...Array.from({ length: count }, (_, index) => first + index)])];
}

/** Runs the code as it is; `told` hears of each seed. */
export async function runSeeds(seeds: readonly number[], told: (done: number) => void = () => {}): Promise<Summary> {
  const figures: Record<string, number> = {};
  const broken: Outcome[] = [];
  for (const [index, seed] of seeds.entries()) {
    const outcome = await simulate(seed);
    for (const [figure, count] of Object.entries(outcome.figures)) figures[figure] = (figures[figure] ?? 0) + count;
    if (outcome.violation !== undefined) broken.push(outcome);
    told(index + 1);
  }
  return { seeds: seeds.length, figures, broken };
}

/** Runs a mutant; `isEnough` ends the hunt when it was caught once. */
export async function hunt(mutant: Mutant, seeds: readonly number[], isEnough: boolean): Promise<Hunt> {
  const by: Record<string, number> = {};
  let run = 0;
  let caught = 0;
  for (const seed of seeds) {
    run += 1;
    const { violation } = await simulate(seed, { mutant });
    if (violation === undefined) continue;
    caught += 1;
    by[violation.invariant] = (by[violation.invariant] ?? 0) + 1;
    if (isEnough) break;
  }
  return { mutant: mutant.name, seeds: run, caught, by };
}

/** Every mutant over the same seeds. */
export async function huntAll(seeds: readonly number[], told: (name: string) => void): Promise<readonly Hunt[]> {
  const hunts: Hunt[] = [];
  for (const mutant of MUTANTS) {
    told(mutant.name);
    hunts.push(await hunt(mutant, seeds, false));
  }
  return hunts;
}
