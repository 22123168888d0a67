/**
 * Bringing up: whether a message that was sent, or an incident of another platform, is to be brought up to date now.
 *
 * What it says is how the incident is at that moment, so of several that wait only the last one goes out, and never two at once.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import { reaching } from './transact.ts';

const ALL = 100_000;
const AGAIN_MS = 500;

/** A delivery that brings something up to date. */
export function bringsUp({ purpose }: StoredDelivery): boolean {
  return purpose === 'update' || purpose === 'mirror';
}

/** What becomes of it without being sent: a later one says it all, or one of the same is on its way. */
export async function beforeBringingUp(engine: Engine, delivery: StoredDelivery): Promise<DeliveryOutcome | undefined> {
  const { tenant, incidentId } = delivery;
  const all = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, limit: ALL }));
  const others = all.filter((other) => other.id !== delivery.id && isOfSame(other, delivery));
  const later = others.find((other) => isLive(other) && seqOf(other) > seqOf(delivery));
  if (later !== undefined && !isText(delivery)) return { state: 'sent', bundledIn: later.id };
  // One that waits only for those before it waits for nobody in a circle.
  const isTaken = others.some((other) => other.state === 'leased' && seqOf(other) < seqOf(delivery));
  return isTaken ? { state: 'held', afterMs: AGAIN_MS, error: 'Another one is on its way.' } : undefined;
}

/** What it is called that `delivery` brings up to date; `undefined` when it is to be made. */
export function nameOfBroughtUp(
  { purpose, updates, contact }: StoredDelivery,
  context: IncidentContext | undefined,
): string | undefined {
  if (purpose === 'update') return updates;
  return purpose === 'mirror' && context !== undefined ? externalRef(context.links, contact)?.id : undefined;
}

function isOfSame(other: StoredDelivery, delivery: StoredDelivery): boolean {
  if (other.purpose !== delivery.purpose || other.notifier !== delivery.notifier) return false;
  return delivery.purpose === 'update' ? other.updates === delivery.updates : other.contact === delivery.contact;
}

function isLive({ state }: StoredDelivery): boolean {
  return state === 'pending' || state === 'leased';
}

function isText({ content }: StoredDelivery): boolean {
  return content?.body !== undefined;
}

function seqOf({ reactsTo }: StoredDelivery): number {
  return reactsTo?.seq ?? 0;
}
