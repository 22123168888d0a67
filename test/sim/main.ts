/**
 * `npm run sim -- --seeds 2000 --seed 1`: the simulation on the command line.
 *
 * Ends with 1 when a promise was broken or a mutant survived.
 */
import { parseArgs } from 'node:util';
import { MUTANTS } from './delivery-mutants.ts';
import { brokenText, figuresText, mutantsText } from './report.ts';
import { simulate } from './run.ts';
import { huntAll, runSeeds, seedsFrom } from './suite.ts';

/** More seeds say nothing new about a mutant. */
const MOST_MUTANT_SEEDS = 60;
/** With fewer seeds a mutant that survives means nothing. */
const FEWEST_MUTANT_SEEDS = 40;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    mutant: { type: 'string' },
  },
});
const first = whole('seed', values.seed);
const count = whole('seeds', values.seeds);

process.exitCode = values.trace || values.mutant !== undefined ? await replayed() : await all();

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${name} is ${text}; give a whole number.`);
}

/** One seed, line by line; with `--mutant` the first mutant whose name begins so. */
async function replayed(): Promise<number> {
  const mutant = MUTANTS.find(({ name }) => values.mutant !== undefined && name.startsWith(values.mutant));
  const print = values.trace ? (line: string) => console.log(line) : undefined;
  let broken = 0;
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await simulate(seed, { mutant, print });
    console.log(`seed ${seed}: trace ${outcome.hash}, ${outcome.figures.steps} steps`);
    if (outcome.violation === undefined) continue;
    broken += 1;
    console.log(brokenText({ ...outcome, lastLines: values.trace ? [] : outcome.lastLines }));
  }
  return broken > 0 ? 1 : 0;
}

async function all(): Promise<number> {
  const seeds = seedsFrom(first, count);
  const summary = await runSeeds(seeds, (done) => progress(`${done} of ${seeds.length} seeds`));
  progress('');
  for (const outcome of summary.broken) console.log(`${brokenText(outcome)}\n`);
  console.log(figuresText(summary));
  if (count < FEWEST_MUTANT_SEEDS) return summary.broken.length > 0 ? 1 : 0;
  const hunts = await huntAll(seedsFrom(first, Math.min(count, MOST_MUTANT_SEEDS)), (name) =>
    progress(`mutant: ${name}`),
  );
  progress('');
  console.log(`\nmutants\n${mutantsText(hunts)}`);
  return summary.broken.length > 0 || hunts.some(({ caught }) => caught === 0) ? 1 : 0;
}

/** One line that is written over. */
function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${text}`);
}
