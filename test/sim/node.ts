/**
 * A node: one process that embeds the engine. It may stand still, die at any moment, and begin anew over the same storage.
 *
 * What a dead node still had to do is dropped: nothing answers it, and none of its waits ends.
 */
import { type Clock, createTocsin, type Logger, localRunner, type Runner, type Tocsin } from '../../src/index.ts';
import type { Simulation } from './simulation.ts';
import { configOf, TENANTS, type Tenant } from './tenants.ts';

/** What may be done with a process. */
export type Life = {
  readonly name: string;
  /** Runs `work` in `ms`; not before the node goes on, and never when it has died meanwhile. */
  after(ms: number, work: () => void): () => void;
  isAlive(): boolean;
  die(because: string): void;
};

/** A process that lives again and again. */
export type Node = {
  readonly name: string;
  /** The face of a tenant; `undefined` while the node is dead. */
  tenant(id: Tenant): Tocsin | undefined;
  boot(): void;
  die(because: string): void;
  standStill(ms: number): void;
  /** It never lives again. */
  bury(): void;
  /** From now on it uses another state of the configuration of a tenant. */
  configure(id: Tenant, variant: number): void;
  /** Puts its clock right, and lets it go on if it stands still. */
  heal(): void;
  isAlive(): boolean;
};

/** How nodes are driven: by a runner of their own, or by a host that calls `tick` from time to time. */
const TICK_EVERY_MS = 12_000;

/** A node that does not live yet. */
export function createNode(sim: Simulation, name: string): Node {
  const { scheduler, journal, faults } = sim;
  const chance = sim.chance.fork(`node ${name}`);
  const isCron = chance.chance(0.25);
  const variants = new Map<Tenant, number>(TENANTS.map((tenant) => [tenant, 0]));
  let life: Life | undefined;
  let faces = new Map<Tenant, Tocsin>();
  let stillUntil = 0;
  let lives = 0;
  let isBuried = false;
  let skewMs = 0;

  function begin(): Life {
    const number = ++lives;
    const isAlive = () => lives === number && life !== undefined;
    return {
      name: `${name}.${number}`,
      isAlive,
      die: (because) => {
        if (isAlive()) die(because);
      },
      after(ms, work) {
        let cancel: () => void;
        const attempt = () => {
          if (!isAlive()) return;
          if (stillUntil > scheduler.now()) cancel = scheduler.after(stillUntil - scheduler.now(), attempt);
          else work();
        };
        cancel = scheduler.after(ms, attempt);
        return () => cancel();
      },
    };
  }

  function boot(): void {
    if (isBuried || life !== undefined) return;
    const born = begin();
    life = born;
    skewMs = Math.round((chance.next() * 2 - 1) * faults().skewMs);
    journal.line(`${born.name} begins`);
    const clock: Clock = { now: () => scheduler.now() + skewMs, wait: (ms, fn) => born.after(ms, fn) };
    const create = (tenant: Tenant): Tocsin => {
      const tocsin = createTocsin({
        config: config(tenant),
        tenant,
        storage: sim.storageFor(born),
        notifiers: sim.notifiersFor(born),
        reactions: sim.host.reactionsFor(born),
        runner: isCron ? NO_RUNNER : localRunner({ clock, pollIntervalMs: sim.pollMs }),
        clock,
        ...(sim.following.secrets !== undefined && { secrets: sim.following.secrets }),
        ids: sim.ids(born, tenant),
        logger: SILENT,
        onDeadLetter: (delivery) => sim.receiver.deadLetter(delivery),
      });
      tocsin.on('work.late', ({ health }) => {
        if (born.isAlive()) sim.alarmed(born, health);
      });
      if (isCron) tickAgain(born, tocsin);
      else start(born, tocsin);
      return tocsin;
    };
    if (sim.isApart) faces = new Map(TENANTS.map((tenant) => [tenant, create(tenant)]));
    else {
      const [first, ...others] = TENANTS;
      const whole = create(first);
      faces = new Map([
        [first, whole],
        ...others.map((tenant) => [tenant, whole.forTenant(tenant, { config: config(tenant) })] as const),
      ]);
    }
  }

  const config = (id: Tenant) => {
    const variant = variants.get(id) ?? 0;
    return configOf(id, sim.variantOf(id, variant), sim);
  };

  /** A host tries again when the storage was not there. */
  function start(born: Life, given: Tocsin): void {
    given.start().catch(() => born.after(2_000, () => start(born, given)));
  }

  function tickAgain(born: Life, given: Tocsin): void {
    given.tick().catch(() => {});
    born.after(TICK_EVERY_MS, () => tickAgain(born, given));
  }

  function die(because: string): void {
    if (life === undefined) return;
    journal.line(`${life.name} dies ${because}`);
    journal.count('crashes');
    sim.receiver.interrupted(life);
    life = undefined;
    faces = new Map();
    scheduler.after(chance.between(500, chance.chance(0.3) ? 90_000 : 15_000), boot);
  }

  return {
    name,
    tenant: (id) => (stillUntil > scheduler.now() ? undefined : faces.get(id)),
    boot,
    die,
    standStill(ms) {
      if (life === undefined) return;
      journal.line(`${life.name} stands still for ${ms} ms`);
      journal.count('fault: pause');
      sim.receiver.interrupted(life);
      stillUntil = scheduler.now() + ms;
    },
    bury() {
      die('for good');
      isBuried = true;
    },
    configure(id, variant) {
      variants.set(id, variant);
      faces.get(id)?.forTenant(id, { config: config(id) });
      journal.line(`${name} has configuration ${variant} of ${id}`);
    },
    heal() {
      skewMs = 0;
      stillUntil = Math.min(stillUntil, scheduler.now());
      boot();
    },
    isAlive: () => life !== undefined,
  };
}

const NO_RUNNER: Runner = { start() {}, wake() {}, async stop() {} };
const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
