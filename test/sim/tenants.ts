/**
 * Three tenants that have the same ids for everything, and the policies of each, before and after they are edited.
 *
 * One description serves the engine, as its configuration, and the oracle, as what to expect. It imports nothing of the
 * engine but the type of a configuration.
 */
import type { ConfigInput } from '../../src/index.ts';
import { type Channels, CONTACTS } from './channels.ts';
import { type Following, followingOf } from './following.ts';
import type { Random } from './prng.ts';

/** The tenants. */
export const TENANTS = ['red', 'green', 'blue'] as const;
/** One of the tenants. */
export type Tenant = (typeof TENANTS)[number];

/** When every simulation begins: ten minutes before the people on call change. */
export const START = Date.UTC(2026, 0, 6, 10, 50);
/** Who is on call by turns, a day each, since {@link ROTATION_START}. */
const ROTATION = ['ana', 'ben', 'chi'] as const;
export const ROTATION_START = Date.UTC(2026, 0, 5, 11);
/** How long each of them is on call. */
export const HANDOFF_EVERY_MS = 86_400_000;
/** Everybody who can be paged. */
export const PEOPLE = ['ana', 'ben', 'chi', 'dia', 'boss'] as const;
/** How long after the page the second contact of a person is used: by their own rules, or without any. */
export const secondContactMs = (user: string): number => (user === WITHOUT_RULES ? 120_000 : 20_000);
/** Somebody who has no rules of their own: whatever contact they had would be used. */
export const WITHOUT_RULES = 'dia';

/** Who is asked at a step: by name, or whoever is on call. */
export type Rung = {
  readonly users: readonly string[];
  readonly onCall: boolean;
  readonly waitMs: number;
  /** Of a step that asks one of them at a time: names the turns, which all incidents of the tenant share. */
  readonly turns?: string;
  /** Whether everybody who is asked has to answer. */
  readonly isEach?: boolean;
};

/** A policy as the oracle knows it. */
export type Policy = {
  readonly id: string;
  readonly rungs: readonly Rung[];
  readonly loops: number;
  readonly fallback: readonly string[];
  readonly fallbackMs: number;
  /** `undefined` when an acknowledgement holds for ever. */
  readonly acknowledgeMs: number | undefined;
};

/** One state of the configuration of a tenant. */
export type Variant = {
  readonly policies: readonly Policy[];
  readonly clearMs: number;
  readonly reminderMs: number;
  /** Until when today (epoch ms) what can wait is held back from a person. */
  readonly quietUntil: Readonly<Record<string, number>>;
  /** Whether incidents show on a status page. */
  readonly hasPage: boolean;
};

/** The configurations that a tenant has, one after the other; edits change policies and waits, nothing else. */
export function chooseVariants(chance: Random): readonly [Variant, ...Variant[]] {
  const quiet = chance.fork('quiet');
  const sleepers = PEOPLE.filter(() => quiet.chance(0.3));
  const settings = {
    hasPage: chance.fork('page').chance(0.4),
    clearMs: seconds(chance, 20, 60),
    reminderMs: seconds(chance, 90, 240),
    quietUntil: Object.fromEntries(sleepers.map((user) => [user, START + 60_000 * quiet.between(1, 25)])),
  };
  const variant = (): Variant => ({ ...settings, policies: [policy('default', chance), policy('other', chance)] });
  return [variant(), variant(), variant()];
}

/** Whose turn it is at a moment. */
export function rotationAt(at: number): string {
  return ROTATION[Math.floor((at - ROTATION_START) / HANDOFF_EVERY_MS) % ROTATION.length] ?? '';
}

/** The people at a rung while `person` is on call, in their order. */
export function namedAt({ users, onCall }: Rung, person: string): readonly string[] {
  return [...new Set([...users, ...(onCall ? [person] : [])])];
}

/** The address of a person, which says whose it is. */
export const addressOf = (tenant: string, user: string, notifier: string) => `${user}@${tenant}.${notifier}`;

/** One page with one component. */
export const STATUS_PAGE: NonNullable<ConfigInput['status']> = {
  components: [{ id: 'shop', name: 'Shop', services: ['checkout'] }],
  pages: [{ id: 'public', name: 'Shop' }],
};

/** The configuration of a tenant, as the engine takes it. */
export function configOf(
  tenant: Tenant,
  variant: Variant,
  { channels, following }: { readonly channels: Channels; readonly following: Following },
): ConfigInput {
  const { policies, clearMs, reminderMs, quietUntil, hasPage } = variant;
  return {
    users: PEOPLE.map((id) => ({
      id,
      timeZone: 'UTC',
      contacts: CONTACTS.map((notifier) => ({ notifier, address: addressOf(tenant, id, notifier) })),
      ...(id !== WITHOUT_RULES && {
        rules: { high: [{ contact: 'sms' }, { after: `${secondContactMs(id) / 1_000}s`, contact: 'voice' }] },
      }),
      ...(quietUntil[id] !== undefined && { quietHours: [{ from: '10:00', until: clockOf(quietUntil[id]) }] }),
    })),
    schedules: [
      {
        id: 'primary',
        timeZone: 'UTC',
        layers: [
          {
            id: 'daily',
            rotation: { start: '2026-01-05T11:00:00', rrule: 'FREQ=DAILY', participants: [...ROTATION] },
          },
        ],
      },
    ],
    escalationPolicies: policies.map((policy) => ({
      id: policy.id,
      steps: policy.rungs.map(({ users, onCall, waitMs, turns, isEach }) => ({
        targets: [...users.map((user) => ({ user })), ...(onCall ? [{ schedule: 'primary' }] : [])],
        escalateAfter: `${waitMs / 1_000}s`,
        ...(turns !== undefined && { strategy: 'round-robin' as const }),
        ...(isEach === true && { acknowledge: 'each' as const }),
      })),
      repeat: policy.loops - 1,
      fallback: policy.fallback.map((user) => ({ user })),
      fallbackEvery: `${policy.fallbackMs / 1_000}s`,
      acknowledgeTimeout: policy.acknowledgeMs === undefined ? 'off' : `${policy.acknowledgeMs / 1_000}s`,
    })),
    services: [{ id: 'checkout', escalationPolicy: 'default' }],
    ...(hasPage && { status: STATUS_PAGE }),
    incidents: { resolveAfterClear: `${clearMs / 1_000}s`, reminderEvery: `${reminderMs / 1_000}s` },
    ...deliveryOf(channels),
    ...followingOf(following),
  };
}

function deliveryOf({ carriers, limits }: Channels): Pick<ConfigInput, 'failover' | 'limits'> {
  const failover = CONTACTS.filter((contact) => carriers[contact].length > 1);
  const inSeconds = ({ messages, withinMs }: { messages: number; withinMs: number }) => ({
    messages,
    within: `${withinMs / 1_000}s`,
  });
  return {
    failover: Object.fromEntries(failover.map((contact) => [contact, [...carriers[contact]]])),
    limits: CONTACTS.flatMap((notifier) => {
      const limit = limits[notifier];
      if (limit === undefined) return [];
      return [{ notifier, perContact: limit.perContact.map(inSeconds), overall: limit.overall.map(inSeconds) }];
    }),
  };
}

/** A moment of that day as a time of day. */
const clockOf = (at: number) => new Date(at).toISOString().slice(11, 16);

const seconds = (chance: Random, from: number, to: number) => 1_000 * chance.between(from, to);

function policy(id: string, chance: Random): Policy {
  const rungs = Array.from({ length: chance.between(1, 3) }, (_, index) => rung(`${id} ${index + 1}`, chance));
  return {
    id,
    rungs,
    loops: chance.chance(0.3) ? 2 : 1,
    fallback: chance.chance(0.3) ? ['boss', 'dia'] : ['boss'],
    fallbackMs: seconds(chance, 60, 180),
    acknowledgeMs: chance.chance(0.7) ? seconds(chance, 60, 240) : undefined,
  };
}

function rung(turns: string, chance: Random): Rung {
  const kind = chance.next();
  const waitMs = seconds(chance, 25, 100);
  if (kind < 0.35) return { users: [], onCall: true, waitMs };
  const one = chance.pick(['ana', 'ben', 'chi', 'dia']);
  if (kind < 0.7) return { users: [one], onCall: kind > 0.55, waitMs };
  const other = chance.pick(['ana', 'ben', 'chi', 'dia']);
  const users = [...new Set([one, other])];
  const rest = { users, onCall: chance.chance(0.4), waitMs };
  return kind < 0.85 ? { ...rest, turns } : { ...rest, isEach: true };
}
