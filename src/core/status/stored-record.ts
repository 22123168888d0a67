/**
 * The status record: what status pages keep of one incident, beside its timeline and longer than it.
 *
 * Plain JSON and bounded. It holds internal texts as well, so it is never shown as it is (see picture.ts).
 */
import * as z from 'zod';
import { idSchema } from '../../model/identity.ts';
import { audienceSchema, impactSchema, publicStatusSchema } from '../../model/status.ts';
import { incidentKindSchema, visibilitySchema } from '../../model/timeline.ts';

const text = z.string();
const impacts = z.record(idSchema, impactSchema);

/** How far the incident was from a moment on; `ended` when it was dismissed or merged. */
export const recordPhaseSchema = z.object({
  at: z.number(),
  status: z.enum([...publicStatusSchema.options, 'ended']),
  /** Whether it has got worse after somebody had said that it was over: what was said before counts no more. */
  isAgain: z.literal(true).optional(),
});

/** What the incident did to components from a moment on, by the configuration of then; never `operational`. */
export const recordSpanSchema = z.object({ at: z.number(), impacts });

/** One text that was posted. */
export const recordUpdateSchema = z.object({
  /** `<incidentId>:<seq>` */
  id: text,
  seq: z.number(),
  at: z.number(),
  status: publicStatusSchema,
  /** Whether whoever posted it said the status; else it is that of the phase at the time. */
  isStatusSaid: z.boolean().optional(),
  text,
  audience: audienceSchema,
  title: text.optional(),
  /** What it set by hand. */
  components: impacts.optional(),
});

/** What status pages keep of one incident. Unknown fields of another version are left out. */
export const statusRecordSchema = z.object({
  incidentId: idSchema,
  /** How many events of the timeline are folded in: what is not newer is not folded again. */
  seq: z.number(),
  kind: incidentKindSchema,
  visibility: visibilitySchema,
  service: idSchema,
  severity: idSchema,
  openedAt: z.number(),
  /** For the people of the host only. */
  title: text,
  /** The title that the latest public update with one gave. */
  publicTitle: text.optional(),
  /** When the trouble began, if somebody said so: it then counts from there. */
  impactStartedAt: z.number().optional(),
  phases: z.array(recordPhaseSchema),
  spans: z.array(recordSpanSchema),
  updates: z.array(recordUpdateSchema),
  /** What updates have set by hand, until the next that says otherwise or the end. `operational` among it. */
  byHand: impacts,
  /** When the first public update was posted. */
  firstPublicAt: z.number().optional(),
  outcome: z.enum(['open', 'resolved', 'closed', 'dismissed', 'merged']),
  endedAt: z.number().optional(),
  mergedInto: idSchema.optional(),
  /** When the record may be forgotten; only of what has ended. */
  expiresAt: z.number().optional(),
  /** Whether the oldest phases, spans or updates were let go because there were too many. */
  isCut: z.boolean().optional(),
});

/** What status pages keep of one incident. Moments are epoch ms. */
export type StatusRecord = z.infer<typeof statusRecordSchema>;
/** One text that was posted. */
export type RecordUpdate = z.infer<typeof recordUpdateSchema>;
/** How far the incident was from a moment on. */
export type RecordPhase = z.infer<typeof recordPhaseSchema>;
/** What the incident did to components from a moment on. */
export type RecordSpan = z.infer<typeof recordSpanSchema>;

/**
 * The record in what storage returned; `undefined` when there is none that can be read.
 *
 * @example
 * ```ts
 * import { readStatusRecord } from 'tocsin/status';
 * readStatusRecord({ incidentId: 'i1' }); // => undefined
 * ```
 */
export function readStatusRecord(data: unknown): StatusRecord | undefined {
  const read = statusRecordSchema.safeParse(data);
  return read.success ? read.data : undefined;
}
