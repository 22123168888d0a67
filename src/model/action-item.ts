/**
 * Action items: tasks that outlive their incident.
 *
 * Instants are epoch ms where they are stored, dates where hosts see them.
 */
import * as z from 'zod';
import type { Dated } from './dated.ts';
import { actorSchema, idSchema } from './identity.ts';
import { visibilitySchema } from './timeline.ts';

/** How far an action item is. Dropped: decided not to do it, for a reason. */
export const actionItemStatusSchema = z.enum(['open', 'inProgress', 'done', 'dropped']);

/** An action item as it is stored. */
export const storedActionItemSchema = z.strictObject({
  format: z.literal(1),
  id: idSchema,
  incidentId: idSchema,
  service: idSchema,
  visibility: visibilitySchema,
  title: z.string(),
  body: z.string().optional(),
  /** Absent: nobody has it yet. */
  owner: idSchema.optional(),
  priority: idSchema.optional(),
  dueAt: z.number().optional(),
  status: actionItemStatusSchema,
  /** Why it was dropped. */
  reason: z.string().optional(),
  createdAt: z.number(),
  createdBy: actorSchema,
  closedAt: z.number().optional(),
  closedBy: actorSchema.optional(),
  /** What the issue tracker calls it. */
  external: z.strictObject({ tracker: idSchema, id: z.string(), url: z.string().optional() }).optional(),
  /** How often its owner was told that it is overdue. */
  reminded: z.int().min(0),
  /** When somebody is next reminded of it. */
  remindAt: z.number().optional(),
  /** The latest change that the issue tracker has to hear of: the version of this document with it. */
  exports: z.int().min(1).optional(),
});

/** How far an action item is. */
export type ActionItemStatus = z.infer<typeof actionItemStatusSchema>;
/** An action item as it is stored. */
export type StoredActionItem = z.infer<typeof storedActionItemSchema>;

/** An action item as hosts see it. */
export type ActionItem = Dated<
  Omit<StoredActionItem, 'format' | 'reminded' | 'remindAt' | 'exports'>,
  'dueAt' | 'createdAt' | 'closedAt'
> & {
  /** Grows with every change. */
  readonly version: number;
  readonly isOverdue: boolean;
};
