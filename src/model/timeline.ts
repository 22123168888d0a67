/**
 * The timeline: the append-only list of past-tense events that an incident is.
 *
 * An event carries everything that a replay needs, so that no schedule, policy or clock is ever asked again.
 */
import * as z from 'zod';
import { ladderSchema } from './escalation.ts';
import { actorSchema, idSchema } from './identity.ts';
import { pagePurposeSchema, positionSchema, recipientSchema, turnSchema } from './page.ts';
import { correctableTimeSchema, responseEvents, taskSchema } from './response-events.ts';
import { audienceSchema, impactSchema, publicStatusSchema } from './status.ts';
import { event } from './timeline-event.ts';
import { updateDraftSchema } from './updates.ts';
import { urgencySchema } from './user.ts';

/** Who may see an incident. */
export const visibilitySchema = z.enum(['public', 'private']);

/** What an incident is for: only a real one counts in the numbers and on a public page. */
export const incidentKindSchema = z.enum(['real', 'test', 'drill', 'backfilled']);

/** What an incident keeps from the configuration that it started with. Milliseconds; `null` turns a timer off. */
export const carriedSettingsSchema = z.strictObject({
  holdMs: z.number(),
  clearForMs: z.number(),
  reopenWindowMs: z.number(),
  reminderMs: z.number(),
  updateEveryMs: z.number().nullable(),
  reviewWithinMs: z.number().nullable(),
});

/** An alert as the incident knows it when it opens or joins. */
export const alertFactsSchema = z.strictObject({ id: idSchema, severity: idSchema, title: z.string() });

/** What the other incident is to this one. */
export const relationSchema = z.enum(['relatedTo', 'causedBy', 'follows', 'parent', 'child']);

/** What is behind a link. */
export const linkKindSchema = z.enum(['warRoom', 'dashboard', 'ticket', 'runbook', 'other']);

/** A link, or another incident this one is related to. */
export const incidentLinkSchema = z.strictObject({
  href: z.string().optional(),
  text: z.string().optional(),
  incident: idSchema.optional(),
  relation: relationSchema.optional(),
  /** What is behind a web address. */
  kind: linkKindSchema.optional(),
  /** What another platform calls this incident, and the mirror by which it does. */
  external: z.strictObject({ platform: z.string(), id: z.string(), mirror: idSchema }).optional(),
});

/** What people are told of an incident beside pages: what has become of it. */
export const noticeTopicSchema = z.enum([
  'monitoring',
  'acknowledged',
  'resolved',
  'dismissed',
  'reopened',
  'severity',
  'role',
  'roleVacant',
  'task',
  'declined',
  'updateDue',
  'reviewDue',
]);

const reason = z.string().optional();
/** How long urgency stays low because support hours have not begun; absent or `null` when the clock does not raise it. */
const urgencyRisesInMs = z.number().nullable().optional();

/** Every event that can stand in a timeline. */
export const timelineEventSchema = z.discriminatedUnion('type', [
  // phase
  event('incident.opened', {
    incidentId: idSchema,
    title: z.string(),
    body: z.string().optional(),
    service: idSchema,
    routeKey: z.string().optional(),
    severity: idSchema,
    urgency: urgencySchema,
    urgencyRisesInMs,
    visibility: visibilitySchema,
    /** Absent: real. */
    kind: incidentKindSchema.optional(),
    /** What is known of when it all happened, of an incident that is written down later. */
    times: z.partialRecord(correctableTimeSchema, z.number()).optional(),
    impact: z.string().optional(),
    timePressure: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    alerts: z.array(alertFactsSchema),
    links: z.array(incidentLinkSchema),
    ladder: ladderSchema,
    settings: carriedSettingsSchema,
    configVersion: z.string(),
    explanation: z.unknown().optional(),
  }),
  event('incident.updated', {
    title: z.string().optional(),
    body: z.string().optional(),
    visibility: visibilitySchema.optional(),
    impact: z.string().optional(),
    timePressure: z.string().optional(),
  }),
  event('investigation.started', {}),
  event('cause.identified', { cause: z.string().optional() }),
  event('incident.mitigated', { reason }),
  event('incident.resolved', { reason }),
  event('incident.reopened', {
    reason,
    alert: alertFactsSchema.optional(),
    /** Of a level that follows support hours: its urgency now. */
    urgency: urgencySchema.optional(),
    urgencyRisesInMs,
  }),
  event('incident.closed', { reason }),
  event('incident.dismissed', { reason }),
  event('incident.merged', { into: idSchema }),
  event('incident.absorbed', {
    source: idSchema,
    alerts: z.array(alertFactsSchema.extend({ status: z.enum(['firing', 'acknowledged', 'cleared']) })),
    responders: z.array(idSchema),
    tasks: z.array(taskSchema),
  }),
  event('severity.changed', {
    severity: idSchema,
    urgency: urgencySchema,
    urgencyRisesInMs,
    direction: z.enum(['raised', 'lowered']),
    /** Whether a raise pages again although somebody acknowledged; absent: as the ladder says. */
    repage: z.boolean().optional(),
    updateEveryMs: z.number().nullable(),
    reviewWithinMs: z.number().nullable(),
    reason,
  }),
  ...responseEvents,
  event('note.added', { text: z.string() }),
  event('link.added', { link: incidentLinkSchema }),
  /** Who was paged without the storage, which was down, and when (epoch ms): it says so once that is back. */
  event('emergency.paged', { users: z.array(idSchema), notifier: idSchema, pagedAt: z.number() }),
  event('notice.requested', {
    topic: noticeTopicSchema,
    /** What of the incident it is about, where there are several: a role, or a person. */
    subject: z.string().optional(),
    recipients: z.array(recipientSchema),
  }),
  // alerts
  event('alert.joined', { alert: alertFactsSchema }),
  event('alert.acknowledged', { alert: idSchema }),
  event('alert.cleared', { alert: idSchema, reason }),
  // paging
  event('incident.acknowledged', {}),
  event('incident.unacknowledged', { reason: z.enum(['manual', 'timeout']) }),
  event('incident.snoozed', { forMs: z.number() }),
  event('incident.escalated', { step: z.number().int().min(1).optional() }),
  event('incident.reassigned', { ladder: ladderSchema, reason }),
  event('escalation.exhausted', { policyId: idSchema }),
  event('schedule.handedOff', { schedule: idSchema, teams: z.array(idSchema).optional() }),
  event('page.requested', {
    purpose: pagePurposeSchema,
    position: positionSchema,
    recipients: z.array(recipientSchema),
    /** Of a round-robin: whose turn it was. */
    turn: turnSchema.optional(),
    configVersion: z.string(),
    trace: z.unknown().optional(),
  }),
  /** One of several who each have to answer has answered. */
  event('page.acknowledged', {}),
  event('page.nobody', {
    purpose: pagePurposeSchema,
    position: positionSchema,
    reason: z.enum(['gated', 'nobody']),
    /** Channels that mirror the page all the same; they never count as reaching somebody. */
    recipients: z.array(recipientSchema).optional(),
    nextOpeningMs: z.number().optional(),
    trace: z.unknown().optional(),
  }),
  event('page.failed', {
    page: z.number().int(),
    purpose: pagePurposeSchema,
    position: positionSchema,
    errors: z.array(z.string()),
  }),
  // urgency
  event('urgency.raised', { reason }),
  // updates
  event('update.drafted', { draft: updateDraftSchema }),
  event('update.discarded', { draft: idSchema }),
  event('update.posted', {
    text: z.string(),
    audience: audienceSchema,
    /** What the public calls the incident from then on. */
    title: z.string().optional(),
    /** How far the incident is, in the words of the public; absent: as its phase says. */
    status: publicStatusSchema.optional(),
    /** What it does to components from then on, instead of what follows from its severity. */
    components: z.record(idSchema, impactSchema).optional(),
    /** The draft that it was, and who wrote it when somebody else approved it. */
    draft: idSchema.optional(),
    author: actorSchema.optional(),
  }),
  event('update.missed', {}),
  // review
  event('review.requested', {}),
  event('review.started', {}),
  event('review.submitted', {}),
  event('review.returned', { reason }),
  event('review.published', {}),
  event('review.waived', { reason }),
  event('review.missed', {}),
  // every region
  event('timer.fired', { kind: z.string() }),
]);

/** What people are told of an incident beside pages. */
export type NoticeTopic = z.infer<typeof noticeTopicSchema>;
/** One event of a timeline. */
export type TimelineEvent = z.infer<typeof timelineEventSchema>;
/** The name of an event of a timeline. */
export type TimelineEventType = TimelineEvent['type'];
/** The event of one name. */
export type EventOf<T extends TimelineEventType> = Extract<TimelineEvent, { type: T }>;
/** An event before it has its number and its time. */
export type EventDraft = { [T in TimelineEventType]: Omit<EventOf<T>, 'seq' | 'at' | 'by'> }[TimelineEventType];
/** What an incident keeps from the configuration that it started with. */
export type CarriedSettings = z.infer<typeof carriedSettingsSchema>;
/** An alert as the incident knows it. */
export type AlertFacts = z.infer<typeof alertFactsSchema>;
/** What is behind a link. */
export type LinkKind = z.infer<typeof linkKindSchema>;
/** A link of an incident. */
export type IncidentLink = z.infer<typeof incidentLinkSchema>;
/** What an incident is for. */
export type IncidentKind = z.infer<typeof incidentKindSchema>;
/** Who may see an incident. */
export type Visibility = z.infer<typeof visibilitySchema>;
