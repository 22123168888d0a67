/**
 * The lease of a claimed delivery: how long it is ours, and whether it still is.
 */
import type { ClaimedDelivery } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** How long a claimed row is nobody else's. */
export const LEASE_MS = 15_000;

/** What must be left of the lease when an attempt begins: longer than it may take, so that nobody else sends meanwhile. */
const ENOUGH_MS = 11_000;

/** Whether it is still ours and still wanted; then it stays ours for as long as an attempt may take. */
export function isHeld(engine: Engine, { delivery, token }: ClaimedDelivery): Promise<boolean> {
  const extend = () => engine.storage.extendDelivery(delivery.tenant, delivery.id, token, ENOUGH_MS);
  return reaching(() => extend().catch(extend));
}
