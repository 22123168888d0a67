/**
 * A fresh process that asks who is on call, says what that took, and ends.
 *
 * Its argument says what it asks: `first` (the very first question, and the first of rules with days that nobody named
 * before), or `kept` or `dropped` (ten thousand schedules, made and asked once each). It writes one line of JSON.
 */
import { differentSchedules, momentsOf2035, THREE_LAYERS } from './on-call-samples.ts';

const COUNT = 10_000;

/** In ms; the first questions of rules ascend. */
export type FirstAnswered = {
  readonly importMs: number;
  readonly createMs: number;
  readonly askMs: number;
  readonly newDaysMs: readonly number[];
};

/** In ms and bytes; `people` is how many were on call in all. */
export type ManyAnswered = {
  readonly people: number;
  readonly createMs: number;
  readonly askMs: number;
  readonly grownRss: number;
  readonly grownHeap: number;
};

const what = process.argv[2];
console.log(JSON.stringify(what === 'first' ? await first() : await many(what === 'kept')));

async function first(): Promise<FirstAnswered> {
  const [moment = new Date(0)] = momentsOf2035(1);
  const begun = performance.now();
  const { createSchedule, createRecurrence } = await import('../src/core/on-call/index.ts');
  const imported = performance.now();
  const schedule = createSchedule(THREE_LAYERS);
  const created = performance.now();
  schedule.onCallAt(moment);
  const answered = performance.now();

  const rules = [1, 2, 3, 4, -1, -2, -3, -4].flatMap((nth) =>
    ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'].map((day) => `FREQ=MONTHLY;BYDAY=${nth}${day}`),
  );
  const newDaysMs = rules.map((rrule) => {
    const askedAt = performance.now();
    createRecurrence({ start: '2015-01-05T09:00:00', rrule, timeZone: 'America/New_York' }).before(moment);
    return performance.now() - askedAt;
  });
  return { importMs: imported - begun, createMs: created - imported, askMs: answered - created, newDaysMs };
}

async function many(isKept: boolean): Promise<ManyAnswered> {
  const { createSchedule } = await import('../src/core/on-call/index.ts');
  const inputs = differentSchedules(COUNT);
  const moments = momentsOf2035(COUNT);
  const kept: unknown[] = [];
  let [people, createMs, askMs] = [0, 0, 0];
  globalThis.gc?.();
  const before = process.memoryUsage();
  inputs.forEach((input, index) => {
    const begun = performance.now();
    const schedule = createSchedule(input);
    const created = performance.now();
    people += schedule.onCallAt(moments[index] ?? 0).length;
    askMs += performance.now() - created;
    createMs += created - begun;
    if (isKept) kept.push(schedule);
  });
  const grownRss = process.memoryUsage.rss() - before.rss;
  globalThis.gc?.();
  const grownHeap = process.memoryUsage().heapUsed - before.heapUsed;
  // Each has a layer without restrictions, and that of one person a turn.
  if (people !== COUNT) throw new Error(`${people} were on call for ${COUNT} schedules, ${kept.length} of them kept.`);
  return { people, createMs, askMs, grownRss, grownHeap };
}
