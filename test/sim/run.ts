/**
 * One simulation: faults for as long as people work, then calm, then the end; a promise that is broken ends it.
 *
 * The seed decides everything. Nothing here sleeps, and no real clock is asked.
 */
import { inspect } from 'node:util';
import { type Health, memoryStorage, type TimelineEvent } from '../../src/index.ts';
import type { Turn } from './asking.ts';
import { createBudgets } from './budgets.ts';
import { carriedPolicy } from './carried-policy.ts';
import { carriersOf, chooseChannels } from './channels.ts';
import { createChats } from './chats.ts';
import { chooseFaults, type Faults, NO_FAULTS } from './faults.ts';
import { bringsUp } from './follow-checks.ts';
import { chooseFollowing } from './following.ts';
import { createHost } from './host.ts';
import { createJournal, type Violation } from './journal.ts';
import type { Mutant } from './mutants.ts';
import { createNews } from './news.ts';
import { createNode, type Life, type Node } from './node.ts';
import { observe, type Watched } from './observer.ts';
import { createPeople } from './people.ts';
import { choosePeriods } from './periods.ts';
import { createPlatforms } from './platforms.ts';
import { createPresses } from './presses.ts';
import { random } from './prng.ts';
import { createProviders } from './providers.ts';
import { createReceiver } from './receiver.ts';
import { createRoster } from './roster.ts';
import { createScheduler } from './scheduler.ts';
import { sealed } from './sealed.ts';
import type { Simulation } from './simulation.ts';
import { chooseVariants, START, TENANTS, type Tenant, type Variant } from './tenants.ts';
import { transport } from './transport.ts';
import { checkAsked, checkEnd, checkLive, checkShown, isFollowing } from './verdict.ts';

/** What became of a seed. */
export type Outcome = {
  readonly seed: number;
  readonly violation: Violation | undefined;
  /** The same for the same seed. */
  readonly hash: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly lastLines: readonly string[];
};

/** How to run a seed. */
export type RunOptions = {
  readonly mutant?: Mutant | undefined;
  readonly print?: ((line: string) => void) | undefined;
};

/** What is made when the others are there. */
type Parts =
  | 'chats'
  | 'platforms'
  | 'presses'
  | 'receiver'
  | 'providers'
  | 'news'
  | 'budgets'
  | 'host'
  | 'people'
  | 'observer'
  | 'nodes';

const LEASE_MS = 15_000;
const LATE_MS = 60_000;
/** That a channel failed is old news by then. */
const FORGET_MS = 400_000;
/** What the handoffs of all tenants cost. */
const HANDOFF_CALLS = 24;
/** How often a delivery is tried before it is given up. */
const MOST_ATTEMPTS = 20;
/** Longer than any retry waits that was put off while there were faults, and enough to climb a ladder. */
const CALM_MS = 260_000;
/** What was on its way when the faults stopped has arrived by then. */
const GRACE_MS = 90_000;
const DRAIN_MS = 60_000;
/** So many of them at most, until what follows has gone out. */
const MOST_WAITS = 18;
const LOOK_EVERY_MS = 20_000;
/** After how many such looks it is looked what is shown elsewhere. */
const SHOWN_EVERY = 8;
/** How often it is looked in the calm whether those were asked who have come on call. */
const ASKED_EVERY_MS = 5_000;

/** Runs a seed to its end, or to the first promise that is broken. */
export async function simulate(seed: number, { mutant, print }: RunOptions = {}): Promise<Outcome> {
  const world = createWorld(seed, mutant, print);
  const unhandled = (reason: unknown) => world.sim.journal.violate('H1', `nobody handled ${inspect(reason)}`);
  process.on('unhandledRejection', unhandled);
  try {
    await sealed((what) => world.sim.journal.violate('determinism', what), world.run);
  } finally {
    process.off('unhandledRejection', unhandled);
  }
  const { journal } = world.sim;
  return {
    seed,
    violation: journal.violation(),
    hash: journal.hash(),
    figures: { ...journal.figures(), steps: world.sim.scheduler.steps() },
    lastLines: journal.last(),
  };
}

function createWorld(seed: number, mutant: Mutant | undefined, print: ((line: string) => void) | undefined) {
  const scheduler = createScheduler(START);
  const chance = random(seed);
  const journal = createJournal(scheduler.now, print);
  const shape = chance.fork('shape');
  const chosen = chooseFaults(chance.fork('faults'));
  const variants = new Map<string, readonly [Variant, ...Variant[]]>(
    TENANTS.map((tenant) => [tenant, chooseVariants(chance.fork(`variants ${tenant}`))]),
  );
  const pollMs = 1_000 * shape.between(10, 30);
  const boundMs = LEASE_MS + pollMs + 15_000;
  const workMs = 60_000 * shape.between(4, 7);
  let faults: Faults = chosen;
  let hanging: string | undefined;
  let calmSince = Number.POSITIVE_INFINITY;
  const isApart = shape.chance(0.25);
  const counted = new Map<string, number>();
  const channels = chooseChannels(chance.fork('channels'));
  const following = chooseFollowing(chance.fork('following'), Object.values(channels.carriers).flat());
  const outages = choosePeriods(chance.fork('outages'), {
    names: [...Object.values(channels.carriers).flat(), ...following.mirrors.map(({ id }) => id)],
    rate: chosen.outage,
    endAt: START + workMs,
  });
  const turns = new Map<string, Turn>();
  const roster = createRoster();

  /** Apart, each tenant counts for itself, from 1: nothing but the tenant tells their rows from each other. */
  const ids = (life: Life, tenant: Tenant) => {
    const counter = isApart ? tenant : life.name;
    const prefix = isApart ? 'id' : life.name;
    return () => {
      const number = (counted.get(counter) ?? 0) + 1;
      counted.set(counter, number);
      return `${prefix}-${number}`;
    };
  };

  const variantOf = (tenant: string, index: number): Variant => {
    const known = variants.get(tenant) ?? [];
    return known[index] ?? (known[0] as Variant);
  };

  const isWithin = (fromAt: number, untilAt: number) => fromAt <= scheduler.now() && scheduler.now() < untilAt;

  // The parts know each other through this object; it is whole before anything runs.
  const sim = {
    scheduler,
    journal,
    chance,
    transportChance: chance.fork('transport'),
    pollMs,
    wayMs: shape.pick([12, 60, 400]),
    faults: () => faults,
    hangingChannel: () => hanging,
    isDown: (notifier) => outages.some(({ name, fromAt, untilAt }) => name === notifier && isWithin(fromAt, untilAt)),
    channels,
    following,
    source: (told) => mutant?.source?.(told) ?? told.event,
    hasLimits: Object.values(channels.limits).some((limit) => limit !== undefined),
    ids,
    isApart,
    roster,
    variantOf,
    oracleWorld(tenant: string) {
      const all = variants.get(tenant) ?? [];
      const { clearMs, reminderMs, quietUntil } = variantOf(tenant, 0);
      return {
        clearMs,
        holdMs: following.holdMs,
        reminderMs,
        onCallAt: (at) => roster.onCallAt(tenant, at),
        isOpen: (at) => roster.isOpen(tenant, at),
        quietUntil: (user, at) => Math.max(at, quietUntil[user] ?? at),
        lastTurn: (of) => turns.get(`${tenant} ${of}`),
        tookTurn: (of, turn) => void turns.set(`${tenant} ${of}`, turn),
        policyOf: (event, before) => carriedPolicy(all, event, before),
      };
    },
    holderOf: (tenant: string, id: string) => sim.observer.holderOf(tenant, id),
    fired(incident: Watched, event: TimelineEvent, dueAt: number | undefined) {
      if (dueAt === undefined || dueAt < calmSince + GRACE_MS || event.at - dueAt <= boundMs) return;
      journal.violate(
        'L3',
        `incident ${incident.tenant}/${incident.id}: event ${event.seq} is ${event.at - dueAt} ms late`,
      );
    },
    alarmed({ name }: Life, { storage, latenessMs }: Health) {
      journal.count('alarms');
      // A channel that was not asked for a while is not known to be well.
      const isWork = storage === 'unreachable' || latenessMs > LATE_MS;
      if (hanging === undefined && scheduler.now() > calmSince + (isWork ? GRACE_MS : FORGET_MS))
        journal.violate('L5', `${name} says that ${isWork ? 'work is late' : 'a channel fails'}, and nothing is wrong`);
    },
    storageFor(life: Life) {
      const { storage } = sim.observer;
      const laboratory = {
        pause: () => new Promise<void>((resolve) => void life.after(sim.transportChance.between(2, 40), resolve)),
        holderOf: sim.holderOf,
      };
      return transport(sim, life, mutant?.storage?.(storage, laboratory) ?? storage);
    },
    notifiersFor: (life: Life) =>
      sim.providers.notifiersFor(life).map((notifier) => mutant?.notifier?.(notifier) ?? notifier),
    mayBeDead(tenant, row) {
      const { id, attempts, contact, purpose, bundledIn, notifier } = row;
      if (attempts >= MOST_ATTEMPTS) return true;
      const receipt = sim.receiver.receipt(tenant, id);
      const isRefused =
        receipt !== undefined &&
        (bringsUp(row) ? [notifier] : carriersOf(channels, contact)).every((name) => receipt.refusedBy.has(name));
      // What a message listed fails with it.
      const carried = bundledIn === undefined ? receipt : sim.receiver.receipt(tenant, bundledIn);
      return purpose !== 'reaction' && (isRefused || carried?.saidFailed === true);
    },
  } as Omit<Simulation, Parts> as Simulation;
  const memory = memoryStorage({ clock: scheduler });
  const nodes: Node[] = [];
  Object.assign(sim, {
    receiver: createReceiver(sim),
    chats: createChats(sim),
    platforms: createPlatforms(sim),
    presses: createPresses(sim),
    providers: createProviders(sim),
    news: createNews(sim),
    budgets: createBudgets(sim),
    host: createHost(sim),
    people: createPeople(sim),
    observer: observe(sim, memory),
    nodes,
  });
  for (let number = shape.pick([1, 2, 2, 3, 3, 4, 5]); number > 0; number--) nodes.push(createNode(sim, `n${number}`));

  const isOver = () => journal.violation() !== undefined;
  const pass = (ms: number) => scheduler.runUntil(scheduler.now() + ms, isOver);

  function trouble(): void {
    if (faults === NO_FAULTS) return;
    for (const node of nodes) {
      if (shape.chance(faults.pause / 4)) node.standStill(shape.between(8_000, 50_000));
      if (shape.chance(faults.crash * 4)) node.die('out of the blue');
    }
    scheduler.after(LOOK_EVERY_MS, trouble);
  }

  async function work(): Promise<void> {
    for (const node of nodes) node.boot();
    trouble();
    sim.people.begin(scheduler.now() + workMs);
    await pass(workMs);
  }

  /** Faults stop, one node stays dead, nobody answers, perhaps one channel hangs: all else goes its way, in time. */
  async function calm(): Promise<void> {
    journal.line('--- the faults stop');
    sim.people.fallSilent();
    faults = NO_FAULTS;
    if (shape.chance(0.25)) hanging = shape.pick(['voice', channels.carriers.sms.length > 1 ? 'alpha' : 'voice']);
    calmSince = scheduler.now();
    for (const node of nodes) node.heal();
    sim.providers.forget();
    if (nodes.length > 1) nodes[0]?.bury();
    await pass(GRACE_MS);
    await sim.platforms.retryDead(memory);
    // A channel may have asked for a quarter of an hour.
    const askedMs = Math.max(0, sim.providers.askedUntil() - calmSince);
    const lastsMs = askedMs > CALM_MS - 2 * boundMs ? CALM_MS + askedMs : CALM_MS;
    let shown = 1;
    for (let passed = GRACE_MS; passed < lastsMs && !isOver(); passed += ASKED_EVERY_MS) {
      await pass(ASKED_EVERY_MS);
      checkAsked(sim, boundMs);
      if (shown++ % SHOWN_EVERY === 0) await checkShown(sim, memory);
    }
    if (!isOver()) await checkLive(sim, memory, { boundMs, calmSince });
    if (!isOver()) await checkShown(sim, memory);
  }

  /** Everything is resolved: nothing may be left to do. */
  async function drain(): Promise<void> {
    journal.line('--- everything is resolved');
    hanging = undefined;
    sim.people.resolveEverything();
    await pass(DRAIN_MS);
    // A channel that has failed is left alone for minutes, and what follows waits for that.
    for (let waits = 0; waits < MOST_WAITS && (await isFollowing(memory)); waits++) await pass(DRAIN_MS);
    const before = journal.figures()['storage calls'] ?? 0;
    const moves = sim.platforms.moves();
    await pass(60_000);
    if (sim.platforms.moves() > moves) journal.violate('M8', 'the platforms and we still tell each other something');
    const calls = (journal.figures()['storage calls'] ?? 0) - before;
    const most = nodes.length * (isApart ? TENANTS.length : 1) * ((60_000 / 10_000 + 2) * 4 + HANDOFF_CALLS);
    if (calls > most) journal.violate('L6', `${calls} storage calls in a minute without work`);
    if (!isOver()) await checkShown(sim, memory);
    if (!isOver()) await checkEnd(sim, memory);
  }

  return {
    sim,
    async run() {
      await work();
      if (!isOver()) await calm();
      if (!isOver()) await drain();
    },
  };
}
