/**
 * The events of one key, decided one after the other, as one change.
 *
 * Each event meets what the earlier ones of its call have led to, as if each had been stored alone.
 */
import {
  type DecisionMoment,
  decideIntake,
  type IngestOutcome,
  type IntakeDecision,
  type KeyState,
  type Routed,
  routeEvent,
} from '../core/intake/decide.ts';
import { foldAlertChanges } from '../core/intake/fold-alert-changes.ts';
import type { Settled } from '../core/lifecycle/settle.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import type { TocsinError } from '../errors.ts';
import { type AlertChange, changedAlert, type StoredAlert } from '../model/alert.ts';
import type { Actor } from '../model/identity.ts';
import type { DocumentChange, DocumentKey } from '../ports/storage.ts';
import { alertChanges, type ChangeParts, changeOf, joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import type { ReadyIncident } from './reads.ts';
import { settleFor } from './settle-for.ts';
import type { Decided } from './transact.ts';

/** What became of one event. */
export type IngestResult = {
  readonly outcome: IngestOutcome;
  /** One sentence for people. */
  readonly reason: string;
  readonly incidentId?: string;
  readonly alertId?: string;
  /** Why it was rejected. */
  readonly error?: TocsinError;
};

/** An event with its place in the call, where it goes, and the document that remembers it. */
export type Taken = { readonly index: number; readonly routed: Routed; readonly receipt: DocumentKey | undefined };

/** Sources repeat a delivery within minutes; this is far beyond. */
const RECEIPT_MS = 7 * 86_400_000;

/** What became of one incident: what was stored before, if anything, and everything since. */
type Progress = { readonly before: ReadyIncident | undefined; readonly settled: Settled };

/** What the events have led to so far. */
type State = {
  alert: StoredAlert | undefined;
  readonly snapshots: Map<string, IncidentSnapshot>;
  readonly progress: Map<string, Progress>;
  readonly alerts: AlertChange[];
  readonly receipts: Map<string, IngestResult>;
  readonly documents: DocumentChange[];
};

/** What is stored about the key that was asked for. */
export function keyState(loaded: Decidable): KeyState {
  const alert = loaded.alerts[0];
  return { alert, incident: loaded.incidents.find(({ id }) => id === alert?.incidentId)?.snapshot };
}

/** What the events of one key mean, given what is stored about it. */
export function decideEvents(
  engine: Engine,
  tenant: string,
  group: readonly Taken[],
  loaded: Decidable,
): Decided<ReadonlyMap<number, IngestResult>> {
  const state: State = {
    alert: keyState(loaded).alert,
    snapshots: new Map(loaded.incidents.map(({ id, snapshot }) => [id, snapshot])),
    progress: new Map(),
    alerts: [],
    receipts: new Map(loaded.documents.map(({ id, data }) => [id, data as IngestResult])),
    documents: [],
  };
  const results = new Map(group.map((taken) => [taken.index, take(engine, tenant, { taken, loaded, state })]));
  return { change: changeFrom(tenant, state), answer: () => results };
}

type Step = { readonly taken: Taken; readonly loaded: Decidable; readonly state: State };

function take(engine: Engine, tenant: string, { taken, loaded, state }: Step): IngestResult {
  const { receipt } = taken;
  const seen = receipt === undefined ? undefined : state.receipts.get(receipt.id);
  if (seen !== undefined) return seen;
  const { config } = loaded;
  const rerouted = routeEvent(taken.routed.event, config, loaded.now);
  // A route that looks at the time may give another key at the storage's clock: what was read is that of the first.
  const routed = rerouted.key.key === taken.routed.key.key ? rerouted : taken.routed;
  const moment = momentOf(engine, tenant, loaded.now);
  const incident = state.alert === undefined ? undefined : state.snapshots.get(state.alert.incidentId);
  const decision = decideIntake(routed, { alert: state.alert, incident }, config, moment);
  const incidentId = decision.incident === 'new' ? moment.newIncidentId : state.alert?.incidentId;
  const changes = decision.incident === 'none' ? [] : settle({ routed, decision, incidentId, loaded, state });
  for (const change of [...changes, ...decision.alerts]) remember(state, change);
  const result = resultOf(decision, incidentId);
  if (receipt !== undefined) {
    state.receipts.set(receipt.id, result);
    state.documents.push({ ...receipt, expectedVersion: 0, data: result, expiresAt: loaded.now + RECEIPT_MS });
  }
  return result;
}

/** Most events need no new id, and a random one costs more than the rest of the decision. */
function momentOf({ ids }: Engine, tenant: string, at: number): DecisionMoment {
  let incidentId: string | undefined;
  let alertId: string | undefined;
  return {
    at,
    tenant,
    get newIncidentId() {
      incidentId ??= ids();
      return incidentId;
    },
    get newAlertId() {
      alertId ??= ids();
      return alertId;
    },
  };
}

type Settling = {
  readonly routed: Routed;
  readonly decision: IntakeDecision;
  readonly incidentId: string | undefined;
  readonly loaded: Decidable;
  readonly state: State;
};

/** Settles the drafts of a decision; answers what that does to the alerts of the incident. */
function settle({ routed, decision, incidentId, loaded, state }: Settling): AlertChange[] {
  const { source, routeKey } = routed.event;
  const by: Actor = { kind: 'source', id: (source ?? routeKey).slice(0, 200) };
  const snapshot = incidentId === undefined ? undefined : state.snapshots.get(incidentId);
  const settled = settleFor(loaded.config, { snapshot, drafts: decision.drafts, at: loaded.now, by });
  const { id } = settled.snapshot.context;
  const earlier = state.progress.get(id);
  state.progress.set(id, {
    before: earlier?.before ?? loaded.incidents.find((row) => row.id === id),
    settled: {
      snapshot: settled.snapshot,
      events: [...(earlier?.settled.events ?? []), ...settled.events],
      withdrawals: [...(earlier?.settled.withdrawals ?? []), ...settled.withdrawals],
    },
  });
  state.snapshots.set(id, settled.snapshot);
  return alertChanges(snapshot, settled.snapshot);
}

function remember(state: State, change: AlertChange): void {
  state.alerts.push(change);
  if (change.type === 'open') state.alert = change.alert;
  else if (change.id === state.alert?.id) state.alert = changedAlert(state.alert, change);
}

function changeFrom(tenant: string, { progress, alerts, documents }: State): ChangeParts | undefined {
  if (progress.size === 0 && alerts.length === 0 && documents.length === 0) return undefined;
  const ofIncidents = [...progress.values()].map(({ before, settled }) => changeOf(tenant, before, settled));
  return { ...joinChanges(NO_CHANGE, ...ofIncidents), alerts: foldAlertChanges(alerts), documents };
}

function resultOf(
  { outcome, reason, alertId, incident }: IntakeDecision,
  incidentId: string | undefined,
): IngestResult {
  const isKnown = incident === 'new' || alertId !== undefined;
  return {
    outcome,
    reason,
    ...(isKnown && incidentId !== undefined && { incidentId }),
    ...(alertId !== undefined && { alertId }),
  };
}
