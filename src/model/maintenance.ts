/**
 * Announced maintenance: what subscribers and status pages are told of planned work.
 *
 * The shape only; the window itself is in intake.ts, when it is told in the engine.
 */
import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { actorSchema, idSchema } from './identity.ts';
import { audienceSchema, maintenanceStatusSchema } from './status.ts';

/** What is told of a window. Moments are epoch ms. */
export const maintenanceAnnouncementSchema = z.strictObject({
  title: z.string().min(1).max(1_024),
  text: z.string().min(1).max(65_536),
  components: z.array(idSchema).max(1_000).default([]),
  remind: z
    .array(durationSchema)
    .max(5)
    .default([])
    .describe("How long before it begins it is told once more, such as ['24h', '1h']."),
  audience: audienceSchema.default('public'),
});

/** What was told since. */
export const maintenanceUpdateSchema = z.strictObject({
  id: idSchema,
  at: z.number(),
  by: actorSchema,
  text: z.string(),
  status: maintenanceStatusSchema,
});

/** What is told of a window. */
export type MaintenanceAnnouncement = z.infer<typeof maintenanceAnnouncementSchema>;
/** What was told since. */
export type MaintenanceUpdate = z.infer<typeof maintenanceUpdateSchema>;
