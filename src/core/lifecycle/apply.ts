/**
 * What an event changes in the facts of an incident.
 *
 * A fold, one case for each event. Which event may come when, and which timers run, is the statechart's alone.
 */
import type { TimesMs } from '../../model/incident.ts';
import type { Recipient } from '../../model/page.ts';
import type { AlertFacts, EventOf, TimelineEvent } from '../../model/timeline.ts';
import type { Urgency } from '../../model/user.ts';
import { samePosition } from '../escalation/ladder.ts';
import { askedAnew, responseChange } from './apply-response.ts';
import { EMPTY_CONTEXT, type IncidentContext, type KeptNotice } from './context.ts';

type Change = Partial<IncidentContext>;

/** The context after `event`. The moment (`at`, `seq`, `by`) was set before. */
export function applyEvent(context: IncidentContext, event: TimelineEvent): IncidentContext {
  const acted = context.byPerson || event.type === 'incident.acknowledged';
  const expiresAt = acted ? context.at + (context.ladder.acknowledgeTimeoutMs ?? 0) : context.expiresAt;
  return { ...context, humanActed: context.humanActed || acted, expiresAt, ...changeOf(context, event) };
}

/** The context of a new incident. */
export function openedContext(event: EventOf<'incident.opened'>): IncidentContext {
  return {
    ...EMPTY_CONTEXT,
    ...momentOf(event),
    id: event.incidentId,
    openedBy: event.by.kind === 'user' ? event.by.id : null,
    title: event.title,
    body: event.body ?? null,
    service: event.service,
    routeKey: event.routeKey ?? null,
    severity: event.severity,
    ...urgencyOf(event),
    visibility: event.visibility,
    kind: event.kind ?? 'real',
    impact: event.impact ?? null,
    timePressure: event.timePressure ?? null,
    labels: event.labels ?? {},
    times: { openedAt: event.at },
    corrections: event.times ?? {},
    humanActed: event.by.kind === 'user',
    ladder: event.ladder,
    firstLadder: event.ladder,
    settings: event.settings,
    alerts: Object.fromEntries(event.alerts.map((alert) => [alert.id, 'firing' as const])),
    links: event.links,
  };
}

/** When and by whom: set in the context before the statechart sees the event. */
export function momentOf(event: TimelineEvent): Pick<IncidentContext, 'at' | 'seq' | 'byPerson' | 'byUser'> {
  const byPerson = event.by.kind === 'user';
  return { at: event.at, seq: event.seq, byPerson, byUser: event.by.kind === 'user' ? event.by.id : null };
}

function changeOf(context: IncidentContext, event: TimelineEvent): Change {
  switch (event.type) {
    case 'incident.updated':
      return {
        ...(event.title !== undefined && { title: event.title }),
        ...(event.body !== undefined && { body: event.body }),
        ...(event.visibility !== undefined && { visibility: event.visibility }),
        ...(event.impact !== undefined && { impact: event.impact }),
        ...(event.timePressure !== undefined && { timePressure: event.timePressure }),
      };
    case 'incident.mitigated':
      return eased(context, event.at);
    case 'incident.resolved':
      return { ...ended(context, 'resolved'), times: { ...context.times, resolvedAt: event.at } };
    case 'incident.dismissed':
      return { ...ended(context, 'dismissed'), times: { ...context.times, dismissedAt: event.at } };
    case 'incident.merged':
      return { ...ended(context, 'merged'), mergedInto: event.into };
    case 'incident.closed':
      return { outcome: 'closed', times: { ...context.times, closedAt: event.at } };
    case 'incident.reopened':
      return reopened(context, event);
    case 'incident.absorbed':
      return absorbed(context, event);
    case 'severity.changed':
      return {
        ...newUrgency(context, event),
        severity: event.severity,
        severityMove: event.direction,
        repageOnRaise: event.repage ?? null,
        settings: { ...context.settings, updateEveryMs: event.updateEveryMs, reviewWithinMs: event.reviewWithinMs },
      };
    case 'urgency.raised':
      return { ...newUrgency(context, { at: event.at, urgency: 'high' }), severityMove: 'none' };
    case 'note.added':
      return { noteCount: context.noteCount + 1 };
    case 'link.added':
      return { links: [...context.links, event.link] };
    case 'alert.joined':
      return { alerts: withAlert(context, event.alert), isAllClear: false };
    case 'alert.acknowledged':
      return { alerts: { ...context.alerts, [event.alert]: 'acknowledged' } };
    case 'alert.cleared':
      return cleared(context, event.alert);
    case 'incident.acknowledged':
      return acknowledged(context);
    case 'incident.unacknowledged':
      return { acknowledgedBy: [], repage: event.reason === 'timeout' ? context.acknowledgedBy : [] };
    case 'incident.snoozed':
      return { snoozeMs: event.forMs, acknowledgedBy: [] };
    case 'incident.reassigned':
      return { ladder: event.ladder, firstLadder: event.ladder, acknowledgedBy: [] };
    case 'page.requested':
      return paged(context, event);
    case 'notice.requested':
      if (event.topic === 'updateDue') return { updateNotice: keptNotice(event) };
      if (event.topic === 'reviewDue') return { reviewNotice: keptNotice(event) };
      return event.topic === 'acknowledged' ? { answerNotice: event.seq } : {};
    case 'update.drafted':
      return { drafts: [...context.drafts, { ...event.draft, by: event.by, at: event.at }] };
    case 'update.discarded':
      return { drafts: context.drafts.filter(({ id }) => id !== event.draft) };
    case 'update.posted':
      return {
        updateNotice: null,
        drafts: context.drafts.filter(({ id }) => id !== event.draft),
        told: { ...context.told, [event.audience]: true },
      };
    case 'page.acknowledged':
      return answered(context);
    case 'page.nobody':
      return missed(context, event);
    default:
      return responseChange(context, event) ?? {};
  }
}

/** What people said of when it was eased before is no word about this time. */
function eased({ times, corrections }: IncidentContext, at: number): Change {
  const { mitigatedAt: _, ...others } = corrections;
  return {
    times: { ...times, mitigatedAt: at },
    ...(times.mitigatedAt !== undefined && { corrections: others }),
  };
}

type UrgencyEvent = {
  readonly at: number;
  readonly urgency: Urgency;
  readonly urgencyRisesInMs?: number | null | undefined;
};

function urgencyOf({
  at,
  urgency,
  urgencyRisesInMs,
}: UrgencyEvent): Pick<IncidentContext, 'urgency' | 'urgencyRisesAt'> {
  const isWaiting = urgency === 'low' && typeof urgencyRisesInMs === 'number';
  return { urgency, urgencyRisesAt: isWaiting ? at + urgencyRisesInMs : null };
}

/** An acknowledgement runs out at high urgency only, so its time begins when the urgency becomes high. */
function newUrgency(context: IncidentContext, event: UrgencyEvent): Change {
  const isRise = context.urgency === 'low' && event.urgency === 'high';
  return {
    ...urgencyOf(event),
    ...(isRise && { expiresAt: event.at + (context.ladder.acknowledgeTimeoutMs ?? 0), held: [] }),
  };
}

function ended(context: IncidentContext, outcome: 'resolved' | 'dismissed' | 'merged'): Change {
  const alerts = Object.fromEntries(Object.keys(context.alerts).map((id) => [id, 'cleared' as const]));
  return { outcome, alerts };
}

function reopened(context: IncidentContext, event: EventOf<'incident.reopened'>): Change {
  const { resolvedAt: _resolved, dismissedAt: _dismissed, mitigatedAt: _mitigated, ...times } = context.times;
  const { resolvedAt: _ended, mitigatedAt: _eased, ...corrections } = context.corrections;
  return {
    outcome: 'open',
    times,
    corrections,
    ...askedAnew(context),
    humanActed: context.byPerson,
    acknowledgedBy: [],
    severityMove: 'none',
    isAllClear: false,
    ...urgencyOnReturn(context, event),
    ...(event.alert && { alerts: withAlert(context, event.alert) }),
  };
}

/** Without word of its urgency the moment that was known before counts; when it has passed, support hours have begun since. */
function urgencyOnReturn(
  context: IncidentContext,
  { at, urgency, urgencyRisesInMs }: EventOf<'incident.reopened'>,
): Change {
  if (urgency !== undefined) return urgencyOf({ at, urgency, urgencyRisesInMs });
  const { urgencyRisesAt } = context;
  return urgencyRisesAt !== null && urgencyRisesAt <= at ? urgencyOf({ at, urgency: 'high' }) : {};
}

function absorbed(context: IncidentContext, event: EventOf<'incident.absorbed'>): Change {
  const alerts = Object.fromEntries(event.alerts.map(({ id, status }) => [id, status]));
  const known = new Set(context.tasks.map((task) => task.id));
  const joining = event.responders.filter((user) => context.responders[user] === undefined);
  return {
    alerts: { ...context.alerts, ...alerts },
    isAllClear: context.isAllClear && event.alerts.every(({ status }) => status === 'cleared'),
    absorbed: [...context.absorbed, event.source],
    tasks: [...context.tasks, ...event.tasks.filter((task) => !known.has(task.id))],
    responders: { ...context.responders, ...Object.fromEntries(joining.map((user) => [user, 'accepted' as const])) },
  };
}

function acknowledged(context: IncidentContext): Change {
  const user = context.byUser;
  const acknowledgedBy =
    user === null || context.acknowledgedBy.includes(user) ? context.acknowledgedBy : [...context.acknowledgedBy, user];
  const responders = user === null ? context.responders : { ...context.responders, [user]: 'accepted' as const };
  const times: TimesMs = { ...context.times, acknowledgedAt: context.times.acknowledgedAt ?? context.at };
  return { acknowledgedBy, responders, times };
}

/** One of several who each have to answer: the incident is not acknowledged by that. */
function answered(context: IncidentContext): Change {
  const { acknowledgedBy, responders } = acknowledged(context);
  const user = context.byUser;
  const isNew = user !== null && !context.answered.includes(user);
  return {
    ...(acknowledgedBy && { acknowledgedBy }),
    ...(responders && { responders }),
    ...(isNew && { answered: [...context.answered, user] }),
  };
}

function paged(context: IncidentContext, event: EventOf<'page.requested'>): Change {
  const people = event.recipients.flatMap(({ user }) => (user === undefined ? [] : [user]));
  const times: TimesMs = { ...context.times, firstPagedAt: context.times.firstPagedAt ?? event.at };
  const told = {
    times,
    paged: withPaged(context.paged, event),
    held: withHeld(context.held, event),
    ...(event.purpose === 'fallback' && { isFallbackMissed: false }),
  };
  if (event.purpose === 'responder' || !samePosition(event.position, context.position)) return told;
  return {
    ...told,
    reachedInLoop: true,
    nextOpeningMs: null,
    repage: [],
    asked: [...new Set([...context.asked, ...people])],
  };
}

/** What is held back has told nobody yet. */
function withPaged(
  known: IncidentContext['paged'],
  { at, recipients }: EventOf<'page.requested'>,
): IncidentContext['paged'] {
  const due = recipients.flatMap(({ user, contacts }) =>
    user === undefined ? [] : [[user, at + Math.min(...contacts.map(({ afterMs }) => afterMs))] as const],
  );
  const sooner = due.filter(([user, dueAt]) => dueAt < (known[user] ?? Number.POSITIVE_INFINITY));
  return { ...known, ...Object.fromEntries(sooner) };
}

function withHeld(before: IncidentContext['held'], { recipients }: EventOf<'page.requested'>): IncidentContext['held'] {
  const isHeld = ({ contacts }: Recipient) => contacts.some(({ heldBy }) => heldBy !== undefined);
  const asked = new Set(recipients.map(({ user }) => user));
  const others = before.filter((user) => !asked.has(user));
  return [...others, ...recipients.flatMap((one) => (one.user !== undefined && isHeld(one) ? [one.user] : []))];
}

/** Of all the rungs that could not be asked, the one that opens soonest says how long we wait. */
function missed(context: IncidentContext, event: EventOf<'page.nobody'>): Change {
  if (event.purpose === 'fallback') return { isFallbackMissed: true };
  if (event.nextOpeningMs === undefined || !samePosition(event.position, context.position)) return {};
  return { nextOpeningMs: Math.min(event.nextOpeningMs, context.nextOpeningMs ?? Number.POSITIVE_INFINITY) };
}

function keptNotice({ seq, at, recipients }: EventOf<'notice.requested'>): KeptNotice {
  const delays = recipients.flatMap(({ contacts }) => contacts.map(({ afterMs }) => afterMs));
  return { seq, until: at + Math.max(0, ...delays), users: recipients.flatMap(({ user }) => user ?? []) };
}

function cleared(context: IncidentContext, id: string): Change {
  const alerts = { ...context.alerts, [id]: 'cleared' as const };
  return { alerts, isAllClear: Object.values(alerts).every((status) => status === 'cleared') };
}

function withAlert(context: IncidentContext, alert: AlertFacts): IncidentContext['alerts'] {
  return { ...context.alerts, [alert.id]: 'firing' };
}
