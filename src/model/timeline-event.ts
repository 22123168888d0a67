/**
 * What every event of a timeline has: its number, its moment (epoch ms), and whoever did it.
 */
import * as z from 'zod';
import { actorSchema } from './identity.ts';

const base = { seq: z.number().int().min(1), at: z.number(), by: actorSchema };

/** An event called `type` with these fields beside what every event has. */
export const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...base, ...shape });
