/**
 * Schedules: who is on call, asked warm and cold, the shifts of a year, and ten thousand schedules in a fresh process.
 *
 * What one schedule says when it is warm is compared with what fresh ones and the shifts of the year say.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRecurrence, createSchedule } from '../src/core/on-call/index.ts';
import { atLeast, type Figure, fine, median, percentile, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import type { FirstAnswered, ManyAnswered } from './on-call-node.ts';
import { RULES, temporalRule, ZONE } from './on-call-peers.ts';
import { momentsOf2035, THREE_LAYERS, YEAR } from './on-call-samples.ts';

const WARM = { rounds: 9, questions: 20_000, least: 200_000 };
const COLD = { samples: 600, mostMs: 1 };
const SHIFTS = { samples: 100, mostMs: 3 };
const MANY = { mostMs: 2_000, mostMb: 100 };
const WHAT = 'three layers, 50 overrides';

/** One schedule of three layers in all ways, then many. */
export async function schedules(ground: Ground): Promise<readonly Figure[]> {
  const moments = momentsOf2035(WARM.questions);
  ground.say('one schedule: the same answers warm, cold and from the shifts of the year');
  compare(moments.slice(0, 100));
  return [
    warm(moments),
    ...cold(moments),
    shiftsOfYear(),
    ...firstOfRules(moments),
    ...(await firstInProcess(ground)),
    ...(await many(ground, { runs: 3 })),
    ...(await manyOtherwise(ground)),
  ];
}

/** Throws where a warm schedule says anything else than a fresh one, or than the shifts of the year. */
function compare(moments: readonly Date[]): void {
  const schedule = createSchedule(THREE_LAYERS);
  const shifts = schedule.shifts(YEAR);
  for (const moment of [...moments, ...moments]) {
    const [now, fresh] = [schedule, createSchedule(THREE_LAYERS)].map((one) => JSON.stringify(one.onCallAt(moment)));
    const users = schedule.onCallAt(moment).map(({ user }) => user);
    const fromShifts = shifts.filter(({ start, end }) => start <= moment && moment < end).map(({ user }) => user);
    if (now !== fresh || users.join() !== fromShifts.toSorted().join())
      throw new Error(`At ${moment.toISOString()}: ${now}, ${fresh} and, from the shifts, ${fromShifts}.`);
  }
}

function warm(moments: readonly Date[]): Figure {
  const schedule = createSchedule(THREE_LAYERS);
  const rounds = Array.from({ length: WARM.rounds }, () => {
    const begun = performance.now();
    for (const moment of moments) schedule.onCallAt(moment);
    return (1_000 * moments.length) / (performance.now() - begun);
  });
  const rate = median(rounds.slice(1));
  return atLeast(`onCallAt, ${WHAT}, warm`, rate, {
    least: WARM.least,
    unit: '/s',
    beside: `${fine(1e6 / rate)} us each; the first ${whole(moments.length)} at ${whole(rounds[0] ?? 0)}/s`,
  });
}

/** The first question of a fresh schedule, and the second of the same week, which is then worked out as a whole. */
function cold(moments: readonly Date[]): readonly Figure[] {
  const fresh = moments.slice(0, COLD.samples).map((moment) => {
    const begun = performance.now();
    const schedule = createSchedule(THREE_LAYERS);
    const created = performance.now();
    schedule.onCallAt(moment);
    const first = performance.now();
    schedule.onCallAt(moment);
    return { create: created - begun, first: first - created, second: performance.now() - first };
  });
  const first = fresh.map((took) => took.first);
  return [
    mostly(`onCallAt, ${WHAT}, the first question of a fresh schedule`, first, COLD.mostMs),
    mostly(
      'the same, the second question: a week is worked out',
      fresh.map(({ second }) => second),
    ),
    mostly(
      `createSchedule, ${WHAT}`,
      fresh.map(({ create }) => create),
    ),
  ];
}

function shiftsOfYear(): Figure {
  const schedule = createSchedule(THREE_LAYERS);
  let found = 0;
  const took = Array.from({ length: SHIFTS.samples }, () => {
    const begun = performance.now();
    found = schedule.shifts(YEAR).length;
    return performance.now() - begun;
  });
  return mostly(`shifts of a year (${found} of them), ${WHAT}`, took.slice(1), SHIFTS.mostMs);
}

/** What a rule costs that is made, asked once and thrown away. */
function firstOfRules(moments: readonly Date[]): readonly Figure[] {
  const start = '2015-01-05T09:00:00';
  return [RULES.weekly, RULES.firstMonday, RULES.lastWorkday].map(({ name, rrule }) => {
    const own: number[] = [];
    const peer: number[] = [];
    const asked = moments.slice(0, COLD.samples);
    const sides = [
      { took: own, ask: (at: Date) => createRecurrence({ start, rrule, timeZone: ZONE }).before(at) },
      { took: peer, ask: (at: Date) => temporalRule(rrule).previous(at) },
    ];
    asked.forEach((moment, index) => {
      for (const { took, ask } of index % 2 === 0 ? sides : sides.toReversed()) {
        const begun = performance.now();
        ask(moment);
        took.push(performance.now() - begun);
      }
    });
    const us = (samples: readonly number[]) => `${whole(1_000 * median(samples))} us`;
    return {
      name: `createRecurrence and one before(t), ${name}`,
      measured: `${us(own)} (p99 ${whole(1_000 * percentile(own, 99))} us; rrule-temporal ${us(peer)})`,
    };
  });
}

async function firstInProcess(ground: Ground): Promise<readonly Figure[]> {
  ground.say('the first questions of fresh processes');
  const runs: FirstAnswered[] = [];
  for (let run = 0; run < 3; run++) runs.push(await answered<FirstAnswered>('first'));
  const of = (take: (run: FirstAnswered) => number) => fine(median(runs.map(take)));
  const newDays = runs.flatMap(({ newDaysMs }) => newDaysMs);
  return [
    {
      name: `the very first question of a process, ${WHAT}`,
      measured: `onCallAt ${of((run) => run.askMs)} ms, after createSchedule ${of((run) => run.createMs)} ms and the import ${of((run) => run.importMs)} ms`,
    },
    mostly('createRecurrence and before(t) of monthly BYDAY rules that the process has not seen', newDays),
  ];
}

type Many = { readonly runs: number; readonly what?: 'kept' | 'dropped'; readonly flags?: readonly string[] };

/** What is kept is what counts: an engine keeps its schedules. */
async function many(ground: Ground, asked: Many): Promise<readonly Figure[]> {
  const { createMs, askMs, rssMb, heapMb } = await manyAnswered(ground, asked);
  const name = '10,000 different schedules made, asked once and kept';
  return [
    {
      name,
      measured: `${whole(createMs + askMs)} ms (createSchedule ${whole(createMs)}, onCallAt ${whole(askMs)})`,
      target: `<= ${whole(MANY.mostMs)} ms`,
      isMet: createMs + askMs <= MANY.mostMs,
    },
    {
      name: `${name}: memory (RSS) grew by`,
      measured: `${whole(rssMb)} MB`,
      target: `<= ${MANY.mostMb} MB`,
      isMet: rssMb <= MANY.mostMb,
    },
    {
      name: `${name}: objects alive after gc`,
      measured: `${whole(heapMb)} MB`,
      target: `<= ${MANY.mostMb} MB`,
      isMet: heapMb <= MANY.mostMb,
    },
  ];
}

/** The room that V8 takes for short-lived objects, seen from two sides. */
async function manyOtherwise(ground: Ground): Promise<readonly Figure[]> {
  const small = await manyAnswered(ground, { runs: 1, flags: ['--max-semi-space-size=4'] });
  const dropped = await manyAnswered(ground, { runs: 1, what: 'dropped' });
  const say = ({ createMs, askMs, rssMb }: typeof small) => `${whole(rssMb)} MB, in ${whole(createMs + askMs)} ms`;
  return [
    { name: 'the same with --max-semi-space-size=4: memory (RSS) grew by', measured: say(small) },
    { name: 'the same, each schedule dropped at once: memory (RSS) grew by', measured: say(dropped) },
  ];
}

async function manyAnswered(ground: Ground, { runs, what = 'kept', flags = [] }: Many) {
  ground.say(`10,000 schedules in a fresh process, ${[what, ...flags].join(' ')}`);
  const all: ManyAnswered[] = [];
  for (let run = 0; run < runs; run++) all.push(await answered<ManyAnswered>(what, flags));
  const of = (take: (run: ManyAnswered) => number) => median(all.map(take));
  return {
    createMs: of((run) => run.createMs),
    askMs: of((run) => run.askMs),
    rssMb: of((run) => run.grownRss / 2 ** 20),
    heapMb: of((run) => run.grownHeap / 2 ** 20),
  };
}

async function answered<T>(what: string, flags: readonly string[] = []): Promise<T> {
  const node = fileURLToPath(new URL('on-call-node.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...flags, node, what]);
  return JSON.parse(stdout);
}

/** Durations in ms, judged by their median; a missing target is not judged. */
function mostly(name: string, samples: readonly number[], mostMs?: number): Figure {
  const digits = (ms: number) => (ms < 0.1 ? ms.toFixed(3) : fine(ms));
  const [p50, p99] = [percentile(samples, 50), percentile(samples, 99)];
  const measured = `p50 ${digits(p50)} ms, p99 ${digits(p99)} ms, worst ${digits(Math.max(...samples))} ms (${samples.length} samples)`;
  return mostMs === undefined
    ? { name, measured }
    : { name, measured, target: `p50 <= ${mostMs} ms`, isMet: p50 <= mostMs };
}
