/**
 * On call: the last handoff before a moment, beside peers, and whole schedules (on-call-schedules.bench.ts).
 *
 * Everybody is asked about the moments of one list, in turns; who is slow comes less far in it. What they answer is
 * compared before anything is timed.
 */
import { atLeast, type Figure, fine, median, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { type Ask, LUXON, ours, type Peer, RRULE, RRULE_TEMPORAL, RULES, type RuleAsked } from './on-call-peers.ts';
import { momentsOf2035 } from './on-call-samples.ts';
import { schedules } from './on-call-schedules.bench.ts';
import { type Side, sideBySide, timed } from './side-by-side.ts';

const MOMENTS = 400_000;
const OWN_QUESTIONS = 80_000;
/** How long a peer is asked in a round, about. */
const ROUND_MS = 50;
/** `rrule` takes most of a second for one hourly question. */
const ROUNDS = { usual: 5, slow: 3 };
const COMPARED = { leastAnswers: 2, mostMs: 300 };

type Targets = { readonly rate: number; readonly ratio: number };
type Asked = { readonly rule: RuleAsked; readonly peers: readonly Peer[]; readonly targets?: Targets };

const ALL = [RRULE, RRULE_TEMPORAL, LUXON];
const ASKED: readonly Asked[] = [
  { rule: RULES.weekly, peers: ALL, targets: { rate: 1_000_000, ratio: 4 } },
  { rule: RULES.daily, peers: ALL, targets: { rate: 1_000_000, ratio: 4 } },
  { rule: RULES.hourly, peers: ALL, targets: { rate: 1_000_000, ratio: 100 } },
  // Hours that are counted as they pass are there to be read beside the others.
  { rule: RULES.fiveHourly, peers: [RRULE_TEMPORAL, LUXON] },
  { rule: RULES.firstMonday, peers: ALL, targets: { rate: 200_000, ratio: 1 } },
  { rule: RULES.lastWorkday, peers: ALL, targets: { rate: 200_000, ratio: 1 } },
];

/** Rules by themselves, then schedules. */
export async function onCall(ground: Ground): Promise<readonly Figure[]> {
  const moments = momentsOf2035(MOMENTS);
  const figures: Figure[] = [];
  for (const asked of ASKED) figures.push(...(await beside(ground, moments, asked)));
  return [...figures, ...(await schedules(ground))];
}

async function beside(
  ground: Ground,
  moments: readonly Date[],
  { rule, peers, targets }: Asked,
): Promise<readonly Figure[]> {
  const own = sideOf(ours(rule), moments);
  const rates: number[] = [];
  const ratios: Figure[] = [];
  for (const peer of peers) {
    const compared = compare(moments, ours(rule, peer.zone), peer.askerOf(rule));
    ground.say(`${rule.name}: ${peer.name}; ${whole(compared)} answers are the same`);
    // One that was asked nothing yet, for some remember their answers.
    const side = sideOf(peer.askerOf(rule), moments);
    const countB = await countFor(side);
    const rounds = countB < 3 ? ROUNDS.slow : ROUNDS.usual;
    const { a, b, ratio } = await sideBySide(own, side, { rounds, countA: OWN_QUESTIONS, countB });
    rates.push(a);
    const measured = `${short(ratio)}x (${whole(a)}/s vs ${short(b)}/s)`;
    const judged = targets && { target: `>= ${targets.ratio}x`, isMet: ratio >= targets.ratio };
    ratios.push({ name: `${rule.name} vs ${peer.name}`, measured, ...judged });
  }
  const rate = median(rates);
  const name = `${rule.name}: the last before t, one object in New York, before(t)`;
  const first =
    targets === undefined
      ? { name, measured: `${whole(rate)}/s` }
      : atLeast(name, rate, { least: targets.rate, unit: '/s', beside: `${fine(1e6 / rate)} us each` });
  return [first, ...ratios];
}

/** Asks about one moment after another, round after round. */
function sideOf(ask: Ask, moments: readonly Date[]): Side {
  let next = 0;
  return (count) =>
    timed(() => {
      let sum = 0;
      for (let asked = 0; asked < count; asked++) {
        sum += ask(moments[next] ?? new Date(Number.NaN));
        next = next + 1 < moments.length ? next + 1 : 0;
      }
      if (Number.isNaN(sum)) throw new Error('A question was not answered.');
    });
}

/** How many questions a peer answers in a round; who is slow is asked once. */
async function countFor(side: Side): Promise<number> {
  for (let count = 1; ; count *= 2) {
    const took = await side(count);
    if (took > ROUND_MS / 2) return Math.max(1, Math.round((count * ROUND_MS) / took));
  }
}

/** Throws where the two disagree; answers how many moments it asked about. */
function compare(moments: readonly Date[], one: Ask, other: Ask): number {
  const begun = performance.now();
  let compared = 0;
  for (const moment of moments) {
    if (compared >= COMPARED.leastAnswers && performance.now() - begun > COMPARED.mostMs) break;
    if (isRepeated(moment)) continue;
    const [first, second] = [one(moment), other(moment)];
    if (first !== second)
      throw new Error(`Before ${moment.toISOString()}: ${new Date(first)} and ${new Date(second)}.`);
    compared += 1;
  }
  return compared;
}

/** In the hour that New York lives twice, ours hands over once; whoever counts hours as they pass does so again. */
function isRepeated(moment: Date): boolean {
  const at = moment.getTime();
  return at > Date.UTC(2035, 10, 4, 6) && at <= Date.UTC(2035, 10, 4, 7);
}

function short(value: number): string {
  return value < 100 ? fine(value) : whole(value);
}
