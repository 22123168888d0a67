/**
 * What is stored, for tests of the intake: an alert, its incident, and whatever else a test lays out.
 */
import type { Stored } from '../../../src/core/intake/decision.ts';
import type { IncidentSnapshot } from '../../../src/core/lifecycle/snapshot.ts';
import type { StoredAlert } from '../../../src/model/alert.ts';

export type Known = {
  readonly alert?: StoredAlert | undefined;
  readonly incident?: IncidentSnapshot | undefined;
  readonly documents?: Readonly<Record<string, unknown>>;
  readonly slots?: Readonly<Record<string, { readonly owner: string; readonly until?: number }>>;
};

export function storedOf({ alert, incident, documents = {}, slots = {} }: Known): Stored {
  return {
    alert: ({ routeKey, dedupKey }) =>
      alert?.routeKey === routeKey && alert.dedupKey === dedupKey ? alert : undefined,
    incident: (id) => (incident?.context.id === id ? incident : undefined),
    document: (collection, id) => documents[`${collection} ${id}`],
    slot: (kind, key) => slots[`${kind} ${key}`],
  };
}
