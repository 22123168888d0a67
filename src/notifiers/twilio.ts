/**
 * Twilio: pages by text message and by phone, with the keys that answer.
 *
 * A message is handed to Twilio and no more: whether it arrived, and what was answered, comes back to your own addresses
 * (see interactions/twilio.ts). No error repeats the auth token.
 *
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 * @see https://www.twilio.com/docs/voice/api/call-resource
 */
import type { Notifier } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import {
  ACCOUNT_OPTIONS,
  checkedCallback,
  checkedSid,
  isLike,
  malformed,
  PHONE,
  type TwilioAccountOptions,
  twilioAccount,
} from './twilio/account.ts';
import { callTwiml } from './twilio/call-twiml.ts';
import { smsBody } from './twilio/sms-body.ts';

export type { TwilioAccountOptions } from './twilio/account.ts';

/** How {@link twilioSmsNotifier} sends: from one sender, either `from` or `messagingServiceSid`. */
export type TwilioSmsNotifierOptions = TwilioAccountOptions & {
  /** The name that contacts refer to. Default: `sms`. */
  readonly name?: string;
  /** A phone number (`+15550123`), a short code, or a name of at most 11 letters and digits, which nobody can answer. */
  readonly from?: string;
  /** `MG` and 32 hexadecimal digits: the messaging service that chooses the sender. */
  readonly messagingServiceSid?: string;
};

/** How {@link twilioVoiceNotifier} calls. */
export type TwilioVoiceNotifierOptions = TwilioAccountOptions & {
  /** The name that contacts refer to. Default: `voice`. */
  readonly name?: string;
  /** The phone number that calls: one of the account, or one that Twilio has verified. */
  readonly from: string;
  /** Who Twilio asks what follows when a key is pressed: https, or http to this machine. Without it no key is offered. */
  readonly answerUrl?: string;
  /** Voices by language, such as `{ 'de-DE': 'Polly.Vicki' }`. Default: the one that Twilio has for the language. */
  readonly voices?: Readonly<Record<string, string>>;
};

const SMS_OPTIONS: readonly (keyof TwilioSmsNotifierOptions)[] = [
  ...ACCOUNT_OPTIONS,
  'name',
  'from',
  'messagingServiceSid',
];
const VOICE_OPTIONS: readonly (keyof TwilioVoiceNotifierOptions)[] = [
  ...ACCOUNT_OPTIONS,
  'name',
  'from',
  'answerUrl',
  'voices',
];
const SENDER = /^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/;
const LANGUAGE = /^[a-z]{2,3}-[A-Z]{2}$/;
const VOICE = /^[A-Za-z][\w.-]{0,99}$/;

/**
 * A notifier that sends text messages through Twilio. The address of a contact is a phone number such as `+15550100`.
 *
 * A message is at most three segments: the title, its lines, and the keys that answer it, `1=Acknowledge 3=Escalate
 * (4711)`. `externalId` is Twilio's id of the message. 408, 425, 429 and 5xx (`Retry-After` between 1 s and 15 min is
 * honoured) and network failures are tried again; any other answer, and an address that is no phone number, is permanent.
 * Experimental.
 *
 * @throws TocsinError INPUT_INVALID when an id, a token or an address is malformed, there is not exactly one sender, or an
 * option is not known.
 * @example
 * ```ts
 * import { twilioSmsNotifier } from 'tocsin/notifiers/twilio';
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

/**
 * A notifier that calls through Twilio and says the message twice. The address of a contact is a phone number such as
 * `+15550100`.
 *
 * With an `answerUrl` each action is offered under its key, and Twilio posts the key that is pressed to it. `externalId` is
 * Twilio's id of the call: that it was taken says nothing of whether anybody picked up (see `statusCallback`). What fails
 * is judged like a text message. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when an id, a token, a number, an address or a voice is malformed, or an option is not
 * known.
 * @see https://www.twilio.com/docs/voice/twiml/say
 * @example
 * ```ts
 * import { twilioVoiceNotifier } from 'tocsin/notifiers/twilio';
 * const notifier = twilioVoiceNotifier({
 *   accountSid: `AC${'0'.repeat(32)}`,
 *   authToken: 'process.env.TWILIO_AUTH_TOKEN',
 *   from: '+15550123',
 *   answerUrl: 'https://ops.example/twilio/keys',
 * });
 * notifier.kind; // => 'voice'
 * ```
 */
export function twilioVoiceNotifier(options: TwilioVoiceNotifierOptions): Notifier {
  refuseUnknownOptions('make a Twilio notifier of calls', options, VOICE_OPTIONS);
  const { name = 'voice', from } = options;
  const account = twilioAccount(options);
  if (!isLike(PHONE, from)) throw malformed('from', 'a phone number such as +15550123');
  const call = {
    answerUrl: checkedCallback('answerUrl', options.answerUrl),
    voices: checkedVoices(options.voices ?? {}),
  };
  return {
    name,
    kind: 'voice',
    provider: () => account.origin,
    send: (message, sending) =>
      account.create('Calls', { From: from, Twiml: callTwiml(message, call) }, { message, sending }),
  };
}

function senderOf({ from, messagingServiceSid }: TwilioSmsNotifierOptions): Readonly<Record<string, string>> {
  if (messagingServiceSid === undefined && isLike(SENDER, from)) return { From: from };
  if (from === undefined && messagingServiceSid !== undefined) {
    return { MessagingServiceSid: checkedSid('messagingServiceSid', messagingServiceSid, 'MG') };
  }
  throw malformed(
    'from',
    'a phone number, a short code, or a name of at most 11 letters and digits; or left out beside a `messagingServiceSid`',
  );
}

function checkedVoices(voices: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.entries(voices).every(([language, voice]) => LANGUAGE.test(language) && isLike(VOICE, voice))) {
    return { ...voices };
  }
  throw malformed('voices', "names of Twilio's voices by language, such as { 'de-DE': 'Polly.Vicki' }");
}
