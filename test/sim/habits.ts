/**
 * Habits: what people change about themselves while they work: who is on call, and by which contacts they are reached.
 *
 * It only asks; who is asked, and how often, is in people.ts.
 */
import { isTocsinError } from '../../src/index.ts';
import { UNVERIFIED } from './channels.ts';
import type { Request } from './people.ts';
import type { Simulation } from './simulation.ts';
import { addressOf, type Tenant, WITHOUT_RULES } from './tenants.ts';

/** What people change about themselves. */
export type Habits = {
  /** Begins the changes of a tenant, all of which are asked for within `lastMs`. */
  begin(tenant: Tenant, lastMs: number): void;
};

/** Nobody has changed anything yet. */
export function createHabits(sim: Simulation, ask: (request: Request) => void): Habits {
  const { scheduler, journal } = sim;
  const chances = sim.chance.fork('overrides');
  const contacts = sim.chance.fork('contacts');

  /** Somebody takes over for some minutes, soon or at once, and perhaps not for as long as they meant to. */
  function override(tenant: Tenant, by: string): void {
    const [soonMs, lastsMs] = [chances.between(-5_000, 90_000), chances.between(100_000, 200_000)];
    const user = chances.pick(['ana', 'ben', 'chi', 'dia']);
    const cancelMs = chances.chance(0.3) ? chances.between(1_000, 120_000) : undefined;
    ask({
      tenant,
      what: `${user} takes over in ${soonMs} ms for ${lastsMs} ms`,
      perform: (tocsin, mark) => {
        const from = scheduler.now() + soonMs;
        return tocsin.onCall.override({
          schedule: 'primary',
          id: mark,
          from,
          until: from + lastsMs,
          kind: 'replace',
          user,
          by,
        });
      },
      isStored: async (_, mark) => {
        journal.count('overrides');
        if (cancelMs !== undefined) scheduler.after(cancelMs, () => cancel(tenant, mark, by));
        return sim.roster.hasOverride(tenant, mark) ? undefined : 'there is no such override';
      },
      // Whoever comes through too late is told so.
      isForgivable: (code) => code === 'INPUT_INVALID',
    });
  }

  /** Somebody adds a contact, and never finds the time to verify it. */
  function addContact(tenant: Tenant, user: string): void {
    const address = addressOf(tenant, user, UNVERIFIED);
    ask({
      tenant,
      what: `${user} adds a contact`,
      perform: (tocsin) => tocsin.contacts.add({ user, by: user, id: UNVERIFIED, notifier: 'sms', address }),
      isStored: async () => void journal.count('unverified contacts'),
      // An attempt whose answer was lost has done it.
      isForgivable: (code) => code === 'INPUT_INVALID',
    });
  }

  function cancel(tenant: Tenant, id: string, by: string): void {
    ask({
      tenant,
      what: `${by} takes override ${id} back`,
      perform: (tocsin) =>
        tocsin.onCall.cancelOverride(id, { by }).catch((error: unknown) => {
          // An attempt whose answer was lost has done it.
          if (!isTocsinError(error, 'OVERRIDE_NOT_FOUND')) throw error;
        }),
      isStored: async () => undefined,
    });
  }

  return {
    begin(tenant, lastMs) {
      if (contacts.chance(0.3))
        scheduler.after(contacts.between(0, lastMs / 2), () => addContact(tenant, WITHOUT_RULES));
      for (let number = chances.between(0, 3); number > 0; number--)
        scheduler.after(chances.between(0, lastMs), () => override(tenant, 'boss'));
    },
  };
}
