/**
 * Status rows: what people outside will see of an incident, written in the commit of what happened to it.
 *
 * There is no moment at which an incident is private, or over, and its record says otherwise. Nothing is read here: what
 * has to be known first is asked for.
 */
import { statusRecordAfter, touchesStatus } from '../core/status/record.ts';
import { readStatusRecord } from '../core/status/stored-record.ts';
import type { DocumentChange, LoadQuery } from '../ports/storage.ts';
import type { ChangeParts } from './change.ts';
import type { Decidable } from './current-config.ts';
import { documentName, type Names } from './query.ts';

/** The collection of the records; the id of each is that of its incident. */
export const STATUS = 'status';

/** The records to write, or what has to be read before. */
export type StatusRows = { readonly documents: readonly DocumentChange[] } | { readonly more: Names };

const NOTHING: StatusRows = { documents: [] };

/** The records of the incidents that `change` changes, as they are after it. */
export function statusRows(
  { incidents }: Pick<ChangeParts, 'incidents'>,
  { config, documents }: Pick<Decidable, 'config' | 'documents'>,
  asked: LoadQuery,
): StatusRows {
  if (config.config.status.components.length + config.config.status.pages.length === 0) return NOTHING;
  const touched = incidents.filter(({ events }) => touchesStatus(events));
  if (touched.length === 0) return NOTHING;
  const isAsked = new Set((asked.documents ?? []).map(documentName));
  const missing = touched
    .filter(({ expectedVersion }) => expectedVersion > 0)
    .map(({ id }) => ({ collection: STATUS, id }))
    .filter((key) => !isAsked.has(documentName(key)));
  if (missing.length > 0) return { more: { documents: missing } };
  return {
    documents: touched.flatMap(({ id, events, snapshot }): DocumentChange[] => {
      const stored = documents.find((document) => document.collection === STATUS && document.id === id);
      const before = readStatusRecord(stored?.data);
      const record = statusRecordAfter(before, { events, snapshot }, config.status);
      if (record === undefined || record === before) return [];
      const key = { collection: STATUS, id, expectedVersion: stored?.version ?? 0 };
      return [{ ...key, data: record, ...(record.expiresAt !== undefined && { expiresAt: record.expiresAt }) }];
    }),
  };
}
