/**
 * The measurements behind docs/performance.md: `npm run bench`, or `npm run bench -- latency storm` for some of them.
 *
 * Ratios are taken within one run. Nothing is written into the repository; a target that is missed is said, not an error.
 */
import { alertStorm } from './alert-storm.bench.ts';
import { announce } from './announce.bench.ts';
import { delivery } from './delivery.bench.ts';
import { duplicates } from './duplicates.bench.ts';
import { type Figure, tableOf } from './figure.ts';
import { createGround, type Measurement } from './ground.ts';
import { intake } from './intake.bench.ts';
import { latency } from './latency.bench.ts';
import { lateness } from './lateness.bench.ts';
import { machine } from './machine.bench.ts';
import { endToEndTogether, portTogether } from './many-at-once.bench.ts';
import { message } from './message.bench.ts';
import { numbers } from './numbers.bench.ts';
import { onCall } from './on-call.bench.ts';
import { rules } from './rules.bench.ts';
import { postgresCommits, sqliteCommits } from './single-commits.bench.ts';
import { start } from './start.bench.ts';
import { statusPage } from './status-page.bench.ts';
import { statusPictures } from './status-picture.bench.ts';
import { storm } from './storm.bench.ts';

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  machine,
  'on-call': onCall,
  message,
  rules,
  'status-picture': statusPictures,
  'status-page': statusPage,
  'sqlite-commits': sqliteCommits,
  'postgres-commits': postgresCommits,
  'port-together': portTogether,
  'end-to-end-together': endToEndTogether,
  duplicates,
  delivery,
  announce,
  latency,
  lateness,
  start,
  storm,
  numbers,
  intake,
  'alert-storm': alertStorm,
};

// An end by `exit` leaves no folder behind; the server ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const begun = performance.now();
const say = (text: string) =>
  console.error(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${text}`);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => MEASUREMENTS[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}. There are: ${Object.keys(MEASUREMENTS).join(', ')}.`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  say(name);
  const ground = createGround((text) => say(`  ${text}`));
  try {
    figures.push(...(await measure(ground)));
  } catch (error) {
    figures.push({
      name,
      measured: `could not be measured: ${String(error).split('\n')[0]}`,
      isMet: false,
    });
    console.error(error);
    process.exitCode = 1;
  } finally {
    await ground.close();
  }
}
console.log(`\n${tableOf(figures)}`);
console.log('The kills are counted by a run of their own: npm run kill -- --kills 1000');
