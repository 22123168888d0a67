/**
 * Plans: from "a page is wanted here" to who is asked, through which contacts, with the reasons.
 *
 * Pure. It answers the statechart's effects with the event that records the decision; nothing is sent or stored here.
 */
import type { Target } from '../../model/escalation.ts';
import type { Paging } from '../../model/incident.ts';
import type { PagePurpose, Recipient, RecipientReason } from '../../model/page.ts';
import type { EventDraft } from '../../model/timeline.ts';
import { rungAt, turnsOf } from '../escalation/ladder.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import type { PlannedEffect } from '../lifecycle/settle.ts';
import type { CompiledResponse } from '../response/compile.ts';
import { planResponse } from '../response/plan-response.ts';
import type { Unreached } from './candidates.ts';
import { incidentFact } from './incident-fact.ts';
import { nextOpening } from './next-opening.ts';
import { planNotice } from './plan-notice.ts';
import { type RungWorld, resolveRung } from './resolve-rung.ts';
import { recipientOf, resolveTargets, unreachedUser } from './resolve-targets.ts';
import type { Dealt } from './round-robin.ts';

/** What a plan may look at, and the configuration it was made from. Whose turn it was then is said by the page. */
export type PlanWorld = RungWorld & {
  readonly version: string;
  /** Whom the configuration of now names for a service when the fallback that an incident carries reaches nobody any more. */
  lastResort(service: string): readonly Target[];
  /** What incidents ask for beside paging; without it they ask for nothing. */
  readonly response?: CompiledResponse | undefined;
  /** Where the paging of the incident stands. */
  readonly paging?: Paging | undefined;
};

/** What a page is wanted for: people and channels that were found, and people to ask besides them, each with the reason. */
type Wanted = {
  readonly purpose: PagePurpose;
  readonly found: Dealt;
  readonly people?: readonly { readonly user: string; readonly target: RecipientReason['target'] }[];
};

/** Where somebody is being asked now. */
const ASKING: readonly Paging[] = ['escalating', 'exhausted'];
const NOBODY: Dealt = { recipients: [], unreached: [] };
/** So many of those who are not asked are told of one by one. */
const MOST_UNREACHED = 200;

/** The event that answers `effect` at the moment of the incident; `undefined` when there is nothing to say. */
export function plan(effect: PlannedEffect, context: IncidentContext, world: PlanWorld): EventDraft | undefined {
  if (effect.type === 'requestNotice') return planNotice(effect, context, world);
  if (effect.type === 'requestResponse') return planNeeds(context, world);
  const { purpose, responder, schedule } = effect;
  switch (purpose) {
    case 'responder': {
      const people = responder === undefined ? [] : [{ user: responder, target: { responder: true } as const }];
      const draft = planFound({ purpose, found: NOBODY, people }, context, world);
      // What can wait is not asked as urgently as a person asks.
      const isAsking = context.urgency === 'high' && world.paging !== undefined && ASKING.includes(world.paging);
      const isAsked = isAsking && responder !== undefined && context.asked.includes(responder);
      return isAsked ? firstContacts(draft) : draft;
    }
    case 'fallback':
      return planFallback(context, world);
    case 'handoff':
      return planHandoff(schedule === undefined ? [] : [{ schedule }], context, world);
    case 'step':
      return planRung(purpose, context, world);
    case 'reminder':
      // Nobody is reminded of what nobody has heard of.
      return planRung(context.times.firstPagedAt === undefined ? 'step' : purpose, context, world);
  }
}

/** Nobody is to lead what is held, or what ends as nobody has touched it. */
function planNeeds(context: IncidentContext, world: PlanWorld): EventDraft | undefined {
  const { outcome, isAllClear, humanActed } = context;
  const isOver = outcome !== 'open' || (isAllClear && !humanActed);
  if (world.response === undefined || world.paging === 'holding' || isOver) return undefined;
  return planResponse(context, world, world.response);
}

/** Whoever is being asked already is told that somebody wants them, and called by the page that they have: not by two. */
function firstContacts(draft: EventDraft): EventDraft {
  if (draft.type !== 'page.requested') return draft;
  return { ...draft, recipients: draft.recipients.map((one) => ({ ...one, contacts: one.contacts.slice(0, 1) })) };
}

/** The fallback that the incident carries; when none of its people is left, that of the service as it is configured now. */
function planFallback(context: IncidentContext, world: PlanWorld): EventDraft {
  const carried = planTargets('fallback', context.ladder.fallback, context, world);
  const found =
    carried.type === 'page.requested'
      ? carried
      : planTargets('fallback', world.lastResort(context.service), context, world);
  return inTime(found, context.ladder.fallbackEveryMs);
}

/** The fallback is asked anew before its slowest contacts would be used: they are used before that. */
function inTime(draft: EventDraft, everyMs: number): EventDraft {
  if (draft.type !== 'page.requested') return draft;
  const latestMs = Math.floor(everyMs * 0.9);
  const recipients = draft.recipients.map((one) => ({
    ...one,
    contacts: one.contacts.map((contact) => ({ ...contact, afterMs: Math.min(contact.afterMs, latestMs) })),
  }));
  return { ...draft, recipients };
}

function planRung(purpose: 'step' | 'reminder', context: IncidentContext, world: PlanWorld): EventDraft {
  const { ladder, position, at, urgency, answered } = context;
  const rung = rungAt(ladder, position);
  const again = purpose === 'step' ? context.repage : [];
  const moment = { at, urgency, answered, fact: incidentFact(context) };
  const found = rung && resolveRung(rung, turnsOf(ladder.policyId, position.step), moment, world);
  if ((found === undefined || found.isGated) && again.length === 0) {
    const trace = { gate: rung?.when, ...(found && traceOf(found.unreached)) };
    return nobody({ purpose, reason: 'gated', recipients: [], trace }, context, world);
  }
  const people = again.map((user) => ({ user, target: { repage: true } as const }));
  return planFound({ purpose, found: found ?? NOBODY, people }, context, world);
}

/** Whoever comes on call is asked as the step at which the incident stands would ask them: not where its gate is closed for them. */
function planHandoff(targets: readonly Target[], context: IncidentContext, world: PlanWorld): EventDraft {
  const { ladder, position, at, urgency, answered } = context;
  const found = resolveTargets(targets, world, { at, urgency });
  const rung = world.paging === 'escalating' ? rungAt(ladder, position) : undefined;
  if (rung?.when === undefined) return planFound({ purpose: 'handoff', found }, context, world);
  const moment = { at, urgency, answered, fact: incidentFact(context) };
  const turns = turnsOf(ladder.policyId, position.step);
  const open = resolveRung({ ...rung, strategy: 'all' }, turns, moment, world).recipients.map(({ user }) => user);
  const recipients = found.recipients.filter(({ user }) => open.includes(user));
  return planFound({ purpose: 'handoff', found: { ...found, recipients } }, context, world);
}

function planTargets(
  purpose: 'fallback',
  targets: readonly Target[],
  context: IncidentContext,
  world: PlanWorld,
): EventDraft {
  const { at, urgency } = context;
  return planFound({ purpose, found: resolveTargets(targets, world, { at, urgency }) }, context, world);
}

function planFound(wanted: Wanted, context: IncidentContext, world: PlanWorld): EventDraft {
  const { purpose, people = [] } = wanted;
  const found = context.visibility === 'private' ? withoutChannels(wanted.found) : wanted.found;
  // A responder is asked by a person, so it is never left for later.
  const urgency = purpose === 'responder' ? 'high' : context.urgency;
  const known = new Set(found.recipients.map(({ user }) => user));
  const named = people
    .filter(({ user }) => !known.has(user))
    .map(({ user, target }) => ({
      user,
      target,
      recipient: recipientOf(user, { target }, world, { urgency, at: context.at }),
    }));
  const all = [...found.recipients, ...named.flatMap(({ recipient }) => recipient ?? [])];
  const unreached = [
    ...found.unreached,
    ...named.flatMap(({ user, target, recipient }) =>
      recipient === undefined ? [unreachedUser(user, target, world)] : [],
    ),
  ];
  const before = new Set([...context.asked, ...context.answered]);
  const recipients = purpose === 'handoff' ? all.filter(({ user }) => user !== undefined && !before.has(user)) : all;
  if (!recipients.some(({ user }) => user !== undefined))
    return nobody(
      { purpose, reason: 'nobody', recipients, trace: { unreached: [], ...traceOf(unreached) } },
      context,
      world,
    );
  return {
    type: 'page.requested',
    purpose,
    position: context.position,
    recipients,
    ...(found.turn !== undefined && { turn: found.turn }),
    configVersion: world.version,
    ...(unreached.length > 0 && { trace: traceOf(unreached) }),
  };
}

/** What is private is mirrored nowhere: nobody knows who reads a channel. */
function withoutChannels(found: Dealt): Dealt {
  const isChannel = ({ channel }: Recipient) => channel !== undefined;
  const kept = found.recipients.filter(isChannel).map(({ reason }) => ({ target: reason.target, why: 'private' }));
  return {
    ...found,
    recipients: found.recipients.filter((one) => !isChannel(one)),
    unreached: [...found.unreached, ...kept],
  };
}

/** Those who are not asked, of very many some and how many there were. */
function traceOf(unreached: readonly Unreached[]) {
  if (unreached.length === 0) return {};
  if (unreached.length <= MOST_UNREACHED) return { unreached };
  return { unreached: unreached.slice(0, MOST_UNREACHED), unreachedCount: unreached.length };
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
