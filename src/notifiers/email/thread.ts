/**
 * Threads: the ids by which mail programs gather what is about one incident, and drop what arrived twice.
 *
 * Pure. Ids are digests: whatever an id of ours holds, it never adds a character to a header.
 *
 * @see RFC 5322 3.6.4
 */
import { createHash } from 'node:crypto';
import type { Message } from '../../model/message.ts';
import { headerKey } from '../http/header-key.ts';

/** The id of one mail, and the id that all mails about its incident refer to, when it is about one. */
export type Thread = { readonly messageId: string; readonly root?: string };

const DIGITS = 40;
const MAX_READABLE = 200;

/** The same key always gives the same `messageId`; the same incident always has the same `root`. */
export function threadOf({ tenant, incidentId }: Message, idempotencyKey: string, domain: string): Thread {
  const messageId = `<delivery.${digest([tenant, idempotencyKey])}@${domain}>`;
  if (incidentId === undefined) return { messageId };
  return { messageId, root: `<incident.${digest([tenant, incidentId])}@${domain}>` };
}

/** `id` for a header of its own, as it is when it can be read there. */
export function headerId(id: string): string {
  return id.length <= MAX_READABLE ? headerKey(id) : digest([id]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, DIGITS);
}
