/**
 * Announce rows: written in the commit of an update, or of the end of an incident of which somebody was told, so that
 * subscribers hear of it whatever happens next.
 *
 * Such a row is work for this engine; who is told is found out when it is run. It belongs to no page.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { turnOf } from '../core/updates/heard.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { Change } from '../ports/storage.ts';
import { hostRow } from './reactions.ts';

/**
 * The rows for the updates, ends and returns in `change`, which is to be stored at `now`. Of what was written down afterwards
 * nobody is told.
 */
export function announcesTo(
  { incidents, tenant }: Pick<Change, 'incidents' | 'tenant'>,
  now: number,
): readonly StoredDelivery[] {
  return incidents.flatMap(({ id, events, snapshot }) =>
    snapshot.context.kind === 'backfilled'
      ? []
      : events
          .filter((event) => isToldOf(event, snapshot.context))
          .map(({ seq, type }) => hostRow({ purpose: 'announce', tenant, incidentId: id, seq, type, now })),
  );
}

function isToldOf(event: TimelineEvent, { told }: IncidentContext): boolean {
  return event.type === 'update.posted' || (turnOf(event) !== undefined && (told.internal || told.public));
}
