/**
 * Rules: the first of many that holds, beside other engines on the same rules and facts.
 *
 * Everybody is asked about the facts of one list, in turns; who is slow comes less far in it. What they answer is
 * compared before anything is timed. The rules and the facts are described at `samplesOf`.
 */
import { atLeast, type Figure, fine, median, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { type Ask, CLOSURES, JSON_LOGIC_ENGINE, JSON_RULES_ENGINE, OURS, type Peer } from './rule-peers.ts';
import { type SampleFact, type SampleRule, type SetAsked, samplesOf } from './rule-samples.ts';
import { type Side, sideBySide } from './side-by-side.ts';

/** How long each side is asked in a round, about. */
const ROUND_MS = 60;
const ROUNDS = 5;
const COMPARE_MS = 1_500;

type Targets = {
  readonly rate: number;
  readonly ratios: readonly [rulesEngine: number, logicEngine: number, closures: number];
};
type Asked = { readonly name: string; readonly set: SetAsked; readonly targets?: Targets };

const PEERS = [JSON_RULES_ENGINE, JSON_LOGIC_ENGINE, CLOSURES];
const HUNDRED: Targets = { rate: 1_000_000, ratios: [300, 4, 4] };
const THOUSAND: Targets = { rate: 250_000, ratios: [1_000, 30, 5] };
const ASKED: readonly Asked[] = [
  {
    name: '100 rules, 20 regexes with a literal, alone',
    set: { rules: 100, regexes: 'literal', beside: 'alone' },
    targets: HUNDRED,
  },
  { name: '100 rules, no regex', set: { rules: 100, regexes: 'none', beside: 'alone' }, targets: HUNDRED },
  {
    name: '1,000 rules, 200 regexes with a literal, alone',
    set: { rules: 1_000, regexes: 'literal', beside: 'alone' },
    targets: THOUSAND,
  },
  {
    name: '1,000 rules, 200 regexes with a literal, each beside a service',
    set: { rules: 1_000, regexes: 'literal', beside: 'service' },
    targets: THOUSAND,
  },
  {
    name: '1,000 rules, 200 regexes without a literal, alone',
    set: { rules: 1_000, regexes: 'literal-free', beside: 'alone' },
    targets: { ...THOUSAND, rate: 100_000 },
  },
  {
    name: '1,000 rules, 200 regexes without a literal, each beside a service',
    set: { rules: 1_000, regexes: 'literal-free', beside: 'service' },
    targets: { ...THOUSAND, rate: 100_000 },
  },
];

/** Every rule set beside every peer. */
export async function rules(ground: Ground): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const asked of ASKED) figures.push(...(await beside(ground, asked)));
  return figures;
}

async function beside(ground: Ground, { name, set, targets }: Asked): Promise<readonly Figure[]> {
  const { rules: list, facts } = samplesOf(set);
  const expected = await answersOf(OURS, list, facts);
  const met = expected.filter((place) => place >= 0).length;
  ground.say(`${name}: ${facts.length} facts, ${Math.round((100 * met) / facts.length)} % meet a rule`);
  const own = sideOf(OURS.askerOf(list, facts), facts.length);
  const countA = await countFor(own);
  const rates: number[] = [];
  const ratios: Figure[] = [];
  for (const [place, peer] of PEERS.entries()) {
    const answers = await answersOf(peer, list, facts);
    answers.forEach((answer, fact) => {
      if (answer !== expected[fact]) throw new Error(`${peer.name}, fact ${fact}: ${answer}, not ${expected[fact]}.`);
    });
    ground.say(`  ${peer.name}: ${answers.length} answers are the same`);
    const side = sideOf(peer.askerOf(list, facts), facts.length);
    const countB = await countFor(side);
    const { a, b, ratio } = await sideBySide(own, side, { rounds: ROUNDS, countA, countB });
    rates.push(a);
    const least = targets?.ratios[place] ?? 0;
    ratios.push({
      name: `  vs ${peer.name}`,
      measured: `${ratio < 100 ? fine(ratio) : whole(ratio)}x (${whole(a)}/s vs ${whole(b)}/s)`,
      ...(targets && { target: `>= ${whole(least)}x`, isMet: ratio >= least }),
    });
  }
  const rate = median(rates);
  const first = targets
    ? atLeast(name, rate, {
        least: targets.rate,
        unit: '/s',
        beside: `${fine(1e6 / rate)} us each, every title another`,
      })
    : { name, measured: `${whole(rate)}/s` };
  return [first, ...ratios];
}

/** What a peer answers, as far as it comes in the time for that. */
async function answersOf(
  peer: Peer,
  list: readonly SampleRule[],
  facts: readonly SampleFact[],
): Promise<readonly number[]> {
  const ask = peer.askerOf(list, facts);
  const begun = performance.now();
  const answers: number[] = [];
  for (let fact = 0; fact < facts.length && performance.now() - begun < COMPARE_MS; fact += 1)
    answers.push(await ask(fact));
  return answers;
}

/** Asks about one fact after another, round after round. Only who answers with a promise is waited for. */
function sideOf(ask: Ask, facts: number): Side {
  let next = 0;
  return async (count) => {
    const begun = performance.now();
    for (let asked = 0; asked < count; ) {
      const share = Math.min(count - asked, facts - next);
      const answered = askShare(ask, next, share);
      if (typeof answered !== 'number') await answered;
      const done = typeof answered === 'number' ? answered : 1;
      next = (next + done) % facts;
      asked += done;
    }
    return performance.now() - begun;
  };
}

/** How many questions were answered at once; a promise when the first one is not. Nothing here waits, so that those who answer at once pay nothing for it. */
function askShare(ask: Ask, from: number, count: number): number | Promise<number> {
  for (let asked = 0; asked < count; asked += 1) {
    const answer = ask(from + asked);
    if (typeof answer !== 'number') return answer;
    if (Number.isNaN(answer)) throw new Error('A question was not answered.');
  }
  return count;
}

async function countFor(side: Side): Promise<number> {
  for (let count = 1; ; count *= 2) {
    const took = await side(count);
    if (took > ROUND_MS / 2) return Math.max(1, Math.round((count * ROUND_MS) / took));
  }
}
