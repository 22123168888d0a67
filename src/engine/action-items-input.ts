/**
 * Action items as people ask for them, and how what cannot be done is refused.
 */
import * as z from 'zod';
import type { CompiledConfig } from '../core/config/compile.ts';
import { actionPriorities } from '../core/review/action-priorities.ts';
import { TocsinError } from '../errors.ts';
import { actionItemStatusSchema } from '../model/action-item.ts';
import { durationMs } from '../model/duration.ts';
import { idSchema } from '../model/identity.ts';
import type { ActionPriority } from '../model/review.ts';
import { knownUser, unknown } from './command-checks.ts';
import { by, line, moment, text } from './input-parts.ts';

const status = actionItemStatusSchema.exclude(['done', 'dropped']);

/** The input of each change of action items, and of their list. */
export const ACTION_ITEM_INPUTS = {
  add: z.strictObject({
    by,
    title: line,
    body: text.optional(),
    owner: idSchema.optional(),
    priority: idSchema.optional(),
    dueAt: moment.optional(),
  }),
  update: z.strictObject({
    by,
    title: line.optional(),
    body: text.nullable().optional(),
    owner: idSchema.nullable().optional(),
    priority: idSchema.nullable().optional(),
    dueAt: moment.nullable().optional(),
    status: status.optional(),
  }),
  complete: z.strictObject({ by }),
  drop: z.strictObject({ by, reason: text }),
  list: z.strictObject({
    as: idSchema.optional(),
    incident: idSchema.optional(),
    owner: idSchema.nullable().optional(),
    status: z.union([actionItemStatusSchema, z.array(actionItemStatusSchema).min(1)]).optional(),
    isOverdue: z.boolean().optional(),
    service: idSchema.optional(),
    limit: z.number().int().min(1).max(1_000).optional(),
    cursor: z.string().min(1).max(500).optional(),
  }),
} as const;

/** Refuses an owner whom neither the configuration nor the directory knows, and a priority that the configuration does not have. */
export function refuseUnknown(
  { owner, priority }: { readonly owner?: string | null | undefined; readonly priority?: string | null | undefined },
  config: CompiledConfig,
): void {
  if (typeof owner === 'string') knownUser(owner, config);
  if (typeof priority !== 'string' || priorityOf(priority, config) !== undefined) return;
  throw unknown(
    'priority',
    priority,
    actionPriorities(config.config).map(({ id }) => id),
  );
}

/** How long something of `priority` may take, in ms; `undefined` when it may take as long as it likes. */
export function dueWithinMs(priority: string | undefined, config: CompiledConfig): number | undefined {
  const within = priority === undefined ? undefined : priorityOf(priority, config)?.dueWithin;
  return within === undefined ? undefined : durationMs(within);
}

function priorityOf(priority: string, { config }: CompiledConfig): ActionPriority | undefined {
  return actionPriorities(config).find(({ id }) => id === priority);
}

/** There is no such action item. */
export function noActionItem(doing: string, id: unknown): TocsinError {
  return new TocsinError(
    'ACTION_ITEM_NOT_FOUND',
    `Cannot ${doing} action item ${String(id).slice(0, 200)}: this tenant has none of that id.`,
    { details: { actionItem: id } },
  );
}
