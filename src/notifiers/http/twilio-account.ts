/**
 * Accounts: whose account of Twilio is used, and one request to it.
 *
 * It checks what it is given before anybody is paged, and no error repeats a token or a secret.
 *
 * @see https://www.twilio.com/docs/usage/requests-to-twilio
 */
import type { Message } from '../../model/message.ts';
import { notifyError, type SendOptions, type SendResult } from '../../ports/notifier.ts';
import { isLike, malformedOption, readBaseUrl } from './checked-options.ts';
import { headerKey } from './header-key.ts';
import { fieldOf } from './json-answer.ts';
import { askJson, strangeAnswer } from './post-json.ts';

/** Whose account is used, and how it is reached: either `authToken`, or `apiKey` with `apiSecret`. */
export type TwilioAccountOptions = {
  /** `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  /** The auth token of the account. */
  readonly authToken?: string;
  /** `SK` and 32 hexadecimal digits: a key that can be revoked by itself. */
  readonly apiKey?: string;
  /** The secret of `apiKey`. */
  readonly apiSecret?: string;
  /** Where Twilio tells what became of each message: https, or http to this machine. A query is kept. */
  readonly statusCallback?: string;
  /** Where the API is, such as the one of another region. Default: `https://api.twilio.com`. */
  readonly baseUrl?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
};

/** An account that was checked. */
export type TwilioAccount = {
  /** Scheme, host and port of the API. */
  readonly origin: string;
  /** Creates one of `resource` for the number that `message` goes to; answers what Twilio calls it. */
  create(
    resource: 'Messages' | 'Calls',
    form: Readonly<Record<string, string | undefined>>,
    attempt: { readonly message: Message; readonly sending: SendOptions },
  ): Promise<SendResult>;
};

/** The options of every account, by name. */
export const ACCOUNT_OPTIONS: readonly (keyof TwilioAccountOptions)[] = [
  'accountSid',
  'authToken',
  'apiKey',
  'apiSecret',
  'statusCallback',
  'baseUrl',
  'fetch',
];

/** A phone number as E.164 writes it. */
export const PHONE = /^\+[1-9]\d{6,14}$/;

const VISIBLE = /^[\x21-\x7e]+$/;
const SECRET = /^[\x21-\x7e]{16,256}$/;
const SID = /^[A-Za-z0-9]{1,64}$/;
const THIS_MACHINE: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const MAX_URL = 800;
const NOWHERE = { protocol: '', hostname: '', username: '', password: '' };

/**
 * The account in `options`.
 *
 * @throws TocsinError INPUT_INVALID when one of them is malformed.
 */
export function twilioAccount(options: TwilioAccountOptions): TwilioAccount {
  const { fetch = globalThis.fetch } = options;
  const account = readSid('accountSid', options.accountSid, 'AC');
  const { user = account, password } = credentialsOf(options);
  const base = readBaseUrl(options.baseUrl ?? 'https://api.twilio.com');
  const statusCallback = readCallback('statusCallback', options.statusCallback);
  const pair = Buffer.from(`${user}:${password}`).toString('base64');
  const { origin } = new URL(base);
  return {
    origin,
    async create(resource, form, { message, sending: { idempotencyKey, signal } }) {
      const post = {
        address: `${base}/2010-04-01/Accounts/${account}/${resource}.json`,
        body: encoded({ To: phoneOf(message), ...form, StatusCallback: statusCallback }),
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          authorization: `Basic ${pair}`,
          'i-twilio-idempotency-token': headerKey(idempotencyKey),
        },
        nowMs: message.sentAt,
        signal,
        fetch,
        secrets: [password],
      };
      const answer = await askJson(post);
      const sid = fieldOf(answer, ['sid']);
      if (isLike(SID, sid)) return { externalId: sid };
      throw strangeAnswer('Twilio', answer, post);
    },
  };
}

/**
 * `url`, unchanged, when it is an address that Twilio may be given to call: https, or http to this machine, without
 * credentials.
 *
 * @throws TocsinError INPUT_INVALID when it is none, or longer than 800 characters as XML.
 */
export function readCallback(option: string, url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const { protocol, hostname, username, password } = isLike(VISIBLE, url) && URL.canParse(url) ? new URL(url) : NOWHERE;
  const isReachable = protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.includes(hostname));
  // Twilio signs the address as it was given: it stays as it is written.
  if (isReachable && username + password === '' && xmlLength(url) <= MAX_URL) return url;
  throw malformedOption(
    option,
    `an absolute https address (http to this machine only) without credentials, of at most ${MAX_URL} characters as XML`,
  );
}

/** At least the length of what XML makes of visible ASCII. */
function xmlLength(url: string): number {
  return url.replaceAll('&', '&amp;').replace(/[<>"']/g, '&quot;').length;
}

/**
 * `sid` as one of Twilio's ids that begin with `prefix`.
 *
 * @throws TocsinError INPUT_INVALID when it is none.
 */
export function readSid(option: string, sid: unknown, prefix: string): string {
  if (isLike(new RegExp(`^${prefix}[0-9a-f]{32}$`, 'i'), sid)) return sid;
  throw malformedOption(option, `${prefix} and 32 hexadecimal digits`);
}

function credentialsOf({ authToken, apiKey, apiSecret }: TwilioAccountOptions) {
  const isByKey = apiKey !== undefined || apiSecret !== undefined;
  if (isByKey && authToken !== undefined) throw malformedOption('authToken', 'left out beside an `apiKey`');
  return isByKey
    ? { user: readSid('apiKey', apiKey, 'SK'), password: readSecret('apiSecret', apiSecret) }
    : { password: readSecret('authToken', authToken) };
}

function readSecret(option: string, secret: unknown): string {
  if (isLike(SECRET, secret)) return secret;
  throw malformedOption(option, '16 visible ASCII characters or more, as Twilio shows it');
}

function encoded(form: Readonly<Record<string, string | undefined>>): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) if (value !== undefined) fields.set(name, value);
  return fields.toString();
}

function phoneOf({ to: { address } }: Message): string {
  if (PHONE.test(address)) return address;
  throw notifyError(
    "Cannot deliver through Twilio: the contact's address is no phone number. Write it with + and the country, such as +15550100.",
    { permanent: true },
  );
}
