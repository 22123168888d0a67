/**
 * Ingest: alert events in, answered only after the commit. Accepted means stored.
 *
 * One bad event never loses the others of its call: it is answered 'rejected' with its error.
 */
import { type CleanEvent, cleanEvent } from '../core/intake/clean-event.ts';
import {
  decideIntake,
  type IngestOutcome,
  type IntakeDecision,
  type KeyState,
  type Routed,
  routeEvent,
} from '../core/intake/decide.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { Actor } from '../model/identity.ts';
import type { Loaded } from '../ports/storage.ts';
import { type ChangeParts, changeOf, NO_CHANGE } from './change.ts';
import { configOf, type Engine } from './engine.ts';
import { settleFor } from './settle-for.ts';
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

/** Fields that the bodies of monitoring tools have, and events have not. */
const BODY_FIELDS = ['alerts', 'version', 'receiver', 'groupKey', 'commonLabels', 'externalURL', 'evalMatches'];
const DELIVERY_IDS = 'delivery-ids';

/** Takes in one event. */
export async function ingestEvent(
  engine: Engine,
  tenant: string,
  input: AlertEvent,
  call: IngestCall,
): Promise<IngestResult> {
  let event: CleanEvent;
  try {
    event = takeEvent(input);
  } catch (error) {
    if (!isTocsinError(error)) throw error;
    return { outcome: 'rejected', reason: error.message, error };
  }
  const config = configOf(engine, tenant);
  const routed = routeEvent(event, config, engine.clock.now());
  const receipt = receiptOf(call, event, routed.key.key);
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
    // A route that looks at the time may give another key at the storage's clock: what was read is that of the first.
    const chosen = rerouted.key.key === routed.key.key ? rerouted : routed;
    const decision = decideIntake(chosen, keyState(loaded), config, { at: loaded.now, tenant, ...ids });
    const change = changeFor(engine, tenant, loaded, chosen, decision);
    const result = resultOf(decision, loaded, ids.newIncidentId);
    if (receipt === undefined) return { change, answer: () => result };
    const document = { collection: DELIVERY_IDS, id: receipt, data: result };
    return { change: { ...(change ?? NO_CHANGE), documents: [document] }, answer: () => result };
  });
}

/**
 * The clean event in `input`.
 *
 * @throws TocsinError INPUT_INVALID as {@link cleanEvent} does; a body that was not parsed is told from a misspelt event.
 */
export function takeEvent(input: unknown): CleanEvent {
  try {
    return cleanEvent(input);
  } catch (error) {
    if (!isTocsinError(error, 'INPUT_INVALID') || !looksLikeBody(input)) throw error;
    const message = `${error.message} This looks like the body of a webhook: parse it with a source first.`;
    throw new TocsinError('INPUT_INVALID', message, { details: error.details, cause: error });
  }
}

function looksLikeBody(input: unknown): boolean {
  if (typeof input === 'string') return /^\s*[{[]/.test(input);
  if (typeof input !== 'object' || input === null) return false;
  return BODY_FIELDS.filter((name) => Object.hasOwn(input, name)).length > 1;
}

/** Which event of which call this is. */
export type IngestCall = { readonly deliveryId: string | undefined; readonly index: number };

/** Sources number what they send without knowing of each other, and may send several events under one id. */
function receiptOf(call: IngestCall, event: Routed['event'], key: string): string | undefined {
  const { routeKey, action, deliveryId } = event;
  // An empty id, as a missing header reads, would swallow every later call.
  if (call.deliveryId) return JSON.stringify([routeKey, call.deliveryId, action, key, call.index]);
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
  const settled = settleFor(config, {
    snapshot: before?.snapshot,
    drafts: decision.drafts,
    at: loaded.now,
    by,
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
