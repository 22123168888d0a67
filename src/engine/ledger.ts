/**
 * The ledger of one transaction of the intake: what is stored, what its decisions have led to since, and what they lack.
 *
 * Each decision meets what the earlier ones of the transaction have led to, as if each had been stored alone. What was asked for
 * and not read is noted, and then nothing that was decided counts. It writes nothing itself.
 */
import type { IntakeDecision, Stored } from '../core/intake/decision.ts';
import { foldAlertChanges } from '../core/intake/fold-alert-changes.ts';
import { NOTES, type Note, noteId, RESOLVED_MS, readNote } from '../core/intake/note.ts';
import type { Settled } from '../core/lifecycle/settle.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { type AlertChange, changedAlert } from '../model/alert.ts';
import type { Actor } from '../model/identity.ts';
import type { DocumentChange, DocumentKey, LoadQuery, TimerChange } from '../ports/storage.ts';
import { alertChanges, type ChangeParts, changeOf, joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import { alertName, documentName, type Names, slotName } from './query.ts';
import type { ReadyIncident } from './reads.ts';
import { settleFor } from './settle-for.ts';

/** The owner of the timers of alerts, and the kind of the timer that looks at one again. */
export const ALERT = 'alert';
export const LOOK = 'look';

/** What is stored, with everything that was decided since. */
export type Ledger = {
  readonly stored: Stored;
  /** Takes a decision in; answers the incident that it concerns. */
  take(decision: IntakeDecision, by: Actor): string | undefined;
  /** Replaces a document from now on; `undefined` removes it. */
  write(key: DocumentKey, data: unknown, expiresAt?: number): void;
  /** What was asked for and not read; `undefined` when nothing is missing. */
  missing(): Names | undefined;
  /** Everything that was decided, as one change; `undefined` when it changes nothing. */
  change(): ChangeParts | undefined;
};

/** What became of one incident: what was stored before, if anything, and everything since. */
type Progress = { readonly before: ReadyIncident | undefined; readonly settled: Settled };
type Written = { readonly data: unknown; readonly expiresAt?: number | undefined };

/** A ledger over what was read; `asked` is everything that was asked for. */
export function createLedger(tenant: string, loaded: Decidable, asked: LoadQuery): Ledger {
  const names = {
    alerts: new Set((asked.alertKeys ?? []).map(alertName)),
    documents: new Set((asked.documents ?? []).map(documentName)),
    slots: new Set((asked.slots ?? []).map(slotName)),
    incidents: new Set(asked.incidents ?? []),
  };
  const alerts = new Map(loaded.alerts.map((alert) => [alertName(alert), alert]));
  const nameOf = new Map(loaded.alerts.map((alert) => [alert.id, alertName(alert)]));
  const snapshots = new Map(loaded.incidents.map(({ id, snapshot }) => [id, snapshot]));
  const documents = new Map(loaded.documents.map((document) => [documentName(document), document]));
  const slots = new Map(loaded.slots.map((slot) => [slotName(slot), slot]));
  const progress = new Map<string, Progress>();
  const changes: AlertChange[] = [];
  const written = new Map<string, Written & DocumentKey>();
  const taken = new Map<
    string,
    { readonly kind: string; readonly key: string; readonly owner: string; readonly until: number }
  >();
  const counted = new Map<string, { readonly collection: string; readonly id: string; readonly add: number }>();
  /** The alerts whose notes were written, by the id of the note. */
  const noted = new Map<string, string | undefined>();
  const lacking: { [K in keyof Names]-?: NonNullable<Names[K]>[number][] } = {
    alertKeys: [],
    documents: [],
    slots: [],
    incidents: [],
    counters: [],
  };

  const stored: Stored = {
    alert(key) {
      const found = alerts.get(alertName(key));
      if (found === undefined && !names.alerts.has(alertName(key)))
        lacking.alertKeys.push({ routeKey: key.routeKey, dedupKey: key.dedupKey });
      return found;
    },
    incident(id) {
      const found = snapshots.get(id);
      if (found === undefined && !names.incidents.has(id) && !isOfAlert(id)) lacking.incidents.push(id);
      return found;
    },
    document(collection, id) {
      const key = { collection, id };
      const name = documentName(key);
      const later = written.get(name);
      if (later !== undefined) return later.data;
      const found = documents.get(name);
      if (found === undefined && !names.documents.has(name)) lacking.documents.push(key);
      return found?.data;
    },
    slot(kind, key) {
      const name = slotName({ kind, key });
      const found = taken.get(name) ?? slots.get(name);
      if (found === undefined && !names.slots.has(name)) lacking.slots.push({ kind, key });
      return found;
    },
  };

  /** The incident of an alert that was read was read with it. */
  const ofAlerts = new Set(loaded.alerts.map(({ incidentId }) => incidentId));
  const isOfAlert = (id: string) => ofAlerts.has(id);

  function settle(decision: IntakeDecision, by: Actor): readonly AlertChange[] {
    const { incident, incidentId, drafts } = decision;
    if (incident === 'none') return [];
    const snapshot: IncidentSnapshot | undefined =
      incident === 'new' || incidentId === undefined ? undefined : snapshots.get(incidentId);
    const settled = settleFor(loaded, { snapshot, drafts, at: loaded.now, by });
    const { id } = settled.snapshot.context;
    const earlier = progress.get(id);
    progress.set(id, {
      before: earlier?.before ?? loaded.incidents.find((row) => row.id === id),
      settled: {
        snapshot: settled.snapshot,
        events: [...(earlier?.settled.events ?? []), ...settled.events],
        withdrawals: [...(earlier?.settled.withdrawals ?? []), ...settled.withdrawals],
      },
    });
    snapshots.set(id, settled.snapshot);
    return alertChanges(snapshot, settled.snapshot);
  }

  function remember(change: AlertChange): void {
    changes.push(change);
    if (change.type === 'open') {
      alerts.set(alertName(change.alert), change.alert);
      nameOf.set(change.alert.id, alertName(change.alert));
      return;
    }
    const name = nameOf.get(change.id) ?? '';
    const alert = alerts.get(name);
    if (alert?.id === change.id) alerts.set(name, changedAlert(alert, change));
  }

  return {
    stored,
    take(decision, by) {
      for (const change of [...settle(decision, by), ...decision.alerts]) remember(change);
      const { notes, slots: taking, documents: writing, counters } = decision.writes;
      for (const { key, alertId, note } of notes) {
        const id = noteId(key);
        written.set(documentName({ collection: NOTES, id }), {
          collection: NOTES,
          id,
          ...noteDocument(note, loaded.now),
        });
        noted.set(id, alertId);
      }
      for (const slot of taking) taken.set(slotName(slot), slot);
      for (const { collection, id, data, expiresAt } of writing)
        written.set(documentName({ collection, id }), { collection, id, data, expiresAt });
      for (const { add, ...key } of counters) {
        const name = documentName(key);
        counted.set(name, { ...key, add: add + (counted.get(name)?.add ?? 0) });
      }
      return decision.incidentId;
    },
    write(key, data, expiresAt) {
      written.set(documentName(key), { ...key, data, expiresAt });
    },
    missing: () => (Object.values(lacking).some((list) => list.length > 0) ? lacking : undefined),
    change() {
      const isNothing = progress.size + changes.length + written.size + taken.size + counted.size === 0;
      if (isNothing) return undefined;
      const ofIncidents = [...progress.values()].map(({ before, settled }) => changeOf(tenant, before, settled));
      const joined = joinChanges(NO_CHANGE, ...ofIncidents);
      const changed = [...written].flatMap(([name, entry]): DocumentChange[] => {
        const expectedVersion = documents.get(name)?.version ?? 0;
        return expectedVersion === 0 && entry.data === undefined ? [] : [{ ...entry, expectedVersion }];
      });
      return {
        ...joined,
        alerts: foldAlertChanges(changes),
        timers: [...joined.timers, ...lookTimers(changed, noted, documents)],
        documents: changed,
        slots: [...taken].map(([name, slot]) => ({ ...slot, expectedVersion: slots.get(name)?.version ?? 0 })),
        counters: [...counted.values()],
      };
    },
  };
}

/** How long it is remembered that a key was over. */
function noteDocument(note: Note, now: number): Written {
  const isEmpty = Object.values(note).every((part) => part === undefined);
  if (isEmpty) return { data: undefined };
  // An alert that is kept quiet, or may go quiet, is looked at again; what else is known of a key is of use for days.
  const isLasting = note.suppressed !== undefined || note.quietMs !== undefined;
  return { data: note, ...(!isLasting && { expiresAt: now + RESOLVED_MS }) };
}

/** A note and its timer are always written together: the row carries the version of the note as its number. */
function lookTimers(
  changed: readonly DocumentChange[],
  noted: ReadonlyMap<string, string | undefined>,
  before: ReadonlyMap<string, { readonly data: unknown }>,
): readonly TimerChange[] {
  return changed.flatMap((change): TimerChange[] => {
    if (change.collection !== NOTES) return [];
    const alertId = noted.get(change.id);
    if (alertId === undefined) return [];
    const owner = { ownerKind: ALERT, ownerId: alertId, kind: LOOK } as const;
    const lookAt = readNote(change.data)?.lookAt;
    if (lookAt !== undefined) return [{ type: 'arm', ...owner, armedSeq: change.expectedVersion + 1, dueAt: lookAt }];
    const hadTimer = readNote(before.get(documentName(change))?.data)?.lookAt !== undefined;
    return hadTimer ? [{ type: 'cancel', ...owner }] : [];
  });
}
