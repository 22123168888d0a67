/**
 * Presses: people who answer by the tokens in their messages: once, twice, at two processes at once, and too late.
 *
 * A token is taken at most once, whoever brings it and however often.
 */
import { type Incident, isTocsinError, type Message, type MessageAction } from '../../src/index.ts';
import { mintActionToken } from '../../src/interactions/action-token.ts';
import type { Simulation } from './simulation.ts';
import type { Tenant } from './tenants.ts';

/** Whoever answers by tokens. */
export type Presses = {
  /** Presses something of a message in `ms`, if there is anything to press; answers whether there is. */
  press(message: Message, ms: number): boolean;
};

type Pressed = { tries: number; taken: number };
type Button = {
  readonly incident: string;
  readonly delivery: string;
  readonly action: MessageAction['id'];
  readonly token: string;
};

/** Nobody has pressed anything yet. */
export function createPresses(sim: Simulation): Presses {
  const { scheduler, journal, following } = sim;
  const chance = sim.chance.fork('presses');
  const pressed = new Map<string, Pressed>();

  function buttonsOf(message: Message): readonly Button[] {
    const items = [message, ...(message.bundle ?? [])];
    return items.flatMap(({ incidentId, deliveryId, actions = [] }) =>
      actions.flatMap(({ id, token }) =>
        incidentId === undefined || token === undefined
          ? []
          : [{ incident: incidentId, delivery: deliveryId, action: id, token }],
      ),
    );
  }

  function redeem(tenant: Tenant, user: string, { action, incident, delivery, token }: Button): void {
    // Two copies of one message are answered once.
    const name = `${tenant}/${delivery} ${action}`;
    const count = pressed.get(name) ?? { tries: 0, taken: 0 };
    pressed.set(name, count);
    sim.people.ask({
      tenant,
      what: `${user} presses ${action} of ${incident}`,
      perform: async (tocsin) => {
        count.tries += 1;
        try {
          const { incident: done } = await tocsin.actions.redeem(token);
          count.taken += 1;
          journal.count('tokens: taken');
          if (count.taken > 1)
            journal.violate('T1', `${action} of ${tenant}/${incident} was taken ${count.taken} times`);
          return done;
        } catch (error) {
          const why = whyOf(error);
          if (why === undefined) throw error;
          journal.count(`tokens: ${why}`);
          if (why !== 'used' || count.tries === 1)
            journal.violate('T1', `${action} of ${tenant}/${incident} is ${why}`);
          return undefined;
        }
      },
      isStored: async (answer) => {
        const done = answer as Incident | undefined;
        const known = sim.observer.incident(tenant, incident);
        return done === undefined || (known?.version ?? 0) >= done.version ? undefined : 'nothing of it is stored';
      },
    });
  }

  /** A token whose time is over, as it lies in an old message. */
  function redeemExpired(tenant: Tenant, user: string, { action, incident }: Button): void {
    const [secret = ''] = following.secrets ?? [];
    const id = `old:${pressed.size}:${scheduler.now()}`;
    const expiresAt = scheduler.now() - chance.pick([0, 1_000, 86_400_000]);
    const token = mintActionToken({ id, tenant, incident, action, user, expiresAt }, [secret]);
    sim.people.ask({
      tenant,
      what: `${user} presses ${action} of ${incident}, whose time is over`,
      perform: async (tocsin) => {
        try {
          await tocsin.actions.redeem(token);
          journal.violate('T1', `${action} of ${tenant}/${incident} was taken after its time`);
        } catch (error) {
          if (whyOf(error) !== 'expired') throw error;
          journal.count('tokens: expired');
        }
      },
      isStored: async () => undefined,
    });
  }

  return {
    press(message, ms) {
      const [first, ...rest] = buttonsOf(message);
      if (following.secrets === undefined || first === undefined) return false;
      const button = chance.pick([first, ...rest]);
      const { tenant, to } = message;
      const press = () => redeem(tenant as Tenant, to.user ?? '', button);
      const soon = (work: () => void, afterMs: number) =>
        void scheduler.after(afterMs, () => {
          if (!sim.people.isSilent()) work();
        });
      soon(press, ms);
      if (chance.chance(0.4)) soon(press, ms + chance.pick([0, 1, 50, 20_000]));
      if (chance.chance(0.15)) soon(() => redeemExpired(tenant as Tenant, to.user ?? '', button), ms);
      return true;
    },
  };
}

/** Why an answer was refused, if it was. */
function whyOf(error: unknown): string | undefined {
  return isTocsinError(error, 'ACTION_REFUSED') ? String(error.details.why) : undefined;
}
