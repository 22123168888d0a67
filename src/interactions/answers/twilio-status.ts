/**
 * Twilio's status callbacks: what became of a text message or a call that it took.
 *
 * Pure. It tells only how something ended, never how far it is.
 *
 * @see https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 * @see https://www.twilio.com/docs/voice/api/call-resource#statuscallback
 */
import * as z from 'zod';
import { readForm, readText, refuse } from '../../callbacks/callback.ts';
import type { CallbackBody, CallbackOutcome } from '../../callbacks/request.ts';
import { boundedLine } from '../../core/text/bounded.ts';

/** What became of a message or a call, as `deliveries.reportReceipt` takes it. */
export type TwilioStatus = {
  /** Twilio's id of the message or the call: the `externalId` of what was sent. */
  readonly twilioId: string;
  /** A call that nobody picked up has failed, so that the next contact is used at once. */
  readonly status: 'delivered' | 'read' | 'failed';
  /** Twilio's word for the failure, its number and its text, as far as it gives them. */
  readonly error?: string;
};

const twilioId = z.string().regex(/^[A-Za-z0-9]{1,64}$/);
const reason = { ErrorCode: z.string().max(20).default(''), ErrorMessage: z.string().max(10_000).default('') };
const messageStatusSchema = z.object({ MessageSid: twilioId, MessageStatus: z.string(), ...reason });
const callStatusSchema = z.object({ CallSid: twilioId, CallStatus: z.string() });

const OUTCOMES: ReadonlyMap<string, TwilioStatus['status']> = new Map([
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['completed', 'delivered'],
  ...['undelivered', 'failed', 'canceled', 'busy', 'no-answer'].map((word) => [word, 'failed'] as const),
]);
const MAX_REASON = 200;

/**
 * What a verified status callback says: a text message that was delivered, read or not delivered, a call that was
 * answered or not. Give the answer to `tocsin.deliveries.reportReceipt`, with `twilioId` as `externalId`.
 *
 * A call that an answering machine took counts as answered. Refuses with `too-large`, `malformed`, `duplicate` or
 * `unsupported` (a state that says nothing yet, such as `sent` or `ringing`); never throws.
 *
 * @see https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 * @example
 * ```ts
 * import { parseTwilioStatus } from 'tocsin/interactions/twilio';
 * const outcome = parseTwilioStatus('CallSid=CA1&CallStatus=no-answer');
 * outcome.ok && [outcome.twilioId, outcome.status, outcome.error]; // => ['CA1', 'failed', 'no-answer']
 * ```
 */
export function parseTwilioStatus(body: CallbackBody): CallbackOutcome<TwilioStatus> {
  const read = readText(body);
  if (!read.ok) return read;
  const form = readForm(read.text);
  if (!form.ok) return form;
  const fields = Object.fromEntries(form.fields);
  if (form.fields.has('MessageStatus')) {
    const parsed = messageStatusSchema.safeParse(fields);
    if (!parsed.success) return refuse('malformed', 'The form is no status of a message.');
    const { MessageSid, MessageStatus, ErrorCode, ErrorMessage } = parsed.data;
    return statusOf(MessageSid, MessageStatus, [ErrorCode, ErrorMessage]);
  }
  if (!form.fields.has('CallStatus')) return refuse('unsupported', 'The form holds no status.');
  const parsed = callStatusSchema.safeParse(fields);
  if (!parsed.success) return refuse('malformed', 'The form is no status of a call.');
  return statusOf(parsed.data.CallSid, parsed.data.CallStatus, []);
}

function statusOf(id: string, word: string, reasons: readonly string[]): CallbackOutcome<TwilioStatus> {
  const status = OUTCOMES.get(word);
  if (status === undefined) return refuse('unsupported', 'The status says nothing of how it ended.');
  const error = boundedLine([word, ...reasons].join(' '), MAX_REASON);
  return { ok: true, twilioId: id, status, ...(status === 'failed' ? { error } : {}) };
}
