/**
 * The simulation as a test: 18 seeds of the code as it is, and every mutant caught.
 */
import { describe, expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';
import { MUTANTS } from './delivery-mutants.ts';
import { random } from './prng.ts';
import { brokenText, mutantsText } from './report.ts';
import { simulate } from './run.ts';
import { sealed } from './sealed.ts';
import { hunt, runSeeds, seedsFor, seedsFrom } from './suite.ts';

const SEEDS = seedsFrom(1, 18);
/** Without those that once broke a promise, which are long ones. */
const MUTANT_SEEDS = Array.from({ length: 60 }, (_, index) => 100 + index);
const PATIENCE_MS = 180_000;

describe('the simulation', () => {
  test('18 seeds break no promise, and every kind of trouble happened in them', { timeout: PATIENCE_MS }, async () => {
    const { figures, broken } = await runSeeds(SEEDS);
    expect(broken.map(brokenText)).toEqual([]);
    expect(figures.lost ?? 0).toBe(0);
    const troubles = [
      'reject',
      'unknown',
      'die before',
      'die after',
      'slow there',
      'slow back',
      'pause',
      'refuse',
      'retryAfter',
      'permanent',
      'delivered',
      'lost',
      'hang',
      'timeout',
      'late',
      'sync',
      'nonsense',
      'odd',
      'reaction',
    ];
    const events = [
      'timer.fired',
      'escalation.exhausted',
      'page.failed',
      'page.acknowledged',
      'page.nobody',
      'notice.requested',
      'alert.joined',
      'alert.cleared',
      'severity.changed',
      'schedule.handedOff',
      'link.added',
      ...Object.values(COMMANDS).map(({ type }) => type),
    ];
    for (const figure of [
      ...events.map((type) => `event: ${type}`),
      ...troubles.map((kind) => `fault: ${kind}`),
      'crashes',
      'duplicates',
      'dead letters',
      'pages',
      'overrides',
      'unverified contacts',
      'reactions run',
      'put off',
      'held by a budget',
      'bundles',
      'receipts: delivered',
      'receipts: read',
      'receipts: failed',
      'receipts: delivered (known)',
      'brought up',
      'records of numbers',
      'mirrors at rest',
      'messages at rest',
      'late writers',
      'put back',
      'tokens: taken',
      'tokens: used',
      'tokens: expired',
      'done elsewhere: acknowledged',
      'done elsewhere: unacknowledged',
      'done elsewhere: resolved',
      'done elsewhere: reopened',
      'told elsewhere: deduplicated',
      'told elsewhere: dropped',
      'event elsewhere: incident.acknowledged',
      'event elsewhere: incident.unacknowledged',
      'event elsewhere: incident.resolved',
      'event elsewhere: incident.reopened',
    ])
      expect([figure, (figures[figure] ?? 0) > 0]).toEqual([figure, true]);
  });

  test.each(MUTANTS)('the bug "$name" is found', { timeout: PATIENCE_MS }, async (mutant) => {
    const found = await hunt(mutant, seedsFor(mutant, MUTANT_SEEDS), true);
    console.info(mutantsText([found]));
    expect(found.caught).toBe(1);
  });

  test('the same seed is the same world, event by event; another seed is another one', async () => {
    const [once, again, other] = [await simulate(7), await simulate(7), await simulate(8)];
    expect([again.hash, again.figures]).toEqual([once.hash, once.figures]);
    expect(other.hash).not.toBe(once.hash);
  });

  test('whoever asks the real clock, real chance or a real timer is caught', async () => {
    const caught: string[] = [];
    await sealed(
      (what) => caught.push(what),
      async () => {
        Date.now();
        new Date();
        new Date(0);
        Math.random();
        clearTimeout(setTimeout(() => {}, 0));
        crypto.randomUUID();
        performance.now();
      },
    );
    const names = caught.map((what) => what.replace(/ was used by .*/, ''));
    expect(names).toEqual([
      'Date.now',
      'new Date()',
      'Math.random',
      'setTimeout',
      'crypto.randomUUID',
      'performance.now',
    ]);
    expect(new Date(5).getTime()).toBe(5);
  });

  test('what is drawn from one stream shifts no other', () => {
    const fresh = random(1).fork('a');
    const used = random(1);
    used.next();
    const fork = used.fork('a');
    expect([fork.next(), fork.next()]).toEqual([fresh.next(), fresh.next()]);
  });
});
