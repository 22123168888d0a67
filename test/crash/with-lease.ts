/**
 * A storage whose leases are shorter than the engine asks for, so that a test need not wait for the real ones.
 *
 * Nothing else is changed: tokens, clocks and answers are the storage's own.
 */
import type { Storage } from '../../src/index.ts';

/** `storage`, with no lease longer than `mostMs`. */
export function withLease(storage: Storage, mostMs: number): Storage {
  const shorter = (leaseMs: number) => Math.min(leaseMs, mostMs);
  return {
    ...storage,
    claimTimers: (query) => storage.claimTimers({ ...query, leaseMs: shorter(query.leaseMs) }),
    claimDeliveries: (query) => storage.claimDeliveries({ ...query, leaseMs: shorter(query.leaseMs) }),
    extendDelivery: (tenant, id, token, leaseMs) => storage.extendDelivery(tenant, id, token, shorter(leaseMs)),
  };
}
