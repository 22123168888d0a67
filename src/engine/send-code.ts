/**
 * Sends a code to a contact: the message, and what is kept of it.
 *
 * It writes nothing itself. The code is in the message alone; how often one is sent is bounded for each contact and each person.
 */
import { fillText, textsFor } from '../core/paging/message-texts.ts';
import { personalDelivery } from '../core/paging/personal-delivery.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { User } from '../model/user.ts';
import { type DrawnCode, keptCode } from './contact-code.ts';
import type { ContactCodes, ContactRow } from './contacts-document.ts';
import { tooMany } from './contacts-input.ts';
import type { Engine } from './engine.ts';

const HOUR_MS = 3_600_000;
/** How long a code can be entered. */
const CODE_MS = 900_000;
/** How many codes are sent to one contact again, and to all of one person, within an hour. */
const MOST_AGAIN = 3;
const MOST_SENT = 10;
/** How long it has to be known what was sent. */
export const CODES_KEPT_MS = HOUR_MS + CODE_MS;

/** Which code goes to whom, and what is known of those before it. `again` unless the contact is new. */
export type Sending = {
  readonly codes: ContactCodes;
  readonly user: User | undefined;
  readonly row: ContactRow;
  readonly drawn: DrawnCode;
  readonly again: boolean;
  /** Epoch ms. */
  readonly now: number;
};

/**
 * The message with the code, and the codes of the person from then on.
 *
 * @throws TocsinError TOO_MANY_CODES when as many were sent within the hour as may be.
 */
export function sendCode(
  { words, ids }: Engine,
  tenant: string,
  { codes, user, row, drawn, again, now }: Sending,
): { readonly codes: ContactCodes; readonly deliveries: readonly StoredDelivery[] } {
  const sent = codes.sent.filter(({ at }) => at > now - HOUR_MS);
  const repeats = sent.filter((one) => one.contact === row.id && one.again);
  if (again && repeats.length >= MOST_AGAIN) throw tooMany(row, repeats, MOST_AGAIN, HOUR_MS);
  if (sent.length >= MOST_SENT) throw tooMany(row, sent, MOST_SENT, HOUR_MS);
  const { texts } = textsFor(user?.locale, words.texts);
  const delivery = personalDelivery({
    id: `verification:${ids()}`,
    tenant,
    purpose: 'verification',
    user: row.user,
    contact: { contact: row.id, notifier: row.notifier, address: row.address, afterMs: 0 },
    content: {
      topic: 'verification',
      title: fillText(texts.verificationTitle, { code: drawn.code }),
      body: texts.verificationBody,
    },
    at: now,
  });
  const kept = { ...keptCode(drawn, codeName(tenant, row)), expiresAt: now + CODE_MS, attempts: 0 };
  return {
    codes: { codes: { ...codes.codes, [row.id]: kept }, sent: [...sent, { contact: row.id, at: now, again }] },
    deliveries: [delivery],
  };
}

/** What the hash of a code is bound to. */
export function codeName(tenant: string, { user, id, address }: ContactRow): string {
  return JSON.stringify([tenant, user, id, address]);
}
