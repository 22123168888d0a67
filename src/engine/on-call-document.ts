/**
 * What is stored of a schedule: its overrides and swaps, in the order in which they were made, as one document.
 *
 * The shape only. Beside these documents each tenant has one that says which change was the latest: it is so small that
 * every decision reads it. A field that only a later version knows is kept.
 */
import * as z from 'zod';
import { actorSchema, idSchema } from '../model/identity.ts';
import type { DocumentKey } from '../ports/storage.ts';

/** The collection of what is stored of schedules. */
export const ON_CALL = 'on-call';

/** Names the document of a schedule. */
export const onCallKey = (schedule: string): DocumentKey => ({ collection: ON_CALL, id: schedule });

/** Names the document that every change of a tenant writes as well: two changes at once are never both stored. */
export const LATEST: DocumentKey = { collection: 'on-call-latest', id: 'latest' };

// The years that a schedule knows.
const at = z.number().min(Date.parse('0001-01-01T00:00:00Z')).max(Date.parse('9999-12-31T23:59:59Z'));

const stretch = {
  id: idSchema,
  fromAt: at,
  untilAt: at,
  layer: idSchema.optional(),
  createdAt: at,
  createdBy: actorSchema,
  cancelledAt: at.optional(),
  cancelledBy: actorSchema.optional(),
};

const changesSchema = z.looseObject({
  overrides: z.array(
    z.looseObject({
      ...stretch,
      kind: z.enum(['replace', 'add', 'remove']),
      user: idSchema,
      replaces: idSchema.optional(),
    }),
  ),
  swaps: z.array(z.looseObject({ ...stretch, give: idSchema, take: idSchema })),
});

/** The overrides and swaps of a schedule. */
export type OnCallChanges = z.infer<typeof changesSchema>;
/** An override as it is stored. */
export type OverrideRow = OnCallChanges['overrides'][number];
/** A swap as it is stored. */
export type SwapRow = OnCallChanges['swaps'][number];

/** Nothing was changed. */
export const NO_CHANGES: OnCallChanges = { overrides: [], swaps: [] };

/** What is stored, or `undefined` when this version cannot read it. */
export function readChanges(data: unknown): OnCallChanges | undefined {
  return changesSchema.safeParse(data).data;
}
