/**
 * A `fetch` for addresses that somebody else wrote: it connects to nothing but what it has checked.
 *
 * A name is resolved once for each connection, all that it resolves to is judged, and the connection goes to what was
 * judged: a name that changes its mind in between reaches nothing. It follows no redirect, uses no proxy, and never
 * holds more of an answer than its reader has asked for.
 */
import { lookup as resolveByDns } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { notifyError } from '../../ports/notifier.ts';
import { isPublicAddress } from './public-address.ts';

/** One address of a name. */
export type ResolvedAddress = { readonly address: string; readonly family: number };

/** What {@link guardedFetch} asks before it connects. */
export type GuardedFetchOptions = {
  /** All addresses of a name; rejects when it has none. Default: the resolver of the system. */
  readonly lookup?: (hostname: string) => Promise<readonly ResolvedAddress[]>;
  /** Whether an IP address may be reached. Default: {@link isPublicAddress}. */
  readonly isAllowed?: (address: string) => boolean;
};

type Guard = Required<GuardedFetchOptions>;
type Agents = { readonly http: HttpAgent; readonly https: HttpsAgent };

/** Idle connections are closed before the usual receiver closes them, so that none is used while it ends. */
const IDLE_MS = 4_000;
const DECIDED_HERE: readonly string[] = ['connection', 'expect', 'keep-alive', 'te', 'transfer-encoding', 'upgrade'];
const WITHOUT_BODY: readonly number[] = [204, 205, 304];
const LEAST_STATUS = 200;
const MOST_STATUS = 599;

/**
 * A function like `fetch` that reaches only addresses which are allowed, over http and https.
 *
 * It takes a URL, and of the options `method`, `headers`, `signal` and a `body` of text. Every answer resolves,
 * redirects too; a compressed body is declined, and its answer has an empty one. Cancelling the body of an answer that
 * has not come to its end closes the connection.
 *
 * @throws TocsinError NOTIFY_FAILED, permanent, when the host is, or resolves to, an address that is not allowed; what
 * the network or the signal said otherwise.
 */
export function guardedFetch(options: GuardedFetchOptions = {}): typeof globalThis.fetch {
  const guard: Guard = { lookup: allAddresses, isAllowed: isPublicAddress, ...options };
  // Kept connections are checked ones: each was made through the guard of this function.
  const agents: Agents = {
    http: new HttpAgent({ keepAlive: true, timeout: IDLE_MS }),
    https: new HttpsAgent({ keepAlive: true, timeout: IDLE_MS }),
  };
  return async (input, init = {}) => {
    if (input instanceof Request) throw new TypeError('A guarded fetch takes a URL, not a Request.');
    const url = new URL(input);
    init.signal?.throwIfAborted();
    checkLiteral(url, guard);
    return await ask(url, init, guard, agents);
  };
}

async function allAddresses(hostname: string): Promise<readonly ResolvedAddress[]> {
  return await resolveByDns(hostname, { all: true });
}

/** No name is looked up for a host that is an IP address already. */
function checkLiteral(url: URL, { isAllowed }: Guard): void {
  const host = hostOf(url);
  if (isIP(host) !== 0 && !isAllowed(host)) throw refusal(url);
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** Whose certificate is asked for, whatever a `host` header says; addresses are not asked for by name. */
function serverNameOf(url: URL): string {
  const host = hostOf(url);
  return isIP(host) === 0 ? host : '';
}

/** Says the origin and not the address behind it: what a name means inside is nobody else's business. */
function refusal({ origin }: URL): Error {
  return notifyError(
    `Cannot deliver to ${origin}: it leads to a private address. Give the contact a public address; the options of the notifier say how to reach others.`,
    { permanent: true },
  );
}

function ask(url: URL, { method, headers, body, signal }: RequestInit, guard: Guard, agents: Agents) {
  return new Promise<Response>((resolve, reject) => {
    const text = textOf(body);
    const isSecure = url.protocol === 'https:';
    const outgoing = (isSecure ? httpsRequest : httpRequest)(url, {
      method: method ?? 'GET',
      agent: isSecure ? agents.https : agents.http,
      lookup: checkedLookup(url, guard),
      servername: serverNameOf(url),
      headers: headersOf(headers, text),
      ...(signal ? { signal } : {}),
    });
    outgoing.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
    outgoing.on('response', (incoming) => {
      try {
        resolve(responseOf(incoming));
      } catch (error) {
        incoming.destroy();
        reject(error);
      }
    });
    outgoing.end(text);
  });
}

/** Those of the caller, but for the ones that say how this request is framed and its connection used. */
function headersOf(given: RequestInit['headers'], text: string): Record<string, string | number> {
  const headers = Object.fromEntries([...new Headers(given)].filter(([name]) => !DECIDED_HERE.includes(name)));
  return { ...headers, 'accept-encoding': 'identity', 'content-length': Buffer.byteLength(text) };
}

function textOf(body: RequestInit['body']): string {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';
  throw new TypeError('A guarded fetch sends text only.');
}

/** Resolves for the socket that is about to connect, and hands it only what was judged. */
function checkedLookup(url: URL, { lookup, isAllowed }: Guard): LookupFunction {
  return (hostname, { all }, callback) => {
    lookup(hostname).then(
      (found) => {
        const [first] = found;
        if (first === undefined) callback(new Error(`${url.origin} has no address.`), '', 0);
        else if (!found.every(({ address }) => isAllowed(address))) callback(refusal(url), '', 0);
        else if (all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}

function responseOf(incoming: IncomingMessage): Response {
  // Whoever reads the body hears of its end there; nobody has to.
  incoming.on('error', () => {});
  const status = incoming.statusCode ?? 0;
  if (status < LEAST_STATUS || status > MOST_STATUS) throw new TypeError(`The answer has the status ${status}.`);
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct))
    for (const value of values) headers.append(name, value);
  return new Response(bodyOf(incoming, status), { status, headers });
}

function bodyOf(incoming: IncomingMessage, status: number): ReadableStream<Uint8Array> | null {
  if (WITHOUT_BODY.includes(status)) {
    incoming.resume();
    return null;
  }
  if ((incoming.headers['content-encoding'] ?? 'identity') !== 'identity') {
    incoming.destroy();
    return null;
  }
  return streamOf(incoming);
}

function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator();
  let isRead = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        isRead = true;
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        // An answer that is all here already leaves a connection that the next request can use.
        if (incoming.complete && !isRead) incoming.resume();
        else incoming.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
