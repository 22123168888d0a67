/**
 * One guarded request: what every notifier over HTTP sends through, and how answers are judged.
 *
 * It follows no redirect, reads a bounded part of the answer, and never repeats more of an address than its origin:
 * paths, queries and credentials of webhooks are secrets.
 */
import { oneLine } from '../../core/text/clean.ts';
import { cutUnits } from '../../core/text/cut-units.ts';
import { isTocsinError } from '../../errors.ts';
import { type NotifyError, notifyError } from '../../ports/notifier.ts';
import { retryAfterMs } from '../../ports/retry-after.ts';

/** One attempt to ask, by POST unless `method` says otherwise. */
export type Post = {
  readonly address: string;
  /** Text or bytes, as they are. A GET has none. */
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch ms of this attempt. */
  readonly nowMs: number;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  /** Default: POST. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** What an answer may repeat and nobody may read, besides the address. */
  readonly secrets?: readonly string[];
  /** How many seconds an answer asks to wait in its text, if it does: believed before the header, within the same bounds. */
  readonly askedSeconds?: (answer: string) => number | undefined;
  /** A header by which an answer asks to wait when it has no `retry-after`: in seconds, within the same bounds. */
  readonly waitHeader?: string;
  /** Whether an answer of 2xx refuses all the same: for good (`true`), for now (`false`), or not at all (`undefined`). */
  readonly refusal?: (answer: string) => boolean | undefined;
};

/** What says which parts of a text are secret. */
type Telling = Pick<Post, 'address' | 'secrets'> & Partial<Pick<Post, 'headers'>>;

const MAX_ANSWER_BYTES = 1_024 * 1_024;
const MAX_ERROR_BYTES = 64 * 1_024;
const MAX_EXCERPT = 200;
const MIN_SECRET_LENGTH = 4;
const MIN_SEGMENT_LENGTH = 8;
const ACTION_TOKEN = /t1\.[\w.-]{8,}/g;
// Some say 420 when they are asked too often.
const RETRYABLE: readonly number[] = [408, 420, 421, 425, 429];

/**
 * Posts, and resolves when the receiver answered 2xx.
 *
 * @throws TocsinError NOTIFY_FAILED when it did not; `details.permanent` and `details.retryAfterMs` say what follows,
 * `details.status` what was answered.
 */
export async function postJson(post: Post): Promise<void> {
  const response = await request(post, webAddress(post.address));
  if (!response.ok) throw failure(post, response, await readAnswer(response));
  // The message was taken; how the connection ends changes nothing.
  await response.body?.cancel().catch(() => {});
}

/**
 * Posts, and returns what the receiver answered with its 2xx, at most 1 MiB of it: an answer may repeat all that was sent.
 *
 * @throws TocsinError NOTIFY_FAILED like {@link postJson}.
 */
export async function askJson(post: Post): Promise<string> {
  const response = await request(post, webAddress(post.address));
  const answer = await readAnswer(response);
  const isRefused = post.refusal?.(answer);
  if (!response.ok || isRefused !== undefined) throw failure(post, response, answer, isRefused);
  return answer;
}

/** The failure of a 2xx whose text is not what `provider` answers with: it is tried again, because somebody else may stand between. */
export function strangeAnswer(provider: string, answer: string, post: Telling): NotifyError {
  return notifyError(
    `Cannot deliver to ${new URL(post.address).origin}: its answer is not that of ${provider} (${excerptOf(answer, post)}). This is tried again.`,
  );
}

/** What the receiver said, in one short line without secrets: for an error. */
export function excerptOf(text: string, telling: Telling): string {
  // Many write a slash in JSON with a backslash.
  return cutUnits(withoutSecrets(oneLine(text).replaceAll('\\/', '/'), telling), MAX_EXCERPT);
}

/** The values of `headers`, and what of each follows its first word, such as `Bearer`. */
export function valuesOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(headers).flatMap((value) => [value, value.slice(value.indexOf(' ') + 1)]);
}

function failure(post: Post, { ok, status, headers }: Response, answer: string, isRefused = true): NotifyError {
  const permanent = ok ? isRefused : !RETRYABLE.includes(status) && status < 500;
  const excerpt = excerptOf(answer, post);
  const wait = permanent ? undefined : waitOf(post, answer, headers);
  return notifyError(
    `Cannot deliver to ${new URL(post.address).origin}: it answered ${status}${excerpt === '' ? '' : ` (${excerpt})`}. ${permanent ? 'Mend the address or the receiver.' : 'This is tried again.'}`,
    { permanent, status, ...(wait !== undefined && { retryAfterMs: wait }) },
  );
}

function waitOf({ askedSeconds, waitHeader, nowMs }: Post, answer: string, headers: Headers): number | undefined {
  const seconds = askedSeconds?.(answer);
  const said = seconds === undefined ? undefined : retryAfterMs(String(Math.ceil(seconds)), nowMs);
  return said ?? retryAfterMs(headers.get('retry-after') ?? headers.get(waitHeader ?? 'retry-after'), nowMs);
}

function webAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  const found = url === undefined ? 'no URL' : `an address of kind ${url.protocol.slice(0, 20)}`;
  throw notifyError(`Cannot deliver: the contact's address is ${found}. Give it a URL of http or https.`, {
    permanent: true,
  });
}

async function request(post: Post, url: URL): Promise<Response> {
  const { method = 'POST', body, headers, signal, fetch } = post;
  const target = new URL(url);
  target.username = '';
  target.password = '';
  try {
    return await fetch(target.href, {
      method,
      redirect: 'error',
      signal,
      ...(body !== undefined && { body }),
      headers: { 'content-type': 'application/json', ...headers, ...credentials(url) },
    });
  } catch (reason) {
    if (isTocsinError(reason, 'NOTIFY_FAILED')) throw reason;
    const what = signal.aborted ? 'there was no answer in time' : 'the request failed';
    throw notifyError(`Cannot deliver to ${url.origin}: ${what}. This is tried again.`, {
      cause: harmless(reason, post),
    });
  }
}

/** What is told of `reason`: its code and its message, which may name the whole address. */
function harmless(reason: unknown, post: Post): Error {
  const { message = reason, code, cause } = Object(reason);
  // The global `fetch` says why in the cause of its error.
  const found = code ?? Object(cause).code;
  return Object.assign(new Error(excerptOf(`${message}`, post)), found && { code: excerptOf(`${found}`, post) });
}

/** `https://user:password@host` as the header that it stands for; fetch refuses such addresses. */
function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`);
  return { authorization: `Basic ${pair.toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readAnswer({ ok, body }: Response): Promise<string> {
  const max = ok ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES;
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk.subarray(0, max - bytes), { stream: true });
      bytes += chunk.byteLength;
      if (bytes >= max) break;
    }
  } catch {
    // The status is what counts; an answer that breaks off explains as far as it came.
  }
  return text;
}

/** An answer may repeat what was asked: everything of the address but its origin is hidden, and who asks. */
function withoutSecrets(text: string, { address, secrets = [], headers }: Telling): string {
  const url = new URL(address);
  const { href, pathname, search, hash, username, password } = url;
  const { authorization = '', cookie = '' } = { ...headers, ...credentials(url) };
  const parts = [
    ...secrets,
    ...valuesOf({ authorization, cookie }),
    ...[href, pathname + search, search, pathname, hash, username, password],
    ...pathname.split('/').filter((part) => part.length >= MIN_SEGMENT_LENGTH),
    ...url.searchParams.values(),
  ];
  return (
    parts
      .flatMap((part) => [part, decoded(part)])
      .filter((part) => part.length >= MIN_SECRET_LENGTH)
      // The longest first: of one that begins with another nothing is left over.
      .sort((a, b) => b.length - a.length)
      .reduce((clean, part) => clean.replaceAll(part, '[hidden]'), text.replace(ACTION_TOKEN, '[hidden]'))
  );
}
