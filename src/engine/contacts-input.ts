/**
 * Contacts as people ask for them, and how what cannot be done is refused.
 *
 * Pure. No refusal ever repeats a code.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';
import { idSchema } from '../model/identity.ts';
import { contactSchema } from '../model/user.ts';
import type { ContactRow } from './contacts-document.ts';
import { by } from './input-parts.ts';

const whose = { user: idSchema, by };
const which = { ...whose, contact: idSchema };

/** The input of each change of contacts. */
export const CONTACT_INPUTS = {
  add: z.strictObject({ ...whose, ...contactSchema.shape }),
  verify: z.strictObject({ ...which, code: z.string().trim().min(1).max(32) }),
  resend: z.strictObject(which),
  remove: z.strictObject(which),
} as const;

/** What a change of contacts is made of. */
export type ContactInput<N extends keyof typeof CONTACT_INPUTS> = z.input<(typeof CONTACT_INPUTS)[N]>;

/** An input that cannot be used, because of the field `path`. */
export function refusal(
  doing: string,
  path: string,
  message: string,
  code: 'INPUT_INVALID' | 'REFERENCE_UNKNOWN' = 'INPUT_INVALID',
): TocsinError {
  return new TocsinError(code, `Cannot ${doing} a contact: ${path}: ${message}.`, {
    details: { command: `contacts.${doing}`, problems: [{ path, message }] },
  });
}

/** There is no such contact that was added. */
export function notThere(doing: string, user: string, contact: string): TocsinError {
  return new TocsinError(
    'CONTACT_NOT_FOUND',
    `Cannot ${doing} contact ${contact} of ${user}: they have added none of that id. What stands in the configuration is changed there.`,
    { details: { user, contact } },
  );
}

/** So many codes were `sent` within `withinMs`. */
export function tooMany(
  { user, id }: ContactRow,
  sent: readonly { readonly at: number }[],
  most: number,
  withinMs: number,
): TocsinError {
  const retryAt = new Date(Math.min(...sent.map(({ at }) => at)) + withinMs);
  return new TocsinError(
    'TOO_MANY_CODES',
    `Cannot send another code to contact ${id} of ${user}: ${most} were sent within an hour. Try again at ${retryAt.toISOString()}.`,
    { details: { user, contact: id, most, retryAt } },
  );
}
