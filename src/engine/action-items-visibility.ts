/**
 * Who may see action items, when their incident has become private or public again: each remembers it by itself.
 *
 * So that no action item of a private incident is everybody's once that incident was pruned. It may be run again.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { refreshVisibility } from './action-items-changes.ts';
import { actionItemsOf } from './action-items-reads.ts';
import type { Engine } from './engine.ts';

/** Brings the action items of the incident up to date. */
export async function followVisibility(
  engine: Engine,
  tenant: string,
  { incidentId }: NonNullable<StoredDelivery['reactsTo']>,
): Promise<DeliveryOutcome> {
  for (const { id } of await actionItemsOf(engine, tenant, incidentId)) await refreshVisibility(engine, tenant, id);
  return { state: 'sent' };
}
