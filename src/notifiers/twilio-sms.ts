/**
 * Text messages through Twilio: pages with the keys that answer them.
 *
 * A message is handed to Twilio and no more: whether it arrived, and what was answered, comes back to your own addresses
 * (see interactions/twilio.ts). No error repeats the auth token.
 *
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 */
import type { Notifier } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { isLike, malformedOption } from './http/checked-options.ts';
import { ACCOUNT_OPTIONS, readSid, type TwilioAccountOptions, twilioAccount } from './http/twilio-account.ts';
import { smsBody } from './twilio-sms/sms-body.ts';

export type { TwilioAccountOptions } from './http/twilio-account.ts';

/** How {@link twilioSmsNotifier} sends: from one sender, either `from` or `messagingServiceSid`. */
export type TwilioSmsNotifierOptions = TwilioAccountOptions & {
  /** The name that contacts refer to. Default: `sms`. */
  readonly name?: string;
  /** A phone number (`+15550123`), a short code, or a name of at most 11 letters and digits, which nobody can answer. */
  readonly from?: string;
  /** `MG` and 32 hexadecimal digits: the messaging service that chooses the sender. */
  readonly messagingServiceSid?: string;
};

const SMS_OPTIONS: readonly (keyof TwilioSmsNotifierOptions)[] = [
  ...ACCOUNT_OPTIONS,
  'name',
  'from',
  'messagingServiceSid',
];
const SENDER = /^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/;

/**
 * A notifier that sends text messages through Twilio. The address of a contact is a phone number such as `+15550100`.
 *
 * A message is at most three segments: the title, its lines, and the keys that answer it, `1=Acknowledge 3=Escalate
 * (4711)`. `externalId` is Twilio's id of the message. 408, 421, 425, 429 and 5xx (`Retry-After` between 1 s and 15 min is
 * honoured) and network failures are tried again; any other answer, and an address that is no phone number, is permanent.
 * Experimental.
 *
 * @throws TocsinError INPUT_INVALID when an id, a token or an address is malformed, there is not exactly one sender, or an
 * option is not known.
 * @example
 * ```ts
 * import { twilioSmsNotifier } from 'tocsin/notifiers/twilio-sms';
 * const notifier = twilioSmsNotifier({
 *   accountSid: `AC${'0'.repeat(32)}`,
 *   authToken: 'process.env.TWILIO_AUTH_TOKEN',
 *   from: '+15550123',
 * });
 * notifier.kind; // => 'sms'
 * ```
 */
export function twilioSmsNotifier(options: TwilioSmsNotifierOptions): Notifier {
  refuseUnknownOptions('make a Twilio notifier of text messages', options, SMS_OPTIONS);
  const { name = 'sms' } = options;
  const account = twilioAccount(options);
  const sender = senderOf(options);
  return {
    name,
    kind: 'sms',
    provider: () => account.origin,
    send: (message, sending) => account.create('Messages', { ...sender, Body: smsBody(message) }, { message, sending }),
  };
}

function senderOf({ from, messagingServiceSid }: TwilioSmsNotifierOptions): Readonly<Record<string, string>> {
  if (messagingServiceSid === undefined && isLike(SENDER, from)) return { From: from };
  if (from === undefined && messagingServiceSid !== undefined) {
    return { MessagingServiceSid: readSid('messagingServiceSid', messagingServiceSid, 'MG') };
  }
  throw malformedOption(
    'from',
    'a phone number, a short code, or a name of at most 11 letters and digits; or left out beside a `messagingServiceSid`',
  );
}
