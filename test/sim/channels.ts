/**
 * The channels of one world: which notifiers carry which contact, how many messages they take, and how long they have.
 *
 * Data only. One description serves the engine, as its configuration, and the simulation, as what to expect.
 */
import type { Random } from './prng.ts';

/** A contact that everybody has; also the name by which it is carried. */
export type ContactName = 'sms' | 'voice';
export const CONTACTS: readonly ContactName[] = ['sms', 'voice'];

/** So many messages within so long. */
export type BudgetMs = { readonly messages: number; readonly withinMs: number };
/** How many messages may go to one address, and to all of them together. */
export type Limit = { readonly perContact: readonly BudgetMs[]; readonly overall: readonly BudgetMs[] };

/** The channels of a world. */
export type Channels = {
  /** The notifiers that carry a contact, in the order in which they are tried. */
  readonly carriers: Readonly<Record<ContactName, readonly string[]>>;
  readonly limits: Readonly<Record<ContactName, Limit | undefined>>;
  /** How long an attempt may take, where a notifier says it. */
  readonly deadlineMs: Readonly<Record<string, number>>;
  /** How many messages a notifier takes at once, where it says it. */
  readonly concurrency: Readonly<Record<string, number>>;
  /** Whether a channel may ask to be left alone for a quarter of an hour. */
  readonly isSlow: boolean;
  readonly hasReactions: boolean;
};

/** The channels of a seed. */
export function chooseChannels(chance: Random): Channels {
  const carriers = { sms: chance.chance(0.6) ? ['alpha', 'beta'] : ['sms'], voice: ['voice'] };
  const names = [...carriers.sms, ...carriers.voice];
  const some = (probability: number, value: () => number) =>
    Object.fromEntries(names.flatMap((name) => (chance.chance(probability) ? [[name, value()]] : [])));
  return {
    carriers,
    limits: { sms: limit(chance), voice: limit(chance) },
    deadlineMs: some(0.2, () => 1_000 * chance.between(2, 6)),
    concurrency: some(0.15, () => chance.between(3, 8)),
    isSlow: chance.chance(0.1),
    hasReactions: chance.chance(0.5),
  };
}

function limit(chance: Random): Limit | undefined {
  if (chance.chance(0.6)) return undefined;
  return {
    perContact: [{ messages: chance.between(1, 3), withinMs: 1_000 * chance.between(20, 90) }],
    overall: chance.chance(0.3) ? [{ messages: chance.between(3, 6), withinMs: 1_000 * chance.between(5, 20) }] : [],
  };
}

/** A contact that somebody adds and never verifies; what goes there is carried as an `sms`. */
export const UNVERIFIED = 'spare';

/** The notifiers that carry a contact. */
export function carriersOf({ carriers }: Channels, contact: string): readonly string[] {
  const name = contact === UNVERIFIED ? 'sms' : contact;
  return name in carriers ? carriers[name as ContactName] : [];
}
