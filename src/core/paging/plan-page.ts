/**
 * Plans: from "a page is wanted here" to who is asked, through which contacts, with the reasons.
 *
 * Pure. It answers the statechart's effects with the event that records the decision; nothing is sent or stored here.
 */
import type { PagePurpose, Recipient, RecipientReason } from '../../model/page.ts';
import type { EventDraft } from '../../model/timeline.ts';
import { rungAt } from '../escalation/ladder.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import type { PlannedEffect } from '../lifecycle/settle.ts';
import { compileCondition } from '../rules/condition.ts';
import { incidentFact } from './incident-fact.ts';
import { nextOpening } from './next-opening.ts';
import { type People, type Resolved, recipientOf, resolveTargets } from './resolve-targets.ts';

/** What a plan may look at, and the configuration it was made from. */
export type PlanWorld = People & { readonly version: string };

/** The event that answers `effect` at the moment of the incident; `undefined` when there is nothing to say. */
export function plan(effect: PlannedEffect, context: IncidentContext, world: PlanWorld): EventDraft | undefined {
  if (effect.type === 'requestNotice') return planNotice(effect.topic, context, world);
  switch (effect.purpose) {
    case 'responder':
      return planTargets(effect.purpose, [{ responder: true }], context, world, effect.responder);
    case 'fallback':
      return planTargets(effect.purpose, context.ladder.fallback, context, world);
    case 'handoff':
      return planTargets(
        effect.purpose,
        effect.schedule === undefined ? [] : [{ schedule: effect.schedule }],
        context,
        world,
      );
    case 'step':
    case 'reminder':
      return planRung(effect.purpose, context, world);
  }
}

function planRung(purpose: 'step' | 'reminder', context: IncidentContext, world: PlanWorld): EventDraft {
  const rung = rungAt(context.ladder, context.position);
  const repage = context.repage.map(() => ({ repage: true }) as const);
  const isOpen =
    rung !== undefined &&
    (rung.when === undefined || compileCondition(rung.when).test(incidentFact(context), context.at));
  if (!isOpen && repage.length === 0) return nobody(purpose, 'gated', [], context, world, { gate: rung?.when });
  return planTargets(purpose, isOpen ? rung.targets : [], context, world);
}

function planTargets(
  purpose: PagePurpose,
  targets: readonly RecipientReason['target'][],
  context: IncidentContext,
  world: PlanWorld,
  responder?: string,
): EventDraft {
  const { at } = context;
  // A responder is asked by a person, so it is never left for later.
  const urgency = purpose === 'responder' ? 'high' : context.urgency;
  const resolved = resolveTargets(
    targets.filter((target) => !('responder' in target)),
    world,
    { at, urgency },
  );
  const joining =
    responder === undefined ? [] : [recipientOf(responder, { target: { responder: true } }, world, urgency)];
  const again =
    purpose === 'step'
      ? context.repage.map((user) => recipientOf(user, { target: { repage: true } }, world, urgency))
      : [];
  const all = oncePerPerson(
    [...resolved.recipients, ...again, ...joining].filter((recipient) => recipient !== undefined),
  );
  const recipients =
    purpose === 'handoff' ? all.filter(({ user }) => user !== undefined && !context.asked.includes(user)) : all;
  if (!recipients.some(({ user }) => user !== undefined))
    return nobody(purpose, 'nobody', recipients, context, world, resolved);
  return {
    type: 'page.requested',
    purpose,
    position: context.position,
    recipients: [...recipients],
    configVersion: world.version,
    ...(resolved.unreached.length > 0 && { trace: { unreached: resolved.unreached } }),
  };
}

function nobody(
  purpose: PagePurpose,
  reason: 'gated' | 'nobody',
  recipients: readonly Recipient[],
  context: IncidentContext,
  world: PlanWorld,
  why: Resolved | { readonly gate: unknown },
): EventDraft {
  const opensInMs = context.urgency === 'low' && purpose !== 'responder' ? nextOpening(context, world) : undefined;
  return {
    type: 'page.nobody',
    purpose,
    position: context.position,
    reason,
    ...(recipients.length > 0 && { recipients: [...recipients] }),
    ...(opensInMs !== undefined && { nextOpeningMs: opensInMs }),
    trace: 'gate' in why ? { gate: why.gate } : { unreached: why.unreached },
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

function oncePerPerson(recipients: readonly Recipient[]): Recipient[] {
  const name = ({ user, channel }: Recipient) => (user === undefined ? `channel:${channel}` : `user:${user}`);
  return [...new Map([...recipients].reverse().map((recipient) => [name(recipient), recipient])).values()].reverse();
}
