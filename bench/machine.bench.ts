/**
 * The machine meanwhile: how long its disk takes to sync, and how busy it is, to read the other figures by.
 *
 * It says nothing of this library, and names no machine.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, fine, percentile } from './figure.ts';
import type { Ground } from './ground.ts';

const SAMPLES = 300;

/** A page of a database written and synced, again and again. */
export async function machine(ground: Ground): Promise<readonly Figure[]> {
  const file = openSync(ground.file('synced'), 'w');
  const page = Buffer.alloc(8_192);
  const took: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const begun = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    took.push(performance.now() - begun);
    await pause(2);
  }
  closeSync(file);
  const load = fine(loadavg()[0] ?? Number.NaN);
  return [
    {
      name: 'the machine meanwhile: one fsync of 8 kB, and how many processes want a core',
      measured: `p50 ${fine(percentile(took, 50))} ms, p99 ${fine(percentile(took, 99))} ms; ${load} for ${availableParallelism()} cores`,
    },
  ];
}
