/**
 * Topics: which message takes the place of another that a push service still keeps for a browser that is away.
 *
 * Pure. Only a page of an incident takes the place of an earlier page of the same incident, and only one that is as urgent
 * and asks the same: somebody whose browser comes back is asked once and not ten times. A notice never takes the place of a
 * page, nor a page that of another incident. Every other message has a topic of its own, so that an attempt that is made
 * twice arrives once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8030#section-5.4
 */
import { createHash } from 'node:crypto';
import type { Message, MessagePurpose } from '../../model/message.ts';

const PAGES: readonly MessagePurpose[] = ['step', 'fallback', 'reminder', 'handoff'];
/** The most that the header may hold: 192 bits of the hash, which tells nothing of what it was made of. */
const LENGTH = 32;

/** The `Topic` of a message: 32 characters of base64url. A push service looks at it within one subscription only. */
export function topicOf(message: Message, idempotencyKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify(namesOf(message, idempotencyKey)))
    .digest('base64url')
    .slice(0, LENGTH);
}

function namesOf({ tenant, incidentId, purpose, urgency, actions, bundle }: Message, idempotencyKey: string) {
  const isPage = PAGES.includes(purpose) && actions.length > 0 && bundle === undefined;
  if (incidentId === undefined || !isPage) return ['message', idempotencyKey];
  return ['page', tenant, incidentId, urgency, ...actions.map(({ id }) => id)];
}
