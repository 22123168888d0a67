/**
 * The receiver: the phones of everybody, and the only truth about what was sent.
 *
 * It is outside every process: what reached it stays there, whatever became of the node that sent it.
 */
import {
  type Delivery,
  defineNotifier,
  type Message,
  type Notifier,
  notifyError,
  type SendResult,
} from '../../src/index.ts';
import type { Life } from './node.ts';
import type { Simulation } from './simulation.ts';
import { addressOf, PEOPLE } from './tenants.ts';

/** What became of the attempts to deliver one delivery. */
export type Receipt = {
  readonly tenant: string;
  readonly incident: string;
  readonly user: string;
  readonly contact: string;
  attempts: number;
  /** How often the message reached the phone. */
  delivered: number;
  /** How many faults after a send explain that it was sent again. */
  explained: number;
  /** Whether the channel refused it for good. */
  isRefused: boolean;
};

/** The phones. */
export type Receiver = {
  notifiersFor(life: Life): Notifier[];
  receipt(tenant: string, key: string): Receipt | undefined;
  receipts(): Iterable<[string, Receipt]>;
  deadLetter(delivery: Delivery): void;
  hasHeardOfDead(tenant: string, id: string): boolean;
  /** An attempt begins, or ends, in a process. */
  begins(life: Life, tenant: string, id: string): void;
  ends(life: Life, tenant: string, id: string): void;
  /** A fault that may lead to a duplicate of `id`. */
  explain(tenant: string, id: string): void;
  /** The process stopped or stood still: whatever it had under way may be sent again. */
  interrupted(life: Life): void;
};

/** How many messages of one tenant a process may have on their way through one notifier. */
const MOST_IN_FLIGHT = 16;

/** Phones that have heard nothing yet. */
export function createReceiver(sim: Simulation): Receiver {
  const { scheduler, journal } = sim;
  const chance = sim.chance.fork('receiver');
  const receipts = new Map<string, Receipt>();
  const excuses = new Map<string, number>();
  const dead = new Set<string>();
  const flights = new Map<string, Set<string>>();
  const unreachable = new Set<string>(PEOPLE.filter(() => chance.chance(0.15)));
  const keyOf = (tenant: string, id: string) => `${tenant}/${id}`;

  const excuse = (key: string) => {
    const receipt = receipts.get(key);
    if (receipt === undefined) excuses.set(key, (excuses.get(key) ?? 0) + 1);
    else receipt.explained += 1;
  };

  function received(message: Message, key: string, contact: string): Receipt {
    const { tenant, incidentId: incident, to } = message;
    const user = to.user ?? '';
    if (message.deliveryId !== key)
      journal.violate('I3', `delivery ${message.deliveryId} of ${tenant} was sent under the key ${key}`);
    if (to.address !== addressOf(tenant, user, contact))
      journal.violate('I6', `delivery ${key} of ${tenant} for ${user} went to ${to.address}`);
    const known = receipts.get(keyOf(tenant, key));
    const fresh = known ?? {
      tenant,
      incident,
      user,
      contact,
      attempts: 0,
      delivered: 0,
      explained: 0,
      isRefused: false,
    };
    if (fresh.incident !== incident || fresh.user !== user || fresh.contact !== contact)
      journal.violate('I3', `the key ${key} of ${tenant} was used for two messages`);
    if (known === undefined) {
      fresh.explained += excuses.get(keyOf(tenant, key)) ?? 0;
      receipts.set(keyOf(tenant, key), fresh);
    }
    return fresh;
  }

  function arrive(receipt: Receipt, message: Message): void {
    receipt.delivered += 1;
    journal.count('sends');
    if (receipt.delivered > 1) journal.count('duplicates');
    if (receipt.delivered - 1 > receipt.explained)
      journal.violate(
        'I11',
        `${message.deliveryId} of ${message.tenant} was sent ${receipt.delivered} times with ${receipt.explained} faults after a send`,
      );
    sim.people.paged(message);
  }

  function notifier(life: Life, name: string): Notifier {
    const inFlight = new Map<string, number>();
    return defineNotifier({
      name,
      send(message, { idempotencyKey, signal }) {
        return new Promise<SendResult | undefined>((resolve, reject) => {
          if (!life.isAlive()) return;
          const receipt = received(message, idempotencyKey, name);
          receipt.attempts += 1;
          const { tenant } = message;
          const now = (inFlight.get(tenant) ?? 0) + 1;
          inFlight.set(tenant, now);
          if (now > MOST_IN_FLIGHT)
            journal.violate('I13', `${life.name} has ${now} messages of ${tenant} on their way through ${name}`);
          const fault = outcome(receipt.user, name);
          if (fault !== 'taken') journal.count(`fault: ${fault}`);
          journal.line(
            `${life.name} sends ${message.tenant}/${idempotencyKey} to ${message.to.user} by ${name}: ${fault}`,
          );
          const leave = () => {
            inFlight.set(tenant, (inFlight.get(tenant) ?? 1) - 1);
          };
          const answer = (work: () => void) =>
            life.after(chance.between(5, 400), () => {
              leave();
              work();
            });
          const error = () => reject(new Error('the channel is out of order'));
          if (fault === 'taken' || fault === 'delivered') {
            scheduler.after(chance.between(1, 5), () => arrive(receipt, message));
            if (fault === 'delivered') receipt.explained += 1;
            return void answer(fault === 'taken' ? () => resolve({ externalId: idempotencyKey }) : error);
          }
          if (fault === 'hang') {
            receipt.explained += 1;
            if (chance.chance(0.5)) scheduler.after(chance.between(100, 30_000), () => arrive(receipt, message));
            return signal.addEventListener('abort', leave);
          }
          if (fault === 'permanent') receipt.isRefused = true;
          answer(() => {
            if (fault === 'permanent') reject(notifyError('there is no such number', { permanent: true }));
            else if (fault === 'retryAfter')
              reject(notifyError('busy', { retryAfterMs: 1_000 * chance.between(1, 60) }));
            else error();
          });
        });
      },
    });
  }

  /** Some people cannot be reached while there are faults, whatever the channel. */
  function outcome(
    user: string,
    channel: string,
  ): 'taken' | 'refuse' | 'retryAfter' | 'permanent' | 'hang' | 'delivered' {
    if (channel === sim.hangingChannel()) return 'hang';
    const { refuse, retryAfter, permanent, hang, delivered } = sim.faults();
    if (permanent > 0 && unreachable.has(user) && chance.chance(0.9)) return 'permanent';
    const kinds = Object.entries({ refuse, retryAfter, permanent, hang, delivered });
    let draw = chance.next();
    for (const [kind, rate] of kinds) {
      if (draw < rate) return kind as 'refuse';
      draw -= rate;
    }
    return 'taken';
  }

  return {
    notifiersFor: (life) => ['sms', 'voice'].map((name) => notifier(life, name)),
    receipt: (tenant, key) => receipts.get(keyOf(tenant, key)),
    receipts: () => receipts,
    deadLetter: ({ tenant, id }) => void dead.add(keyOf(tenant, id)),
    hasHeardOfDead: (tenant, id) => dead.has(keyOf(tenant, id)),
    begins(life, tenant, id) {
      const own = flights.get(life.name) ?? new Set();
      flights.set(life.name, own.add(keyOf(tenant, id)));
    },
    ends: (life, tenant, id) => void flights.get(life.name)?.delete(keyOf(tenant, id)),
    explain: (tenant, id) => excuse(keyOf(tenant, id)),
    interrupted(life) {
      for (const key of flights.get(life.name) ?? []) excuse(key);
    },
  };
}
