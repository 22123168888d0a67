/**
 * Ingest: alert events in, answered only after the commit. Accepted means stored.
 *
 * One bad event never loses the others of its call: it is answered 'rejected' with its error.
 */
import { cleanEvent } from '../core/intake/clean-event.ts';
import {
  decideIntake,
  type IngestOutcome,
  type IntakeDecision,
  type KeyState,
  type Routed,
  routeEvent,
} from '../core/intake/decide.ts';
import { settle } from '../core/lifecycle/settle.ts';
import { plan } from '../core/paging/plan-page.ts';
import { isTocsinError, type TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { Actor } from '../model/identity.ts';
import type { Loaded } from '../ports/storage.ts';
import { type ChangeParts, changeOf, NO_CHANGE } from './change.ts';
import { configOf, type Engine } from './engine.ts';
import { type Decided, transact } from './transact.ts';

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

/** Options of one call. */
export type IngestOptions = {
  /** Names this delivery of the source: a second call with the same id changes nothing and gives the first one's answer. */
  readonly deliveryId?: string;
};

const DELIVERY_IDS = 'delivery-ids';

/** Takes in one event. */
export async function ingestEvent(
  engine: Engine,
  tenant: string,
  input: AlertEvent,
  deliveryId: string | undefined,
): Promise<IngestResult> {
  let event: ReturnType<typeof cleanEvent>;
  try {
    event = cleanEvent(input);
  } catch (error) {
    if (!isTocsinError(error)) throw error;
    return { outcome: 'rejected', reason: error.message, error };
  }
  const config = configOf(engine, tenant);
  const routed = routeEvent(event, config, engine.clock.now());
  const receipt = deliveryId ?? receiptOf(event.deliveryId, event, routed.key.key);
  const ids = { newIncidentId: engine.ids(), newAlertId: engine.ids() };
  const query = {
    tenant,
    alertKeys: [{ routeKey: event.routeKey, dedupKey: routed.key.key }],
    ...(receipt !== undefined && { documents: [{ collection: DELIVERY_IDS, id: receipt }] }),
  };
  return transact(engine, query, (loaded): Decided<IngestResult> => {
    const seen = loaded.documents[0];
    if (seen !== undefined) return { answer: () => seen.data as IngestResult };
    const rerouted = routeEvent(event, config, loaded.now);
    const decision = decideIntake(rerouted, keyState(loaded), config, { at: loaded.now, tenant, ...ids });
    const change = changeFor(engine, tenant, loaded, rerouted, decision);
    const result = resultOf(decision, loaded, ids.newIncidentId);
    if (receipt === undefined) return { change, answer: () => result };
    const document = { collection: DELIVERY_IDS, id: receipt, data: result };
    return { change: { ...(change ?? NO_CHANGE), documents: [document] }, answer: () => result };
  });
}

/** Sources number what they send without knowing of each other, and may send several events under one id. */
function receiptOf(
  deliveryId: string | undefined,
  { routeKey, action }: Routed['event'],
  key: string,
): string | undefined {
  return deliveryId === undefined ? undefined : JSON.stringify([routeKey, deliveryId, action, key]);
}

/** What is stored about the key that was asked for. */
export function keyState(loaded: Loaded): KeyState {
  const alert = loaded.alerts[0];
  return { alert, incident: loaded.incidents.find(({ id }) => id === alert?.incidentId)?.snapshot };
}

function changeFor(
  engine: Engine,
  tenant: string,
  loaded: Loaded,
  routed: Routed,
  decision: IntakeDecision,
): ChangeParts | undefined {
  if (decision.incident === 'none')
    return decision.alerts.length === 0 ? undefined : { ...NO_CHANGE, alerts: decision.alerts };
  const before =
    decision.incident === 'known' ? loaded.incidents.find(({ id }) => id === loaded.alerts[0]?.incidentId) : undefined;
  const config = configOf(engine, tenant);
  const by: Actor = { kind: 'source', id: (routed.event.source ?? routed.event.routeKey).slice(0, 200) };
  const settled = settle({
    snapshot: before?.snapshot,
    drafts: decision.drafts,
    at: loaded.now,
    by,
    plan: (effect, { context }) => plan(effect, context, config),
  });
  const change = changeOf(tenant, before, settled);
  return { ...change, alerts: [...change.alerts, ...decision.alerts] };
}

function resultOf(decision: IntakeDecision, loaded: Loaded, newIncidentId: string): IngestResult {
  const { outcome, reason, alertId } = decision;
  const incidentId =
    decision.incident === 'new' ? newIncidentId : alertId === undefined ? undefined : loaded.alerts[0]?.incidentId;
  return {
    outcome,
    reason,
    ...(incidentId !== undefined && { incidentId }),
    ...(alertId !== undefined && { alertId }),
  };
}
