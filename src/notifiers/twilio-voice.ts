/**
 * Calls through Twilio: pages said on the phone, with the keys that answer them.
 *
 * A call is handed to Twilio and no more: whether anybody picked up, and what was pressed, comes back to your own addresses
 * (see interactions/twilio.ts). No error repeats the auth token.
 *
 * @see https://www.twilio.com/docs/voice/api/call-resource
 */
import type { Notifier } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { isLike, malformedOption } from './http/checked-options.ts';
import {
  ACCOUNT_OPTIONS,
  PHONE,
  readCallback,
  type TwilioAccountOptions,
  twilioAccount,
} from './http/twilio-account.ts';
import { callTwiml } from './twilio-voice/call-twiml.ts';

export type { TwilioAccountOptions } from './http/twilio-account.ts';

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

const VOICE_OPTIONS: readonly (keyof TwilioVoiceNotifierOptions)[] = [
  ...ACCOUNT_OPTIONS,
  'name',
  'from',
  'answerUrl',
  'voices',
];
const LANGUAGE = /^[a-z]{2,3}-[A-Z]{2}$/;
const VOICE = /^[A-Za-z][\w.-]{0,99}$/;

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
 * import { twilioVoiceNotifier } from 'tocsin/notifiers/twilio-voice';
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
  if (!isLike(PHONE, from)) throw malformedOption('from', 'a phone number such as +15550123');
  const call = {
    answerUrl: readCallback('answerUrl', options.answerUrl),
    voices: readVoices(options.voices ?? {}),
  };
  return {
    name,
    kind: 'voice',
    provider: () => account.origin,
    send: (message, sending) =>
      account.create('Calls', { From: from, Twiml: callTwiml(message, call) }, { message, sending }),
  };
}

function readVoices(voices: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.entries(voices).every(([language, voice]) => LANGUAGE.test(language) && isLike(VOICE, voice))) {
    return { ...voices };
  }
  throw malformedOption('voices', "names of Twilio's voices by language, such as { 'de-DE': 'Polly.Vicki' }");
}
