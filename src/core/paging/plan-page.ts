/**
 * Plans: from "a page is wanted here" to who is asked, through which contacts, with the reasons.
 *
 * Pure. It answers the statechart's effects with the event that records the decision; nothing is sent or stored here.
 */
import type { Target } from '../../model/escalation.ts';
import type { PagePurpose, Recipient, RecipientReason } from '../../model/page.ts';
import type { EventDraft } from '../../model/timeline.ts';
import { rungAt } from '../escalation/ladder.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import type { PlannedEffect } from '../lifecycle/settle.ts';
import { isGateOpen } from './gate.ts';
import { incidentFact } from './incident-fact.ts';
import { nextOpening } from './next-opening.ts';
import { type People, recipientOf, resolveTargets, unreachedUser } from './resolve-targets.ts';

/** What a plan may look at, and the configuration it was made from. */
export type PlanWorld = People & {
  readonly version: string;
  /** Whom the configuration of now names for a service when the fallback that an incident carries reaches nobody any more. */
  lastResort(service: string): readonly Target[];
};

/** What a page is wanted for: targets to resolve, and people to ask besides them, each with the reason. */
type Wanted = {
  readonly purpose: PagePurpose;
  readonly targets: readonly Target[];
  readonly people?: readonly { readonly user: string; readonly target: RecipientReason['target'] }[];
};

/** The event that answers `effect` at the moment of the incident; `undefined` when there is nothing to say. */
export function plan(effect: PlannedEffect, context: IncidentContext, world: PlanWorld): EventDraft | undefined {
  if (effect.type === 'requestNotice') return planNotice(effect.topic, context, world);
  const { purpose, responder, schedule } = effect;
  switch (purpose) {
    case 'responder': {
      const people = responder === undefined ? [] : [{ user: responder, target: { responder: true } as const }];
      return planTargets({ purpose, targets: [], people }, context, world);
    }
    case 'fallback':
      return planFallback(context, world);
    case 'handoff':
      return planTargets({ purpose, targets: schedule === undefined ? [] : [{ schedule }] }, context, world);
    case 'step':
    case 'reminder':
      return planRung(purpose, context, world);
  }
}

/** The fallback that the incident carries; when none of its people is left, that of the service as it is configured now. */
function planFallback(context: IncidentContext, world: PlanWorld): EventDraft {
  const carried = planTargets({ purpose: 'fallback', targets: context.ladder.fallback }, context, world);
  if (carried.type === 'page.requested') return carried;
  return planTargets({ purpose: 'fallback', targets: world.lastResort(context.service) }, context, world);
}

function planRung(purpose: 'step' | 'reminder', context: IncidentContext, world: PlanWorld): EventDraft {
  const rung = rungAt(context.ladder, context.position);
  const again = purpose === 'step' ? context.repage : [];
  const isOpen = rung !== undefined && isGateOpen(rung.when, incidentFact(context), context.at);
  if (!isOpen && again.length === 0)
    return nobody({ purpose, reason: 'gated', recipients: [], trace: { gate: rung?.when } }, context, world);
  const people = again.map((user) => ({ user, target: { repage: true } as const }));
  return planTargets({ purpose, targets: isOpen ? rung.targets : [], people }, context, world);
}

function planTargets(
  { purpose, targets, people = [] }: Wanted,
  context: IncidentContext,
  world: PlanWorld,
): EventDraft {
  // A responder is asked by a person, so it is never left for later.
  const urgency = purpose === 'responder' ? 'high' : context.urgency;
  const resolved = resolveTargets(targets, world, { at: context.at, urgency });
  const known = new Set(resolved.recipients.map(({ user }) => user));
  const named = people
    .filter(({ user }) => !known.has(user))
    .map(({ user, target }) => ({ user, target, recipient: recipientOf(user, { target }, world, urgency) }));
  const all = [...resolved.recipients, ...named.flatMap(({ recipient }) => recipient ?? [])];
  const unreached = [
    ...resolved.unreached,
    ...named.flatMap(({ user, target, recipient }) =>
      recipient === undefined ? [unreachedUser(user, target, world)] : [],
    ),
  ];
  const recipients =
    purpose === 'handoff' ? all.filter(({ user }) => user !== undefined && !context.asked.includes(user)) : all;
  if (!recipients.some(({ user }) => user !== undefined))
    return nobody({ purpose, reason: 'nobody', recipients, trace: { unreached } }, context, world);
  return {
    type: 'page.requested',
    purpose,
    position: context.position,
    recipients,
    configVersion: world.version,
    ...(unreached.length > 0 && { trace: { unreached } }),
  };
}

type Missed = {
  readonly purpose: PagePurpose;
  readonly reason: 'gated' | 'nobody';
  readonly recipients: readonly Recipient[];
  readonly trace: unknown;
};

function nobody(
  { purpose, reason, recipients, trace }: Missed,
  context: IncidentContext,
  world: PlanWorld,
): EventDraft {
  // Below the last rung the round goes on with the next one at once, so that nobody waits for an opening yet.
  const isLast = context.position.step >= context.ladder.rungs.length;
  const isWaiting = context.urgency === 'low' && purpose !== 'responder' && isLast;
  const opensInMs = isWaiting ? nextOpening(context, world) : undefined;
  return {
    type: 'page.nobody',
    purpose,
    position: context.position,
    reason,
    ...(recipients.length > 0 && { recipients: [...recipients] }),
    ...(opensInMs !== undefined && { nextOpeningMs: opensInMs }),
    trace,
  };
}

function planNotice(topic: 'monitoring', context: IncidentContext, world: PlanWorld): EventDraft | undefined {
  const accepted = Object.entries(context.responders).flatMap(([user, status]) =>
    status === 'accepted' ? [user] : [],
  );
  const users = new Set([...context.acknowledgedBy, ...accepted, ...Object.values(context.roles)]);
  if (context.byUser !== null) users.delete(context.byUser);
  const recipients = [...users].flatMap((user) => recipientOf(user, { target: { user } }, world, 'low') ?? []);
  return recipients.length === 0 ? undefined : { type: 'notice.requested', topic, recipients };
}
