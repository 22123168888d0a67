/**
 * What people announce beside incidents: the state of a component by hand, and maintenance.
 *
 * The shapes, plain JSON. What they do to a picture is told in impact-timeline.ts.
 */
import * as z from 'zod';
import { actorSchema, idSchema } from '../../model/identity.ts';
import { audienceSchema, impactSchema, maintenanceStatusSchema } from '../../model/status.ts';

/**
 * The state of a component as somebody set it, instead of what follows from incidents and maintenance, from `from` (in)
 * to `until` (out, epoch ms; absent: until further notice). Of several the one that begins last counts, of those the last of the list.
 */
export const statusOverrideSchema = z.object({
  id: idSchema,
  component: idSchema,
  impact: impactSchema,
  from: z.number(),
  until: z.number().optional(),
  reason: z.string().optional(),
  by: actorSchema,
});

/** One text about a maintenance. */
export const maintenanceUpdateSchema = z.object({
  id: z.string(),
  at: z.number(),
  status: maintenanceStatusSchema,
  text: z.string(),
  audience: audienceSchema,
});

/** A maintenance that is announced on pages. Its title is read by everybody. */
export const publicMaintenanceSchema = z.object({
  id: idSchema,
  title: z.string(),
  components: z.array(idSchema),
  from: z.number(),
  until: z.number(),
  createdAt: z.number(),
  updatedAt: z.number().optional(),
  updates: z.array(maintenanceUpdateSchema),
  /** From then on it does not happen; what was until then stays. */
  cancelledAt: z.number().optional(),
});

/** The state of a component as somebody set it. */
export type StatusOverride = z.infer<typeof statusOverrideSchema>;
/** A maintenance that is announced on pages. */
export type PublicMaintenance = z.infer<typeof publicMaintenanceSchema>;
/** One text about a maintenance. */
export type MaintenanceUpdate = z.infer<typeof maintenanceUpdateSchema>;
