/**
 * The receiver: the phones of everybody, and the only truth about what was sent.
 *
 * It is outside every process: what reached it stays there, whatever became of the node that sent it.
 */
import type { Delivery, Message } from '../../src/index.ts';
import { carriersOf, UNVERIFIED } from './channels.ts';
import type { Life } from './node.ts';
import type { Simulation } from './simulation.ts';
import { addressOf, PEOPLE } from './tenants.ts';

/** What became of the attempts to deliver one delivery. */
export type Receipt = {
  readonly tenant: string;
  /** `undefined` when it is about no incident. */
  readonly incident: string | undefined;
  readonly user: string;
  readonly contact: string;
  attempts: number;
  /** When it was tried last. */
  lastAt: number;
  /** How often a channel said that it took the message. */
  taken: number;
  /** How often the message reached the phone. */
  delivered: number;
  /** How many faults after a send explain that it was sent again. */
  explained: number;
  /** The channels that have refused it for good. */
  readonly refusedBy: Set<string>;
  /** Whether somebody was told that it failed after it was taken. */
  saidFailed: boolean;
  /** Until when a channel has asked to wait with it. */
  askedUntil: number;
  /** The deliveries that its message listed. */
  readonly listed: Set<string>;
};

/** The phones. */
export type Receiver = {
  /** A message is handed to a channel under a key; answers what is known of it. */
  handed(message: Message, key: string, notifier: string): Receipt;
  /** What brings something up to date is handed to a channel; it is no message to a person. */
  handedUp(message: Message, key: string): Receipt;
  /** It reached the phone. */
  arrive(receipt: Receipt, message: Message): void;
  /** Whether a person cannot be reached while there are faults. */
  isUnreachable(user: string): boolean;
  receipt(tenant: string, key: string): Receipt | undefined;
  receipts(): Iterable<[string, Receipt]>;
  /** When something about an incident reached somebody last (epoch ms). */
  reachedAt(tenant: string, incident: string): number | undefined;
  deadLetter(delivery: Delivery): void;
  hasHeardOfDead(tenant: string, id: string): boolean;
  /** An attempt begins, or ends, in a process. */
  begins(life: Life, tenant: string, id: string): void;
  ends(life: Life, tenant: string, id: string): void;
  /** The process has made sure that a delivery is its own, and whether it has waited too long since then. */
  extended(life: Life, tenant: string, id: string, token: number): void;
  settled(life: Life, tenant: string, id: string): void;
  isLate(life: Life, tenant: string, id: string): boolean;
  /** A fault that may lead to a duplicate of `id`. */
  explain(tenant: string, id: string): void;
  /** The process stopped or stood still: whatever it had under way may be sent again. */
  interrupted(life: Life): void;
};

/** How long a delivery is a process's own after it has made sure of that. */
const EXTENDED_MS = 11_000;

/** Phones that have heard nothing yet. */
export function createReceiver(sim: Simulation): Receiver {
  const { journal, channels, scheduler } = sim;
  const chance = sim.chance.fork('receiver');
  const receipts = new Map<string, Receipt>();
  const reached = new Map<string, number>();
  const excuses = new Map<string, number>();
  const dead = new Set<string>();
  const held = new Map<string, { token: number; at: number; isDoubtful: boolean }>();
  const flights = new Map<string, Set<string>>();
  const unreachable = new Set<string>(PEOPLE.filter(() => chance.chance(0.15)));
  const keyOf = (tenant: string, id: string) => `${tenant}/${id}`;

  const excuse = (key: string) => {
    const receipt = receipts.get(key);
    if (receipt === undefined) excuses.set(key, (excuses.get(key) ?? 0) + 1);
    else receipt.explained += 1;
  };

  function fresh({ tenant, incidentId, to }: Message, key: string): Receipt {
    const known = receipts.get(keyOf(tenant, key));
    if (known !== undefined) return known;
    const receipt: Receipt = {
      tenant,
      incident: incidentId,
      user: to.user ?? '',
      contact: to.contact,
      attempts: 0,
      lastAt: 0,
      taken: 0,
      delivered: 0,
      explained: excuses.get(keyOf(tenant, key)) ?? 0,
      refusedBy: new Set(),
      saidFailed: false,
      askedUntil: 0,
      listed: new Set(),
    };
    receipts.set(keyOf(tenant, key), receipt);
    return receipt;
  }

  return {
    handed(message, key, notifier) {
      const { tenant, incidentId, to, deliveryId, bundle = [] } = message;
      const { user = '', contact, address } = to;
      if ((contact === UNVERIFIED) !== (message.purpose === 'verification'))
        journal.violate('I6', `delivery ${key} of ${tenant}, a ${message.purpose}, went to contact ${contact}`);
      if (deliveryId !== key)
        journal.violate('I3', `delivery ${deliveryId} of ${tenant} was sent under the key ${key}`);
      if (address !== addressOf(tenant, user, contact) || !carriersOf(channels, contact).includes(notifier))
        journal.violate('I6', `delivery ${key} of ${tenant} for ${user} went to ${address} by ${notifier}`);
      if (!sim.budgets.isCounted(tenant, contact, key))
        journal.violate('I15', `delivery ${key} of ${tenant} goes out, and nobody has counted it`);
      const receipt = fresh(message, key);
      if (receipt.incident !== incidentId || receipt.user !== user || receipt.contact !== contact)
        journal.violate('I3', `the key ${key} of ${tenant} was used for two messages`);
      receipt.attempts += 1;
      receipt.lastAt = scheduler.now();
      for (const item of bundle) receipt.listed.add(item.deliveryId);
      return receipt;
    },
    handedUp(message, key) {
      const { tenant, deliveryId, actions, purpose } = message;
      if (deliveryId !== key)
        journal.violate('I3', `delivery ${deliveryId} of ${tenant} was sent under the key ${key}`);
      if (purpose === 'mirror' && actions.length > 0)
        journal.violate('M7', `mirror ${tenant}/${key} can be answered by whoever sees it`);
      const receipt = fresh(message, key);
      receipt.attempts += 1;
      receipt.lastAt = scheduler.now();
      return receipt;
    },
    arrive(receipt, message) {
      receipt.delivered += 1;
      journal.count('sends');
      if (receipt.delivered > 1) journal.count('duplicates');
      if (receipt.delivered - 1 > receipt.explained)
        journal.violate(
          'I11',
          `${message.deliveryId} of ${message.tenant} was sent ${receipt.delivered} times with ${receipt.explained} faults after a send`,
        );
      const about = [message, ...(message.bundle ?? [])].flatMap(({ incidentId }) => incidentId ?? []);
      for (const incident of about) reached.set(keyOf(message.tenant, incident), scheduler.now());
      sim.people.paged(message);
    },
    isUnreachable: (user) => unreachable.has(user),
    receipt: (tenant, key) => receipts.get(keyOf(tenant, key)),
    receipts: () => receipts,
    reachedAt: (tenant, incident) => reached.get(keyOf(tenant, incident)),
    deadLetter: ({ tenant, id }) => void dead.add(keyOf(tenant, id)),
    hasHeardOfDead: (tenant, id) => dead.has(keyOf(tenant, id)),
    begins(life, tenant, id) {
      const own = flights.get(life.name) ?? new Set();
      flights.set(life.name, own.add(keyOf(tenant, id)));
    },
    ends: (life, tenant, id) => void flights.get(life.name)?.delete(keyOf(tenant, id)),
    extended(life, tenant, id, token) {
      const key = `${life.name} ${keyOf(tenant, id)}`;
      const isDoubtful = (held.get(key)?.token ?? token) !== token;
      held.set(key, { token, at: scheduler.now(), isDoubtful });
    },
    settled: (life, tenant, id) => void held.delete(`${life.name} ${keyOf(tenant, id)}`),
    isLate(life, tenant, id) {
      const hold = held.get(`${life.name} ${keyOf(tenant, id)}`);
      return hold === undefined || hold.isDoubtful || hold.at + EXTENDED_MS < scheduler.now();
    },
    explain: (tenant, id) => excuse(keyOf(tenant, id)),
    interrupted(life) {
      for (const key of flights.get(life.name) ?? []) excuse(key);
    },
  };
}
