/**
 * Decisions about events: what they are made from, and what they say.
 *
 * Types, and the little that all of them share. Nothing here decides.
 */
import type { AlertChange, StoredAlert } from '../../model/alert.ts';
import type { AlertFacts, EventDraft } from '../../model/timeline.ts';
import type { ConfigRules } from '../config/compile.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import type { Fact } from '../rules/field.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import type { CleanEvent } from './clean-event.ts';
import type { DedupKey } from './dedup-key.ts';
import type { ExtractionTrace } from './enrich.ts';
import type { Group } from './group.ts';
import { isEmpty, type Key, NOTES, type Note, noteId, readNote } from './note.ts';
import type { Quieting } from './quiet.ts';
import type { RouteDecision } from './route.ts';

/** What became of an event. */
export type IngestOutcome =
  | 'opened'
  | 'joined'
  | 'held'
  | 'deduplicated'
  | 'acknowledged'
  | 'resolved'
  | 'reopened'
  | 'suppressed'
  | 'dropped'
  | 'rejected';

/** Where an event goes and which key it has: all that can be said before anything is read. */
export type Routed = {
  /** The event as it came. */
  readonly given: CleanEvent;
  /** The event with everything that was set in it. */
  readonly event: CleanEvent;
  readonly enrichment: readonly ExtractionTrace[];
  readonly route: RouteDecision;
  readonly key: DedupKey;
  /** What the rules after routing are asked about. */
  readonly fact: Fact;
  /** The incident that the alert would join or open one for; `undefined` when it stands alone. */
  readonly group: Group | undefined;
};

/**
 * What is stored, as far as it was read. Whoever hands it in notes what was asked for and was not read, reads that too,
 * and has the decision made anew.
 */
export type Stored = {
  /** The latest alert of a key. */
  alert(key: Key): StoredAlert | undefined;
  incident(id: string): IncidentSnapshot | undefined;
  /** The data of a document. */
  document(collection: string, id: string): unknown;
  slot(kind: string, key: string): { readonly owner: string; readonly until?: number | undefined } | undefined;
};

/** What an event means. */
export type IntakeDecision = {
  readonly outcome: IngestOutcome;
  /** One sentence for people. */
  readonly reason: string;
  /** To which incident the drafts belong: none, a stored one, or one that they open. */
  readonly incident: 'none' | 'known' | 'new';
  readonly incidentId?: string | undefined;
  readonly drafts: readonly EventDraft[];
  readonly alerts: readonly AlertChange[];
  readonly alertId?: string | undefined;
  readonly severity?: SeverityDecision | undefined;
  /** What keeps the alert quiet. */
  readonly quieting?: (Quieting & { readonly why: string }) | undefined;
  readonly writes: Writes;
};

/** What a decision writes beside incidents and alerts; each entry replaces what is stored. */
export type Writes = {
  readonly notes: readonly { readonly key: Key; readonly alertId: string | undefined; readonly note: Note }[];
  readonly slots: readonly {
    readonly kind: string;
    readonly key: string;
    readonly owner: string;
    readonly until: number;
  }[];
  readonly documents: readonly {
    readonly collection: string;
    readonly id: string;
    readonly data: unknown;
    readonly expiresAt?: number | undefined;
  }[];
  readonly counters: readonly { readonly collection: string; readonly id: string; readonly add: number }[];
};

/** The moment of a decision, and the ids that it may use. */
export type DecisionMoment = {
  readonly at: number;
  readonly tenant: string;
  readonly newIncidentId: string;
  readonly newAlertId: string;
};

/** What a decision is made with. */
export type Deciding = {
  readonly routed: Routed;
  readonly stored: Stored;
  readonly config: ConfigRules;
  readonly moment: DecisionMoment;
};

/** What is stored about the key of an event. */
export type KeyState = {
  readonly alert: StoredAlert | undefined;
  /** The incident of that alert, or the one it belonged to before it was kept quiet; where that was merged, its target. */
  readonly incident: IncidentSnapshot | undefined;
  readonly note: Note;
};

/** Nothing beside incidents and alerts. */
export const NO_WRITES: Writes = { notes: [], slots: [], documents: [], counters: [] };

/** The key of a routed event. */
export function keyOf({ event, key }: Pick<Routed, 'event' | 'key'>): Key {
  return { routeKey: event.routeKey, dedupKey: key.key };
}

/** The note of a key; an empty one when there is none. */
export function noteOf(stored: Stored, key: Key): Note {
  return readNote(stored.document(NOTES, noteId(key))) ?? {};
}

/** What is stored about a key. */
export function keyState(stored: Stored, key: Key): KeyState {
  const alert = stored.alert(key);
  const note = noteOf(stored, key);
  const incidentId = incidentBefore(alert, note);
  return { alert, note, incident: incidentId === undefined ? undefined : survivor(stored, incidentId) };
}

/** The incident that the key belongs to, or belonged to before it was kept quiet. */
export function incidentBefore(alert: StoredAlert | undefined, note: Note): string | undefined {
  return alert?.incidentId ?? note.suppressed?.before ?? note.before;
}

/** How often an incident may have been merged into another before the way is given up. */
const MOST_MERGES = 10;

/** The incident of an id, or the one that it goes on in since it was merged. */
export function survivor(stored: Stored, id: string): IncidentSnapshot | undefined {
  let incident = stored.incident(id);
  for (let merges = 0; merges < MOST_MERGES; merges++) {
    const into = incident?.context.mergedInto ?? null;
    if (into === null) break;
    incident = stored.incident(into);
  }
  return incident;
}

/** The note of a key as it is from now on; nothing when it stays as it is. */
export function noteWrites(key: Key, alertId: string | undefined, before: Note, note: Note): Writes['notes'] {
  return JSON.stringify(before) === JSON.stringify(note) || (isEmpty(before) && isEmpty(note))
    ? []
    : [{ key, alertId, note }];
}

/** An event that changes nothing. */
export function nothing(reason: string, more: Partial<IntakeDecision> = {}): IntakeDecision {
  return { outcome: 'dropped', reason, incident: 'none', drafts: [], alerts: [], writes: NO_WRITES, ...more };
}

/** When the source says that it happened, never later than now. */
export function saidAt({ occurredAtMs }: CleanEvent, at: number): number | undefined {
  return occurredAtMs === undefined ? undefined : Math.min(occurredAtMs, at);
}

/** An alert as its incident knows it. */
export function factsOf({ id, severity, title }: StoredAlert): AlertFacts {
  return { id, severity, title };
}
