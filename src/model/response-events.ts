/**
 * The events of a response: roles, responders, tasks, and what is written down beside them.
 *
 * Instants are epoch ms, durations ms. What an earlier version did not write is optional, so that its timelines still read.
 */
import * as z from 'zod';
import { actorSchema, idSchema } from './identity.ts';
import { recipientReasonSchema } from './page.ts';
import { event } from './timeline-event.ts';

/** The moments that people may write down or correct: when it began to hurt, was noticed, was taken, eased and ended. */
export const correctableTimeSchema = z.enum([
  'impactStartedAt',
  'detectedAt',
  'acknowledgedAt',
  'mitigatedAt',
  'resolvedAt',
]);

/** What stands in a field of an incident; a date is epoch ms. */
export const fieldValueSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** Something to be done that the incident keeps track of. */
export const taskSchema = z.strictObject({
  id: idSchema,
  title: z.string(),
  body: z.string().optional(),
  assignee: idSchema.optional(),
  /** Whoever has this role does it, unless it has an assignee. */
  role: z.string().optional(),
  status: z.enum(['open', 'done']),
  dueAt: z.number().optional(),
  createdAt: z.number().optional(),
  createdBy: actorSchema.optional(),
  completedAt: z.number().optional(),
  completedBy: actorSchema.optional(),
  /** The checklist that it is an item of. */
  checklist: z.strictObject({ id: idSchema, name: z.string(), item: idSchema }).optional(),
});

const reason = z.string().optional();
const role = z.string();

/** The events of a response: who leads it, what is to be done, and what is written down of it. */
export const responseEvents = [
  event('response.planned', {
    /** The roles that are required from now on, and how often it is said that nobody has them. */
    roles: z.array(z.strictObject({ role, remindMs: z.number(), fillBy: z.literal('firstAcknowledger').optional() })),
    /** Who has got a role by that: with the schedule that named them, or because they had acknowledged. */
    filled: z.array(
      z.strictObject({
        role,
        user: idSchema,
        reason: recipientReasonSchema.optional(),
        because: z.literal('firstAcknowledger').optional(),
      }),
    ),
    tasks: z.array(taskSchema),
    /** The fields that are to be filled in. */
    fields: z.array(idSchema).optional(),
    /** The roles and the fields that another severity asked for, and this one does not. */
    releasedRoles: z.array(role).optional(),
    releasedFields: z.array(idSchema).optional(),
  }),
  event('role.assigned', {
    role,
    user: idSchema.nullable(),
    /** Who had it before. */
    previous: idSchema.nullable().optional(),
    /** Why nobody in particular did it. */
    because: z.enum(['firstAcknowledger', 'declined']).optional(),
  }),
  event('role.vacant', { roles: z.array(role) }),
  event('responder.requested', { user: idSchema, message: z.string().optional() }),
  event('responder.accepted', { user: idSchema }),
  event('responder.declined', { user: idSchema, reason }),
  event('responder.removed', { user: idSchema }),
  event('task.added', { task: taskSchema }),
  event('task.updated', {
    task: idSchema,
    title: z.string().optional(),
    /** `null` takes it away. */
    assignee: idSchema.nullable().optional(),
    dueAt: z.number().nullable().optional(),
  }),
  event('task.completed', { task: idSchema }),
  event('task.reopened', { task: idSchema }),
  event('task.due', { tasks: z.array(idSchema) }),
  /** `null` empties a field. */
  event('fields.set', { fields: z.record(idSchema, fieldValueSchema.nullable()) }),
  event('subStatus.set', { subStatus: idSchema.nullable() }),
  event('entry.pinned', { entry: z.number().int().min(1) }),
  event('entry.unpinned', { entry: z.number().int().min(1) }),
  event('times.corrected', {
    times: z.partialRecord(correctableTimeSchema, z.strictObject({ from: z.number().optional(), to: z.number() })),
    reason,
  }),
] as const;

/** Something to be done that the incident keeps track of. */
export type Task = z.infer<typeof taskSchema>;
/** A moment that people may write down or correct. */
export type CorrectableTime = z.infer<typeof correctableTimeSchema>;
/** What stands in a field of an incident. */
export type FieldValue = z.infer<typeof fieldValueSchema>;
