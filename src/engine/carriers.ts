/**
 * Carriers: the notifiers of this process, how each of their providers stands, and which of them carries a delivery.
 *
 * Kept in memory, by the clock of this process: another process finds out for itself. Nothing is sent or stored here.
 */
import { answered, type Breaker, breakerState, CLOSED, failed, tried, waitMs } from '../core/paging/breaker.ts';
import type { NotifierHealth } from '../model/health.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier } from '../ports/notifier.ts';
import { announcing, isAnnouncing, withoutLane } from './lane.ts';

/** A notifier that may carry a delivery, and who is behind the address. */
export type Carrier = {
  readonly notifier: Notifier;
  readonly provider: string;
  readonly address: string;
  /** Whether it carries an announcement: how those end is kept apart, and says nothing of pages. */
  readonly isAnnouncing?: true;
};

/** How one attempt ended, for whoever counts. */
export type Carried = 'sent' | 'refused' | { readonly pauseMs: number | undefined };

/** The notifiers of this process. */
export type Carriers = {
  /** How long, in ms, until `carrier` may be asked; 0 when it may be asked now. */
  waitMs(carrier: Carrier): number;
  /** Begins an attempt; answers how to end it, or nothing when `carrier` may not be asked now. */
  begin(carrier: Carrier): ((how: Carried) => void) | undefined;
  /** How each notifier stands; a name without one has nothing to tell. */
  health(): readonly NotifierHealth[];
};

/** Of how many attempts rates and latencies are told. */
const REMEMBERED = 200;
/** Nothing that waits for a notifier waits longer between two attempts: a quarter of an hour, and a little. */
const LONGEST_WAIT_MS = 16 * 60_000;
/** How soon to look again for a place with a notifier that has none left. */
const FULL_MS = 100;
/** More than this many addresses of one notifier are not told apart; the one that failed longest ago is forgotten. */
const MOST_PROVIDERS = 10_000;

type Attempt = { readonly isSent: boolean; readonly ms: number };
type Record_ = {
  inFlight: number;
  attempts: Attempt[];
  /** When the first attempt began of those that have failed since one was answered. */
  failingSince: number | undefined;
  /** When the latest of them ended. */
  failedAt: number;
  readonly breakers: Map<string, Breaker>;
};

/** Every provider of `notifiers` stands well. */
export function createCarriers(notifiers: ReadonlyMap<string, Notifier>, clock: Clock): Carriers {
  const records = new Map<string, Record_>();

  function recordOf(name: string): Record_ {
    const known = records.get(name);
    if (known !== undefined) return known;
    const record: Record_ = { inFlight: 0, attempts: [], failingSince: undefined, failedAt: 0, breakers: new Map() };
    records.set(name, record);
    return record;
  }

  const nameOf = ({ notifier, isAnnouncing: isApart }: Carrier) =>
    isApart ? announcing(notifier.name) : notifier.name;
  const breakerIn = (name: string, provider: string): Breaker => recordOf(name).breakers.get(provider) ?? CLOSED;
  const breakerOf = (carrier: Carrier): Breaker => breakerIn(nameOf(carrier), carrier.provider);

  function keep(carrier: Carrier, breaker: Breaker): void {
    const { provider } = carrier;
    const { breakers } = recordOf(nameOf(carrier));
    breakers.delete(provider);
    if (breaker === CLOSED) return;
    breakers.set(provider, breaker);
    const [oldest] = breakers.keys();
    if (breakers.size > MOST_PROVIDERS && oldest !== undefined) breakers.delete(oldest);
  }

  function waitFor(carrier: Carrier): number {
    const { address, provider, notifier } = carrier;
    const { name, concurrency = Number.POSITIVE_INFINITY } = notifier;
    const isFull = recordOf(name).inFlight + recordOf(announcing(name)).inFlight >= concurrency;
    // A provider that pages leave alone is left alone by announcements too, and not the other way round.
    const forPages = carrier.isAnnouncing ? waitMs(breakerIn(name, provider), clock.now(), address) : 0;
    return Math.max(waitMs(breakerOf(carrier), clock.now(), address), forPages, isFull ? FULL_MS : 0);
  }

  return {
    waitMs: waitFor,
    begin(carrier) {
      if (waitFor(carrier) > 0) return undefined;
      const record = recordOf(nameOf(carrier));
      const startedAt = clock.now();
      record.inFlight += 1;
      keep(carrier, tried(breakerOf(carrier), startedAt, carrier.address));
      return (how) => {
        const now = clock.now();
        record.inFlight -= 1;
        record.attempts.push({ isSent: how === 'sent', ms: Math.max(0, now - startedAt) });
        if (record.attempts.length > REMEMBERED) record.attempts.shift();
        record.failingSince =
          typeof how === 'string' ? undefined : Math.min(record.failingSince ?? startedAt, startedAt);
        if (typeof how !== 'string') record.failedAt = now;
        keep(
          carrier,
          typeof how === 'string'
            ? answered(breakerOf(carrier), now)
            : failed(breakerOf(carrier), { address: carrier.address, now, pauseMs: how.pauseMs }),
        );
      };
    },
    health() {
      const now = clock.now();
      return [...notifiers.values()].map((notifier): NotifierHealth => {
        const { inFlight, attempts, breakers, failingSince, failedAt } = recordOf(notifier.name);
        // Whatever waits for it would have tried since: nobody does.
        const isWaitedFor = Math.abs(now - failedAt) <= LONGEST_WAIT_MS;
        const states = [...breakers.values()].map((breaker) => breakerState(breaker, now));
        const worst = (['open', 'halfOpen'] as const).find((state) => states.includes(state)) ?? 'closed';
        const times = attempts.map(({ ms }) => ms).toSorted((a, b) => a - b);
        return {
          name: notifier.name,
          breaker: worst,
          ...(worst !== 'closed' &&
            isWaitedFor &&
            failingSince !== undefined && { failingForMs: Math.max(0, now - failingSince) }),
          inFlight,
          attempts: attempts.length,
          ...(attempts.length > 0 && {
            successRate: attempts.filter(({ isSent }) => isSent).length / attempts.length,
            latencyMs: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
          }),
        };
      });
    },
  };
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/**
 * The notifiers that `name` stands for, in the order in which they are tried: the one of that name, or those that the
 * configuration lists under it. One that this process does not have is left out. The lane of a name says nothing of who they are.
 */
export function carriersOf(
  name: string,
  address: string,
  {
    notifiers,
    failover,
  }: {
    readonly notifiers: ReadonlyMap<string, Notifier>;
    readonly failover: Readonly<Record<string, readonly string[]>>;
  },
): readonly Carrier[] {
  const lane = isAnnouncing(name) ? ({ isAnnouncing: true } as const) : {};
  return namesIn(withoutLane(name), failover).flatMap((each) => {
    const notifier = notifiers.get(each);
    return notifier === undefined ? [] : [{ notifier, provider: providerOf(notifier, address), address, ...lane }];
  });
}

/** The names that `name` stands for. */
export function namesIn(name: string, failover: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.hasOwn(failover, name) ? (failover[name] ?? []) : [name];
}

/** Who is behind an address, as the notifier says; one that cannot say is one provider. */
function providerOf(notifier: Notifier, address: string): string {
  try {
    const provider: unknown = notifier.provider?.(address);
    return typeof provider === 'string' ? provider : '';
  } catch {
    return '';
  }
}
