/**
 * Visibility rows: written in the commit in which an incident becomes private, or public again.
 *
 * Such a row is work for this engine: what came of the incident (its action items) has to remember how private it is, for the
 * time when the incident was pruned. It belongs to no page.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import type { Change } from '../ports/storage.ts';
import { hostRow } from './reactions.ts';

/** The rows for the incidents of `change` whose visibility has changed, to be stored at `now`. */
export function visibilityRows(
  { incidents, tenant }: Pick<Change, 'incidents' | 'tenant'>,
  now: number,
): readonly StoredDelivery[] {
  return incidents.flatMap(({ id, expectedVersion, events }) => {
    const last = events.findLast((event) => event.type === 'incident.updated' && event.visibility !== undefined);
    if (last === undefined || expectedVersion === 0) return [];
    return [hostRow({ purpose: 'issue', tenant, incidentId: id, seq: last.seq, type: last.type, now })];
  });
}
