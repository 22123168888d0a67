/**
 * Twilio: its signed requests, the text messages and pressed keys in them, and what it is answered.
 *
 * Pure. A Twilio signature has no timestamp, so a request can be sent again: it never proves that a reply is new, and
 * the caller takes each `twilioId` as often as it means to. Verify first, then parse the text that was verified.
 *
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
import * as z from 'zod';
import { readContentType, readForm, readHeader, readText, refuse } from '../callbacks/callback.ts';
import { checkSecrets, isSignedByAny } from '../callbacks/mac.ts';
import type { CallbackBody, CallbackHeaders, CallbackOutcome, Secret } from '../callbacks/request.ts';
import { boundedText } from '../core/text/bounded.ts';
import { xmlText } from '../core/text/xml.ts';
import { type ReplyAnswer, replyAnswer } from './answers/reply-action.ts';

export type * from '../callbacks/request.ts';
export type { ReplyAction, ReplyAnswer } from './answers/reply-action.ts';
export { parseTwilioStatus, type TwilioStatus } from './answers/twilio-status.ts';

/** A POST that claims to come from Twilio. */
export type TwilioRequest = {
  /** The address exactly as Twilio was given it, with scheme, host and query: behind a proxy, the public one. */
  readonly url: string;
  readonly headers: CallbackHeaders;
  readonly body: CallbackBody;
  /** The auth tokens of the account: more than one while a new one is introduced. */
  readonly authTokens: readonly Secret[];
};

/** What somebody answered. */
export type TwilioReply =
  | ({
      readonly kind: 'text';
      /** The number that wrote, as Twilio writes it: `+420...`, `whatsapp:+420...`. */
      readonly phone: string;
      /** As it was sent, at most 1,600 characters; may be empty. */
      readonly text: string;
      /** Twilio's id of the message. */
      readonly twilioId: string;
    } & ReplyAnswer)
  | ({
      readonly kind: 'key';
      /** The number of the person on the phone: the called one when the call went out. */
      readonly phone: string;
      /** The keys that were pressed: `0` to `9`, `*` and `#`. */
      readonly digits: string;
      /** Twilio's id of the call: the `externalId` of what was sent. */
      readonly twilioId: string;
    } & ReplyAnswer);

/** How {@link twilioAnswer} answers. */
export type TwilioAnswerOptions = {
  /** Of the reply that is answered: a text message is answered by one, a pressed key by a voice. Default: `text`. */
  readonly kind?: TwilioReply['kind'];
  /** The language of the voice, as Twilio writes it. Default: `en-US`. */
  readonly language?: string;
};

const phone = z.string().regex(/^[^\s\p{C}]{1,200}$/u);
const twilioId = z.string().regex(/^[A-Za-z0-9]{1,64}$/);
const textSchema = z.object({ MessageSid: twilioId, From: phone, Body: z.string().max(1_600) });
const keySchema = z.object({
  CallSid: twilioId,
  From: phone,
  To: phone,
  Direction: z.string().max(50).default('inbound'),
  Digits: z.string().regex(/^[0-9*#]{1,50}$/),
});
const MAX_ANSWER = 1_600;
// Twilio's have 32: what is shorter was never issued.
const MIN_TOKEN_BYTES = 16;

/**
 * The body of a request, as text, when Twilio signed it for `url`.
 *
 * Refuses with `too-large`, `malformed`, `wrong-type`, `duplicate`, `unsigned` or `forged`.
 *
 * @throws TocsinError INPUT_INVALID when there is no auth token, or one shorter than 16 bytes.
 *
 * @example
 * ```ts
 * import { verifyTwilioRequest } from 'tocsin/interactions/twilio';
 * const outcome = verifyTwilioRequest({
 *   url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
 *   headers: {
 *     'content-type': 'application/x-www-form-urlencoded',
 *     'x-twilio-signature': 'OU1WNrv5EWwq8SZHNvRqJi4IiXk=',
 *   },
 *   body: 'Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE',
 *   authTokens: ['0123456789abcdef0123456789abcdef'],
 * });
 * outcome.ok; // => true
 * ```
 */
export function verifyTwilioRequest(request: TwilioRequest): CallbackOutcome<{ readonly text: string }> {
  const { url, headers, body, authTokens } = request;
  checkSecrets(authTokens, { name: 'authTokens', minBytes: MIN_TOKEN_BYTES });
  const read = readText(body);
  if (!read.ok) return read;
  const type = readContentType(headers, ['application/x-www-form-urlencoded']);
  if (!type.ok) return type;
  const signature = readHeader(headers, 'x-twilio-signature');
  if (!signature.ok) return signature;
  const form = readForm(read.text);
  if (!form.ok) return form;
  const message = `${url}${signedFields(form.fields)}`;
  return isSignedByAny(signature.value, authTokens, { algorithm: 'sha1', encoding: 'base64', message })
    ? read
    : refuse('forged', 'The signature does not fit the address, the body and any auth token.');
}

/**
 * What a verified body answers: a text message, or keys pressed during a call.
 *
 * Refuses with `too-large`, `malformed`, `duplicate` or `unsupported` (a call without keys, a status); never throws.
 *
 * @example
 * ```ts
 * import { parseTwilioReply } from 'tocsin/interactions/twilio';
 * const outcome = parseTwilioReply('MessageSid=SM1&From=%2B14158675309&Body=Ack');
 * outcome.ok && [outcome.phone, outcome.action]; // => ['+14158675309', 'acknowledge']
 * ```
 */
export function parseTwilioReply(body: CallbackBody): CallbackOutcome<TwilioReply> {
  const read = readText(body);
  if (!read.ok) return read;
  const form = readForm(read.text);
  if (!form.ok) return form;
  if (form.fields.has('Digits')) return readKey(form.fields);
  return form.fields.has('Body')
    ? readMessage(form.fields)
    : refuse('unsupported', 'The form holds neither a message nor a pressed key.');
}

/**
 * What to answer Twilio with, as TwiML with the content type `text/xml`: `text` (at most 1,600 UTF-16 code units of it) as
 * a text message, or spoken. An empty text says nothing.
 *
 * @see https://www.twilio.com/docs/messaging/twiml
 * @example
 * ```ts
 * import { twilioAnswer } from 'tocsin/interactions/twilio';
 * twilioAnswer('Taken & noted'); // => '<Response><Message>Taken &amp; noted</Message></Response>'
 * twilioAnswer('Übernommen.', { kind: 'key', language: 'de-DE' });
 * // => '<Response><Say language="de-DE">Übernommen.</Say></Response>'
 * ```
 */
export function twilioAnswer(text: string, options: TwilioAnswerOptions = {}): string {
  const { kind = 'text', language = 'en-US' } = options;
  const said = xmlText(boundedText(text, MAX_ANSWER).trim());
  if (said === '') return '<Response></Response>';
  return kind === 'text'
    ? `<Response><Message>${said}</Message></Response>`
    : `<Response><Say language="${xmlText(language)}">${said}</Say></Response>`;
}

function signedFields(fields: ReadonlyMap<string, string>): string {
  return [...fields.keys()]
    .sort()
    .map((name) => `${name}${fields.get(name)}`)
    .join('');
}

function readMessage(fields: ReadonlyMap<string, string>): CallbackOutcome<TwilioReply> {
  const parsed = textSchema.safeParse(Object.fromEntries(fields));
  if (!parsed.success) return refuse('malformed', 'The form is no text message.');
  const { MessageSid, From, Body } = parsed.data;
  // STOP, START and HELP, in whatever words they were set up, have been acted upon by Twilio.
  const answer = fields.has('OptOutType') ? {} : replyAnswer(Body);
  return { ok: true, kind: 'text', phone: From, text: Body, twilioId: MessageSid, ...answer };
}

function readKey(fields: ReadonlyMap<string, string>): CallbackOutcome<TwilioReply> {
  const parsed = keySchema.safeParse(Object.fromEntries(fields));
  if (!parsed.success) return refuse('malformed', 'The form is no pressed key of a call.');
  const { CallSid, From, To, Direction, Digits } = parsed.data;
  const person = Direction.startsWith('outbound') ? To : From;
  return { ok: true, kind: 'key', phone: person, digits: Digits, twilioId: CallSid, ...replyAnswer(Digits) };
}
