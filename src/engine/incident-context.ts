/**
 * The incident that a delivery is about, as it is when the attempt is made.
 *
 * One in quarantine cannot be read, which keeps no message back.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { statusOf } from '../core/lifecycle/view.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { MessageStatus } from '../model/message.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** Without a context it is about no incident, or its incident is in quarantine: it goes out all the same. */
export type ReadContext = {
  readonly context: IncidentContext | undefined;
  readonly status?: MessageStatus | undefined;
  readonly now: number;
};

/** `undefined` when there is no such incident any more. */
export async function contextOf(
  engine: Engine,
  { tenant, incidentId }: StoredDelivery,
): Promise<ReadContext | undefined> {
  const without = async () => ({
    context: undefined,
    now: (await reaching(() => engine.storage.load({ tenant }))).now,
  });
  if (incidentId === undefined) return without();
  try {
    const load = () => engine.load({ tenant, incidents: [incidentId] });
    const { now, incidents } = await reaching(() => load().catch(load));
    const incident = incidents[0];
    return incident === undefined
      ? undefined
      : { context: incident.snapshot.context, status: statusOf(incident.snapshot), now };
  } catch (error) {
    if (!isTocsinError(error, 'SNAPSHOT_UNREADABLE')) throw error;
    return without();
  }
}
