/**
 * Announce rows: written in the commit of an update, so that subscribers are told of it whatever happens next.
 *
 * Such a row is work for this engine; who is told is found out when it is run. It belongs to no page.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import type { Change } from '../ports/storage.ts';
import { hostRow } from './reactions.ts';

/** The rows for the updates that were posted in `change`, which is to be stored at `now`. Of what was written down afterwards nobody is told. */
export function announcesTo(
  { incidents, tenant }: Pick<Change, 'incidents' | 'tenant'>,
  now: number,
): readonly StoredDelivery[] {
  return incidents.flatMap(({ id, events, snapshot }) =>
    snapshot.context.kind === 'backfilled'
      ? []
      : events
          .filter(({ type }) => type === 'update.posted')
          .map(({ seq, type }) => hostRow({ purpose: 'announce', tenant, incidentId: id, seq, type, now })),
  );
}
