/**
 * Issue rows: written in the commit of an action item's change when the configuration names an issue tracker.
 *
 * Pure. A row says only which action item it is about: what its issue has to say is read when it is run. Nothing of a private
 * incident goes to a tracker, of which nobody knows who reads it.
 */
import type { StoredActionItem } from '../model/action-item.ts';
import type { Config } from '../model/config.ts';
import type { StoredDelivery } from '../model/delivery.ts';

const PLACE = 'issue:';

/** The place of a tracker among the notifiers, which have places of their own. */
export const issuePlace = (tracker: string): string => `${PLACE}${tracker}`;
/** The tracker that {@link issuePlace} has named. */
export const trackerOfPlace = (place: string): string => place.slice(PLACE.length);

/** The id of the row that is written with the version `version` of an action item. */
export const issueRowId = (item: string, version: number): string => `${PLACE}${item}:${version}`;

type Exporting = {
  readonly tenant: string;
  /** Of the document once the item is stored. */
  readonly version: number;
  readonly config: Config;
  readonly now: number;
};

/** The action item as it is to be stored, and the row that brings it to its issue tracker, if it has one. */
export function exported(
  item: StoredActionItem,
  { tenant, version, config, now }: Exporting,
): { readonly item: StoredActionItem; readonly deliveries: readonly StoredDelivery[] } {
  const { tracker } = config.reviews.actionItems;
  if (tracker === undefined || item.visibility === 'private') return { item, deliveries: [] };
  const row: StoredDelivery = {
    id: issueRowId(item.id, version),
    tenant,
    page: 0,
    purpose: 'issue',
    content: { topic: 'issue', subject: item.id, title: '' },
    position: { cycle: 0, loop: 0, step: 0 },
    contact: tracker,
    notifier: issuePlace(tracker),
    address: item.id,
    urgency: 'low',
    state: 'pending',
    requestedAt: now,
    dueAt: now,
    attempts: 0,
  };
  return { item: { ...item, exports: version }, deliveries: [row] };
}
