/**
 * Identity: the shape of ids, and who did something.
 *
 * Ids are printable and bounded, so that they can stand in a log line, a URL or a database key as they are.
 */
import * as z from 'zod';

/** An id chosen by the host: letters, digits and `._:@/+-`, at most 200 characters. */
export const idSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\p{L}\p{N}._:@/+-]+$/u, 'expected letters, digits or ._:@/+- only')
  .refine((id) => id !== '__proto__' && id !== 'constructor' && id !== 'prototype', { error: 'this id is reserved' });

/** Who acted: a person, a monitoring source, or Tocsin itself. */
export const actorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), id: idSchema }),
  z.strictObject({ kind: z.literal('source'), id: z.string().min(1).max(200) }),
  z.strictObject({ kind: z.literal('system') }),
]);

/** Who acted: a person, a monitoring source, or Tocsin itself. */
export type Actor = z.infer<typeof actorSchema>;

/** The actor of everything that happens by itself. */
export const SYSTEM: Actor = { kind: 'system' };

/** An actor for people: `ana`, `alertmanager`, `tocsin`. */
export function actorName(actor: Actor): string {
  return actor.kind === 'system' ? 'tocsin' : actor.id;
}
