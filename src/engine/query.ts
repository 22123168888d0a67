/**
 * Queries: what to read, several put together, and what they name.
 *
 * Pure. It only knows names; reading is done elsewhere.
 */
import type { AlertKey, CounterKey, DocumentKey, LoadQuery, SlotKey } from '../ports/storage.ts';

/** What may be asked for beyond a tenant. */
export type Names = Omit<LoadQuery, 'tenant'>;

/** One query for what both ask for. */
export function joinQueries<Q extends Names>(query: Q, more: Names): Q {
  const incidents = union(query.incidents, more.incidents, (id) => id);
  const alertKeys = union(query.alertKeys, more.alertKeys, alertName);
  const documents = union(query.documents, more.documents, documentName);
  const slots = union(query.slots, more.slots, slotName);
  const counters = union(query.counters, more.counters, documentName);
  return {
    ...query,
    ...(incidents.length > 0 && { incidents }),
    ...(alertKeys.length > 0 && { alertKeys }),
    ...(documents.length > 0 && { documents }),
    ...(slots.length > 0 && { slots }),
    ...(counters.length > 0 && { counters }),
  };
}

/** Names a key of a source. */
export const alertName = ({ routeKey, dedupKey }: AlertKey): string => JSON.stringify([routeKey, dedupKey]);
/** Names a document or a counter. */
export const documentName = ({ collection, id }: DocumentKey | CounterKey): string => JSON.stringify([collection, id]);
/** Names a slot. */
export const slotName = ({ kind, key }: SlotKey): string => JSON.stringify([kind, key]);

function union<T>(one: readonly T[] = [], other: readonly T[] = [], nameOf: (item: T) => string): readonly T[] {
  return [...new Map([...one, ...other].map((item) => [nameOf(item), item])).values()];
}
