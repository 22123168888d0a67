/**
 * Calls: a message as what Twilio says on the phone, and the keys that it waits for.
 *
 * Pure. All of it is said twice, and the keys are always said: the rest is cut, never they. Nothing of a message becomes
 * a verb of TwiML.
 *
 * @see https://www.twilio.com/docs/voice/twiml/gather
 */
import { xmlText } from '../../core/text/xml.ts';
import type { Message } from '../../model/message.ts';
import { answerKeys } from '../http/answer-keys.ts';
import { textWithin } from '../http/text-within.ts';

/** How a call sounds and where its keys go. */
export type CallOptions = {
  /** Who is asked when a key is pressed. */
  readonly answerUrl: string | undefined;
  /** Voices by the language that they speak, such as `{ 'de-DE': 'Polly.Vicki' }`. */
  readonly voices: Readonly<Record<string, string>>;
};

// What Twilio speaks without a voice being named; of several for one language the first stands for the others.
const LANGUAGES =
  `en-US en-GB en-AU en-CA en-IN da-DK de-DE ca-ES es-ES es-MX fi-FI fr-FR fr-CA it-IT ja-JP ko-KR nb-NO nl-NL pl-PL
  pt-BR pt-PT ru-RU sv-SE zh-CN zh-HK zh-TW`.split(/\s+/);
const MAX_TWIML = 4_000;
/** In UTF-16 code units of text: about a minute. */
const MAX_SPOKEN = 800;
/** What one unit of text takes at most: `&quot;`, twice. */
const MOST_PER_UNIT = 12;
const ENDED = /[.!?:;,…。！？]$/u;
const DIGIT = /\d(?=\d)/g;

/** The TwiML of a call about `message`, in at most 4,000 characters. */
export function callTwiml(message: Message, { answerUrl, voices }: CallOptions): string {
  const language = spokenLanguage(message.locale, Object.keys(voices));
  const keys = answerUrl === undefined ? [] : answerKeys(message);
  const asking = keys.map(({ key, label }) => `${label}: ${key}`);
  const say = sayer(language, voices[language]);
  const ask = keys.length === 0 ? say : (text: string) => gathered(say(text), answerUrl ?? '');
  return textWithin(
    { ...readable(message), body: undefined, links: [], actions: [] },
    { max: MAX_SPOKEN, write: (part) => twice(ask(sentences([...part.split('\n').map(spoken), ...asking]))), sizeOf },
  );
}

/** The language of Twilio for `locale`: the same, another of that language, or `en-US`. */
export function spokenLanguage(locale: string, voiced: readonly string[] = []): string {
  const known = [...voiced, ...LANGUAGES];
  const { language, region } = likely(locale);
  const spoken = language === 'no' ? 'nb' : language;
  return (
    known.find((tag) => tag === `${spoken}-${region}`) ?? known.find((tag) => tag.startsWith(`${spoken}-`)) ?? 'en-US'
  );
}

function likely(locale: string): { readonly language: string; readonly region?: string | undefined } {
  try {
    return new Intl.Locale(locale).maximize();
  } catch {
    return { language: 'en' };
  }
}

/** A code is read digit by digit. */
function readable(message: Message): Message {
  return message.purpose === 'verification' ? { ...message, title: message.title.replace(DIGIT, '$& ') } : message;
}

/** A line as it is said: without the marks that are for the eye. */
function spoken(line: string): string {
  return line.replace(/^- /, '').replaceAll(' · ', ', ');
}

/** What asks {@link textWithin} for less as long as it is too long, and never for much too little. */
function sizeOf(twiml: string): number {
  const excess = twiml.length - MAX_TWIML;
  return excess <= 0 ? 0 : MAX_SPOKEN + Math.ceil((excess * 2) / MOST_PER_UNIT);
}

function sentences(lines: readonly string[]): string {
  return lines
    .filter((line) => line !== '')
    .map((line) => (ENDED.test(line) ? line : `${line}.`))
    .join(' ');
}

function sayer(language: string, voice: string | undefined): (text: string) => string {
  const attributes = `${voice === undefined ? '' : ` voice="${xmlText(voice)}"`} language="${xmlText(language)}"`;
  return (text) => `<Say${attributes}>${xmlText(text)}</Say>`;
}

/** `say`, during and after which one key can be pressed; when none is, what stands behind it follows. */
function gathered(say: string, answerUrl: string): string {
  const attributes = `input="dtmf" numDigits="1" timeout="10" method="POST" action="${xmlText(answerUrl)}"`;
  return `<Gather ${attributes}>${say}</Gather>`;
}

function twice(verb: string): string {
  return `<Response>${verb}${verb}</Response>`;
}
