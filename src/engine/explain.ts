/**
 * explain: what would become of an event, and whom it would reach, with the reasons. Writes nothing.
 *
 * It runs the very functions that `ingest` runs; a preview of the ladder follows it to the fallback.
 */

import type { CompiledConfig } from '../core/config/compile.ts';
import { decideIntake, type IngestOutcome, type IntakeDecision, routeEvent } from '../core/intake/decide.ts';
import { eventFact } from '../core/intake/event-fact.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { pagingState } from '../core/lifecycle/view.ts';
import { isGateOpen } from '../core/paging/gate.ts';
import { resolveTargets, type Unreached } from '../core/paging/resolve-targets.ts';
import type { Fact } from '../core/rules/field.ts';
import type { RuleTrace } from '../core/rules/rule-set.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { Ladder } from '../model/escalation.ts';
import { SYSTEM } from '../model/identity.ts';
import type { Paging } from '../model/incident.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import type { Urgency } from '../model/user.ts';
import type { Engine } from './engine.ts';
import { takeEvent } from './ingest.ts';
import { keyState } from './ingest-key.ts';
import { settleFor } from './settle-for.ts';
import { configOf } from './tenant-config.ts';
import { transact } from './transact.ts';

/** One message that would go out if nobody answered. Instants are ISO 8601 in UTC. */
export type ExplainedContact = {
  readonly at: string;
  readonly contact: string;
  readonly notifier: string;
  readonly address: string;
};

/** One step that would be taken if nobody answered. */
export type ExplainedStep = {
  readonly at: string;
  readonly kind: 'step' | 'fallback';
  readonly loop: number;
  /** From 1; 0 is the fallback. */
  readonly step: number;
  readonly gated: boolean;
  readonly people: readonly {
    readonly user: string;
    readonly why: string;
    readonly contacts: readonly ExplainedContact[];
  }[];
  readonly unreached: readonly Unreached[];
};

/** The whole decision about one event. Plain JSON. */
export type Explanation = {
  readonly at: string;
  readonly outcome: IngestOutcome;
  readonly reason: string;
  readonly incidentId?: string;
  readonly alertId?: string;
  readonly route: {
    readonly id: string;
    readonly service: string;
    readonly why: string;
    readonly trace: readonly RuleTrace[];
  };
  readonly dedupKey: { readonly routeKey: string; readonly key: string; readonly from: string };
  readonly severity: {
    readonly severity: string;
    readonly urgency: Urgency;
    readonly why: string;
    readonly trace: readonly RuleTrace[];
  };
  readonly policy: string;
  /** The steps of the first round of each policy that follows, and the fallback, as they would be taken if nobody answered; empty when the event pages nobody. */
  readonly ladder: readonly ExplainedStep[];
  /** Whether a person would be reached. */
  readonly reachesSomebody: boolean;
};

const ANSWERED: ReadonlySet<Paging> = new Set<Paging>(['acknowledged', 'snoozed', 'quiet']);

/** The whole decision about `input` at a moment; now by default. */
export async function explainEvent(
  engine: Engine,
  tenant: string,
  input: AlertEvent,
  options: { readonly at?: InstantInput },
): Promise<Explanation> {
  const event = takeEvent(input);
  const asked = options.at === undefined ? undefined : toEpochMs(options.at, 'at');
  const { key } = routeEvent(event, configOf(engine, tenant), asked ?? engine.clock.now());
  return transact(engine, { tenant, alertKeys: [{ routeKey: event.routeKey, dedupKey: key.key }] }, (loaded) => {
    const { config } = loaded;
    const at = asked ?? loaded.now;
    const routed = routeEvent(event, config, at);
    const state = keyState(loaded);
    const decision = decideIntake(routed, state, config, {
      at,
      tenant,
      newIncidentId: 'new',
      newAlertId: 'new',
    });
    const { route } = routed;
    const severity = config.severity.decide(eventFact(event, route.service), at);
    const gist = {
      severity: severity.severity,
      urgency: severity.urgency,
      service: route.service.id,
      labels: event.labels,
    };
    const ladder = isAskedFor(decision, state.incident, config, loaded.now)
      ? previewLadder(config.ladder(route.escalationPolicy), config, at + route.holdForMs, gist)
      : [];
    const known = decision.incident === 'new' ? undefined : loaded.alerts[0]?.incidentId;
    const explanation: Explanation = {
      at: iso(at),
      outcome: decision.outcome,
      reason: decision.reason,
      ...(known !== undefined && decision.alertId !== undefined && { incidentId: known }),
      ...(decision.alertId !== undefined && decision.alertId !== 'new' && { alertId: decision.alertId }),
      route: { id: route.routeId, service: route.service.id, why: route.reason, trace: route.trace },
      dedupKey: { routeKey: event.routeKey, key: routed.key.key, from: routed.key.from },
      severity: { severity: severity.severity, urgency: severity.urgency, why: severity.reason, trace: severity.trace },
      policy: route.escalationPolicy,
      ladder,
      reachesSomebody: ladder.some(({ people }) => people.length > 0),
    };
    return { answer: () => explanation };
  });
}

/** Whether somebody is asked because of this event: for the first time, or anew because it became worse or came back. */
function isAskedFor(
  { outcome, drafts }: IntakeDecision,
  snapshot: IncidentSnapshot | undefined,
  config: CompiledConfig,
  at: number,
): boolean {
  if (outcome === 'opened' || outcome === 'held' || outcome === 'reopened') return true;
  if (snapshot === undefined || (outcome !== 'deduplicated' && outcome !== 'joined') || drafts.length === 0)
    return false;
  const settled = settleFor(config, {
    snapshot,
    drafts,
    at,
    by: SYSTEM,
  });
  const isRaised = drafts.some(({ type }) => type === 'severity.changed');
  const isPaged = settled.events.some(({ type }) => type === 'page.requested' || type === 'page.nobody');
  return (isRaised || isPaged) && !ANSWERED.has(pagingState(settled.snapshot));
}

type Gist = {
  readonly severity: string;
  readonly urgency: Urgency;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** The first round of the ladder, of those that follow it when it is exhausted, and the fallback of the last. */
function previewLadder(first: Ladder, config: CompiledConfig, startAt: number, gist: Gist): ExplainedStep[] {
  const steps: ExplainedStep[] = [];
  let at = startAt;
  for (let ladder = first; ; ladder = ladder.next) {
    const round = previewRound(ladder, config, at, gist);
    steps.push(...round.steps);
    // Low urgency is asked once and does not climb.
    if (gist.urgency === 'low') return steps;
    // A round that reaches nobody is not repeated.
    at += round.lastsMs * (round.lastsMs > 0 ? ladder.loops : 1);
    if (ladder.next === undefined) {
      const fallback = explainStep({ at, loop: ladder.loops, step: 0 }, ladder.fallback, config, gist.urgency);
      return [...steps, { ...fallback, gated: false }];
    }
  }
}

function previewRound(
  ladder: Ladder,
  config: CompiledConfig,
  startAt: number,
  gist: Gist,
): { readonly steps: readonly ExplainedStep[]; readonly lastsMs: number } {
  const steps: ExplainedStep[] = [];
  let at = startAt;
  for (const [index, rung] of ladder.rungs.entries()) {
    const isOpen = isGateOpen(rung.when, factOf(gist), at);
    const step = explainStep({ at, loop: 1, step: index + 1 }, isOpen ? rung.targets : [], config, gist.urgency);
    steps.push({ ...step, gated: !isOpen });
    if (step.people.length === 0) continue;
    if (gist.urgency === 'low') break;
    at += rung.waitMs;
  }
  return { steps, lastsMs: at - startAt };
}

/** What the gates of a new incident are asked about: see core/paging/incident-fact.ts. */
function factOf(gist: Gist): Fact {
  return { ...gist, visibility: 'public', alertCount: 1 };
}

function explainStep(
  place: { readonly at: number; readonly loop: number; readonly step: number },
  targets: Parameters<typeof resolveTargets>[0],
  config: CompiledConfig,
  urgency: Urgency,
): Omit<ExplainedStep, 'gated'> {
  const { recipients, unreached } = resolveTargets(targets, config, { at: place.at, urgency });
  const people = recipients.flatMap(({ user, reason, contacts }) => {
    if (user === undefined) return [];
    const why =
      reason.schedule === undefined
        ? 'named by the policy'
        : `on call for ${reason.schedule} (${reason.source ?? 'rotation'} ${reason.sourceId ?? ''})`;
    return [
      {
        user,
        why,
        contacts: contacts.map(({ contact, notifier, address, afterMs }) => ({
          at: iso(place.at + afterMs),
          contact,
          notifier,
          address,
        })),
      },
    ];
  });
  return { ...place, at: iso(place.at), kind: place.step === 0 ? 'fallback' : 'step', people, unreached };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
