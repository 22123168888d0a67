/**
 * Input of the commands of a response: roles, responders, tasks, links, and what is written down beside them.
 *
 * The shape only; what a command names is looked up by whoever builds its event (see response-events.ts).
 */
import * as z from 'zod';
import { durationSchema } from '../model/duration.ts';
import { idSchema } from '../model/identity.ts';
import { roleIdSchema } from '../model/response.ts';
import { correctableTimeSchema } from '../model/response-events.ts';
import { linkKindSchema, relationSchema } from '../model/timeline.ts';
import { by, line, moment, reason } from './input-parts.ts';

/** How long from now, or when. */
const due = z.union([durationSchema, moment]);
const fieldInput = z.union([z.string().max(65_536), z.number(), z.boolean(), z.date(), z.array(z.string()).max(1_000)]);
const entry = z.number().int().min(1);

/** Moments of an incident as people know them. */
export const TIMES = z.partialRecord(correctableTimeSchema, moment);
/** Fields of an incident, by their ids. */
export const FIELDS = z.record(idSchema, fieldInput.nullable());

/** The input of each command of a response. */
export const RESPONSE_INPUTS = {
  assignRole: z.strictObject({ by, role: roleIdSchema, user: idSchema.nullable() }),
  addResponder: z.strictObject({ by, user: idSchema, message: line.optional() }),
  removeResponder: z.strictObject({ by, user: idSchema }),
  accept: z.strictObject({ by, user: idSchema.optional() }),
  decline: z.strictObject({ by, user: idSchema.optional(), reason }),
  addTask: z.strictObject({ by, title: line, assignee: idSchema.optional(), due: due.optional() }),
  updateTask: z.strictObject({
    by,
    task: idSchema,
    title: line.optional(),
    assignee: idSchema.nullable().optional(),
    due: due.nullable().optional(),
  }),
  completeTask: z.strictObject({ by, task: idSchema }),
  reopenTask: z.strictObject({ by, task: idSchema }),
  link: z.strictObject({
    by,
    href: z
      .url({ protocol: /^https?$/ })
      .max(4_096)
      .optional(),
    text: line.optional(),
    kind: linkKindSchema.optional(),
    incident: idSchema.optional(),
    relation: relationSchema.optional(),
  }),
  setFields: z.strictObject({ by, fields: FIELDS }),
  setSubStatus: z.strictObject({ by, subStatus: idSchema.nullable() }),
  pin: z.strictObject({ by, seq: entry }),
  unpin: z.strictObject({ by, seq: entry }),
  correctTimes: z.strictObject({ by, times: TIMES, reason }),
} as const;
