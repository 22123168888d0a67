/**
 * The events of one key, or of one group, decided one after the other, as one change.
 *
 * Each event meets what the earlier ones of its call have led to, as if each had been stored alone.
 */
import { decideIntake } from '../core/intake/decide.ts';
import type { DecisionMoment, IngestOutcome, IntakeDecision, Routed } from '../core/intake/decision.ts';
import { routeEvent } from '../core/intake/routed.ts';
import type { TocsinError } from '../errors.ts';
import type { Actor } from '../model/identity.ts';
import type { DocumentKey, LoadQuery } from '../ports/storage.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Decided, Undecided } from './transact.ts';

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
export const RECEIPT_MS = 7 * 86_400_000;

/** What the events of one key or group mean, given what is stored. */
export function decideEvents(
  engine: Engine,
  tenant: string,
  group: readonly Taken[],
  { loaded, asked }: { readonly loaded: Decidable; readonly asked: LoadQuery },
): Decided<ReadonlyMap<number, IngestResult>> | Undecided {
  const ledger = createLedger(tenant, loaded, asked);
  const results = new Map(group.map((taken) => [taken.index, take(engine, tenant, { taken, loaded, ledger })]));
  const more = ledger.missing();
  return more === undefined ? { change: ledger.change(), answer: () => results } : { more };
}

type Step = { readonly taken: Taken; readonly loaded: Decidable; readonly ledger: Ledger };

function take(engine: Engine, tenant: string, { taken, loaded, ledger }: Step): IngestResult {
  const { receipt } = taken;
  const seen = receipt === undefined ? undefined : ledger.stored.document(receipt.collection, receipt.id);
  if (seen !== undefined) return seen as IngestResult;
  const { config } = loaded;
  const rerouted = routeEvent(taken.routed.given, config, loaded.now);
  // A route that looks at the time may give another key at the storage's clock: the events of a call stay in their turns.
  const routed = rerouted.key.key === taken.routed.key.key ? rerouted : taken.routed;
  const decision = decideIntake(routed, ledger.stored, config, momentOf(engine, tenant, loaded.now));
  const result = resultOf(
    decision,
    ledger.missing() === undefined ? ledger.take(decision, actorOf(routed)) : undefined,
  );
  if (receipt !== undefined) ledger.write(receipt, result, loaded.now + RECEIPT_MS);
  return result;
}

/** Whoever sent the event. */
export function actorOf({ event: { source, routeKey } }: Routed): Actor {
  return { kind: 'source', id: (source ?? routeKey).slice(0, 200) };
}

/** Most events need no new id, and a random one costs more than the rest of the decision. */
export function momentOf({ ids }: Pick<Engine, 'ids'>, tenant: string, at: number): DecisionMoment {
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
