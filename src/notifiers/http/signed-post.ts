/**
 * Signed posts: JSON to a receiver of webhooks, signed as Standard Webhooks when a secret is given.
 *
 * Whoever posts so reaches public addresses only unless told otherwise, and never lets a text become a header.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { refusedOption } from './checked-options.ts';
import { fetchFor } from './guarded-fetch.ts';
import { headerKey } from './header-key.ts';
import { type Post, valuesOf } from './post-json.ts';
import { readSecrets, signatureHeaders } from './standard-webhooks.ts';

/** How webhooks are posted. */
export type WebhookOptions = {
  /**
   * `whsec_` and at least 24 random bytes in base64: every request is then signed. While a new one is introduced, a list:
   * every request carries a signature of each, and a receiver takes it for any of them.
   */
  readonly secret?: string | readonly string[];
  /** Headers of every request, such as `authorization`. Those that say what the request is win. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether addresses of this machine and of private networks may be reached too. Default: `false`. Set it when all
   * who may write addresses may also reach what this process reaches.
   */
  readonly allowPrivateNetwork?: boolean;
  /**
   * Sends instead of the built-in client: through a proxy, or with a certificate of your own. It replaces the guard
   * against private addresses: where it connects to is then yours to check, and `allowPrivateNetwork` changes nothing.
   */
  readonly fetch?: typeof globalThis.fetch;
};

/** The names of {@link WebhookOptions}. */
export const WEBHOOK_OPTIONS: readonly (keyof WebhookOptions)[] = ['secret', 'headers', 'allowPrivateNetwork', 'fetch'];

/** One thing to post: its JSON, and the key that stays the same for life. */
export type Posting = Pick<Post, 'address' | 'nowMs' | 'signal'> & {
  readonly body: string;
  readonly idempotencyKey: string;
};

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FRAMING = 'connection content-length expect keep-alive te trailer transfer-encoding upgrade'.split(' ');
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

/**
 * Makes posts as the options say, with the key as `Idempotency-Key` and, with a secret, the headers of Standard Webhooks.
 *
 * @throws TocsinError INPUT_INVALID when the secret is malformed or shorter than 24 bytes, or a header cannot be sent.
 */
export function signedPosts(options: WebhookOptions): (posting: Posting) => Post {
  const { headers = {}, secret } = options;
  const fetch = fetchFor(options);
  const secrets = secret === undefined ? [] : readSecrets(secret);
  checkHeaders(headers);
  return ({ idempotencyKey, ...posting }) => {
    const { body, nowMs } = posting;
    const id = headerKey(idempotencyKey);
    return {
      ...posting,
      fetch,
      secrets: valuesOf(headers),
      headers: {
        ...lowerCased(headers),
        'idempotency-key': id,
        ...(secrets.length === 0 ? {} : signatureHeaders({ secrets, id, body, nowMs })),
      },
    };
  };
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const shown = JSON.stringify(name.slice(0, 80));
    if (!TOKEN.test(name) || !FIELD_VALUE.test(value)) {
      throw refusedOption('headers', `The header ${shown} cannot be sent: use ASCII without line breaks.`);
    }
    if (FRAMING.includes(name.toLowerCase())) {
      throw refusedOption(
        'headers',
        `The header ${shown} cannot be sent: it says how a request is framed. Leave it out.`,
      );
    }
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
