/**
 * The people and the monitoring: what is asked of the nodes, again and again until a node has accepted it.
 *
 * Whoever asks remembers what was accepted, and looks whether it is stored.
 */
import { type Incident, type IngestResult, isTocsinError, type Message, type Tocsin } from '../../src/index.ts';
import { COMMANDS, type CommandName, markOf, REACTIONS } from './commands.ts';
import { createHabits } from './habits.ts';
import type { Simulation } from './simulation.ts';
import { TENANTS, type Tenant } from './tenants.ts';

/** Everybody outside the nodes. */
export type People = {
  /** Begins the work of a seed, all of which is asked for before `until`. */
  begin(until: number): void;
  /** Asks a node, again and again until one has accepted it. */
  ask(request: Request): void;
  /** A message reached somebody, who may do something about it. */
  paged(message: Message): void;
  /** Nobody reacts to anything any more. */
  fallSilent(): void;
  isSilent(): boolean;
  resolveEverything(): void;
  /** How often each key of a tenant was triggered. */
  triggers(tenant: Tenant): Iterable<[string, Triggered]>;
  /** How many requests no node has accepted or refused yet. */
  pending(): number;
};

/** How often a node was asked to take a trigger of a key, and how often one did. */
export type Triggered = { attempts: number; accepted: number };

/** What is asked of a node; `mark` names the attempt and goes into the timeline where it can. */
export type Request = {
  readonly tenant: Tenant;
  readonly what: string;
  readonly perform: (tocsin: Tocsin, mark: string) => Promise<unknown>;
  /** Looks whether what was answered is stored; answers what is wrong. */
  readonly isStored: (answer: unknown, mark: string) => Promise<string | undefined>;
  /** Whether it may be refused so. */
  readonly isForgivable?: (code: string) => boolean;
};

/** After that nobody waits for an answer. */
const PATIENCE_MS = 20_000;
const KEYS = ['disk', 'cpu', 'queue', 'certificate'] as const;

/** Everybody outside the nodes, doing nothing yet. */
export function createPeople(sim: Simulation): People {
  const { scheduler, journal } = sim;
  const chance = sim.chance.fork('people');
  const triggers = new Map<Tenant, Map<string, Triggered>>(TENANTS.map((tenant) => [tenant, new Map()]));
  const habits = createHabits(sim, (request) => ask(request));
  let requests = 0;
  let pending = 0;
  let isSilent = false;

  function ask(request: Request): void {
    pending += 1;
    attempt(request, `r${++requests}`, 1);
  }

  function attempt(request: Request, id: string, number: number): void {
    const awake = sim.nodes.flatMap((node) => node.tenant(request.tenant) ?? []);
    const tocsin = awake[chance.between(0, Math.max(0, awake.length - 1))];
    let isOver = false;
    const end = (work: () => void) => {
      if (isOver) return;
      isOver = true;
      work();
    };
    const again = () => void scheduler.after(chance.between(1_000, 6_000), () => attempt(request, id, number + 1));
    const done = () => {
      pending -= 1;
    };
    if (tocsin === undefined) {
      again();
      return;
    }
    const mark = `${id}.${number}`;
    journal.line(`${mark} asks ${request.tenant}: ${request.what}`);
    const asked = request.perform(tocsin, mark);
    scheduler.after(PATIENCE_MS, () => end(again));
    asked.then(
      async (answer) => {
        journal.line(`${mark} is accepted`);
        journal.count('accepted');
        const problem = await request.isStored(answer, mark);
        if (problem !== undefined) journal.violate('I1', `${mark} (${request.what}) was accepted: ${problem}`);
        end(done);
      },
      (error: unknown) => {
        if (isTocsinError(error) && error.retryable) return end(again);
        journal.line(`${mark} is refused: ${isTocsinError(error) ? error.code : String(error)}`);
        const isForgiven = isTocsinError(error) && request.isForgivable?.(error.code) === true;
        if (!isForgiven && !isTocsinError(error, 'INVALID_TRANSITION'))
          journal.violate('I1', `${mark} (${request.what}): ${String(error)}`);
        return end(done);
      },
    );
  }

  function trigger(tenant: Tenant, dedupKey: string, severity: string): void {
    const count = triggers.get(tenant)?.get(dedupKey) ?? { attempts: 0, accepted: 0 };
    triggers.get(tenant)?.set(dedupKey, count);
    ask({
      tenant,
      what: `trigger ${dedupKey} ${severity}`,
      perform: (tocsin) => {
        count.attempts += 1;
        return tocsin.ingest({ action: 'trigger', dedupKey, title: dedupKey, severity });
      },
      isStored: async (answer) => {
        count.accepted += 1;
        const [result] = answer as readonly IngestResult[];
        const incident =
          result?.incidentId === undefined ? undefined : sim.observer.incident(tenant, result.incidentId);
        return incident === undefined ? `${result?.outcome} without an incident that is stored` : undefined;
      },
    });
  }

  function clear(tenant: Tenant, dedupKey: string): void {
    ask({
      tenant,
      what: `resolve ${dedupKey}`,
      perform: (tocsin) => tocsin.ingest({ action: 'resolve', dedupKey }),
      isStored: async () => undefined,
    });
  }

  /** Somebody reports what monitoring has not seen, and perhaps not for everybody's eyes. */
  function report(tenant: Tenant): void {
    const visibility = chance.pick(['public', 'private'] as const);
    const by = chance.pick(['ana', 'ben']);
    ask({
      tenant,
      what: `${by} reports something ${visibility}`,
      perform: (tocsin) => tocsin.incidents.open({ title: 'reported', service: 'checkout', by, visibility }),
      isStored: async (answer) => {
        const { id } = answer as Incident;
        return sim.observer.incident(tenant, id) === undefined ? 'it is not stored' : undefined;
      },
    });
  }

  /** A command whose event is found again: by its mark where `isMarked`, else by its type and whose it is. */
  function command(tenant: Tenant, incident: string, by: string, name: CommandName): void {
    const { perform, type, orType = type, isMarked, mayChangeNothing = false } = COMMANDS[name];
    const types: readonly string[] = [type, orType];
    const input = chance.next();
    ask({
      tenant,
      what: `${by} ${name} ${incident}`,
      perform: (tocsin, mark) => perform({ tocsin, incident, by, mark, input }),
      isStored: async (_, mark) => {
        const events = await sim.observer.timeline(tenant, incident);
        const own = events.filter(
          (event) => types.includes(event.type) && event.by.kind === 'user' && event.by.id === by,
        );
        const found = isMarked ? own.filter((event) => markOf(event) === mark) : own;
        if (found.length === 0 && !mayChangeNothing) return `there is no ${type} by ${by}`;
        return isMarked && found.length > 1 ? `${type} is there ${found.length} times` : undefined;
      },
    });
  }

  function problem(tenant: Tenant, key: string, at: number): void {
    const severity = chance.chance(0.25) ? 'warning' : 'critical';
    const later = (ms: number, work: () => void) => scheduler.after(at + ms, work);
    later(0, () => trigger(tenant, key, severity));
    for (let repeat = chance.between(0, 2); repeat > 0; repeat--)
      later(chance.chance(0.4) ? chance.between(0, 500) : chance.between(0, 240_000), () =>
        trigger(tenant, key, chance.chance(0.3) ? 'critical' : severity),
      );
    if (chance.chance(0.5)) {
      const clearMs = chance.between(10_000, 240_000);
      later(clearMs, () => clear(tenant, key));
      if (chance.chance(0.5)) later(clearMs + chance.between(1_000, 90_000), () => trigger(tenant, key, severity));
    }
  }

  /** People answer when they answer, and often at the very moment at which something else happens. */
  function momentFor(tenant: string, incident: string): number {
    const timers = sim.observer.incident(tenant, incident)?.oracle.timers ?? new Map();
    const nextMs = Math.min(...timers.values()) - scheduler.now();
    if (nextMs > 0 && nextMs < 120_000 && chance.chance(0.4)) return nextMs + chance.between(-sim.wayMs, 3 * sim.wayMs);
    return chance.between(500, 40_000);
  }

  /** Somebody resolved, or took it on, too early. */
  function regret(tenant: Tenant, incident: string, what: { readonly by: string; readonly name: CommandName }): void {
    const { by, name } = what;
    scheduler.after(name === 'reopen' ? chance.between(5_000, 60_000) : chance.between(200, 10_000), () => {
      if (!isSilent) command(tenant, incident, by, name);
    });
  }

  function edit(tenant: Tenant): void {
    const variant = chance.between(1, 2);
    for (const node of sim.nodes) if (chance.chance(0.6)) node.configure(tenant, variant);
  }

  return {
    begin(until) {
      const lastMs = until - scheduler.now();
      problem(chance.pick(TENANTS), KEYS[0], 0);
      for (const tenant of TENANTS) {
        for (const key of KEYS) if (chance.chance(0.3)) problem(tenant, key, chance.between(0, lastMs / 2));
        if (chance.chance(0.4)) scheduler.after(chance.between(0, lastMs), () => edit(tenant));
        if (sim.following.mirrors.length > 0 && chance.chance(0.4))
          scheduler.after(chance.between(0, lastMs / 2), () => report(tenant));
        habits.begin(tenant, lastMs);
      }
      const isCounting = sim.hasLimits && sim.following.mirrors.length > 0;
      // Messages to one address are counted one after the other, which a slow storage makes slow.
      const size = chance.chance(0.015) && !sim.hasLimits ? 100 : chance.chance(0.08) && !isCounting ? 8 : 0;
      const storm = () => {
        for (let number = 0; number < size; number++) trigger('red', `storm ${number}`, 'critical');
      };
      scheduler.after(chance.between(0, lastMs / 2), storm);
    },
    ask,
    paged(message) {
      const { tenant, incidentId, to, purpose } = message;
      if (isSilent || incidentId === undefined || purpose === 'notice' || !chance.chance(0.5)) return;
      if (chance.chance(0.5) && sim.presses.press(message, momentFor(tenant, incidentId))) return;
      const name = chance.pick(REACTIONS);
      scheduler.after(momentFor(tenant, incidentId), () => {
        if (isSilent) return;
        command(tenant as Tenant, incidentId, to.user ?? '', name);
        if (name === 'acknowledge' && sim.following.mirrors.length > 0 && chance.chance(0.3))
          regret(tenant as Tenant, incidentId, { by: to.user ?? '', name: 'unacknowledge' });
        if (name === 'resolve' && chance.chance(0.6))
          regret(tenant as Tenant, incidentId, { by: to.user ?? '', name: 'reopen' });
      });
    },
    fallSilent() {
      isSilent = true;
    },
    isSilent: () => isSilent,
    resolveEverything() {
      for (const { tenant, id, oracle } of sim.observer.incidents())
        if (oracle.isOpen()) command(tenant as Tenant, id, 'boss', 'resolve');
    },
    triggers: (tenant) => triggers.get(tenant) ?? [],
    pending: () => pending,
  };
}
