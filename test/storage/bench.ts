/**
 * The bench on which a storage is tried: a fresh one for each test, with a clock that the test sets.
 */
import { beforeEach } from 'vitest';
import type {
  Change,
  ClaimedDelivery,
  ClaimQuery,
  DeliveryClaimQuery,
  DeliveryOutcome,
  Storage,
} from '../../src/ports/storage.ts';
import { alert, arm, change, delivery, MINUTE, newIncident, T0 } from './rows.ts';

/** A clock that a test sets. */
export type TestClock = { at: number; now(): number };

/** Answers a fresh, empty storage whose clock is the one it is handed. */
export type OpenStorage = (clock: TestClock) => Storage | Promise<Storage>;

/** What a promise is tried with. `storage` and `clock` are those of the running test. */
export type Bench = {
  readonly storage: Storage;
  readonly clock: TestClock;
  claimed(query?: Partial<DeliveryClaimQuery>): Promise<readonly ClaimedDelivery[]>;
  claimOne(): Promise<ClaimedDelivery>;
  /** Every delivery as `d1 pending`. */
  states(): Promise<readonly string[]>;
  settle(id: string, token: number, outcome: DeliveryOutcome): Promise<boolean>;
};

export const CLAIM: ClaimQuery = { tenants: ['acme'], limit: 10, leaseMs: 15_000 };

/** A change that touches every kind of row. */
export function wholeChange(): Change {
  return change({
    incidents: [newIncident('i1')],
    alerts: [{ type: 'open', alert: alert('a1') }],
    timers: [arm('step', { dueAt: T0 + 5 * MINUTE })],
    deliveries: [delivery('i1:2:0')],
    documents: [{ collection: 'c', id: 'd', data: { deep: [1, { two: 2 }] } }],
  });
}

/** Opens a storage before each test, and closes it afterwards. */
export function storageBench(open: OpenStorage): Bench {
  let clock: TestClock;
  let storage: Storage;
  const claimed = async (query: Partial<DeliveryClaimQuery> = {}) =>
    (await storage.claimDeliveries({ ...CLAIM, ...query })).deliveries;

  beforeEach(async () => {
    clock = { at: T0, now: () => clock.at };
    storage = await open(clock);
    await storage.migrate();
    return () => storage.close();
  });

  return {
    get storage() {
      return storage;
    },
    get clock() {
      return clock;
    },
    claimed,
    claimOne: async () => (await claimed())[0] as ClaimedDelivery,
    states: async () => (await storage.listDeliveries('acme', {})).map(({ id, state }) => `${id} ${state}`),
    settle: (id, token, outcome) => storage.settleDelivery('acme', id, token, outcome),
  };
}
