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

/** Idle connections are closed before the usual receiver closes them, so that none is used while it ends. */
const IDLE_MS = 4_000;
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * A function like `fetch` that reaches only addresses which are allowed, over http and https.
 *
 * It takes a URL, and of the options `method`, `headers`, `signal` and a `body` of text or bytes. Every answer resolves,
 * redirects too; none is unpacked. Cancelling the body of an answer that has not come to its end closes the connection.
 *
 * @throws TocsinError NOTIFY_FAILED, permanent, when the host is, or resolves to, an address that is not allowed; what
 * the network or the signal said otherwise.
 */
export function guardedFetch(options: GuardedFetchOptions = {}): typeof globalThis.fetch {
  const guard: Guard = { lookup: allAddresses, isAllowed: isPublicAddress, ...options };
  // Kept connections are checked ones: each was made through the guard of this function.
  const kept = { keepAlive: true, timeout: IDLE_MS };
  const plain = new HttpAgent(kept);
  const secure = new HttpsAgent(kept);
  return async (input, { method = 'GET', headers, body = '', signal } = {}) => {
    const url = new URL(String(input));
    signal?.throwIfAborted();
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
      throw new TypeError('A guarded fetch sends text and bytes only.');
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isName = isIP(host) === 0;
    // No name is looked up for a host that is an address already.
    if (!isName && !guard.isAllowed(host)) throw refusal(url);
    const isSecure = url.protocol === 'https:';
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      (isSecure ? httpsRequest : httpRequest)(url, {
        method,
        agent: isSecure ? secure : plain,
        lookup: checkedLookup(url, guard),
        // Whose certificate is asked for, whatever a `host` header says; addresses are not asked for by name.
        servername: isName ? host : '',
        headers: Object.fromEntries(new Headers(headers)),
        ...(signal && { signal }),
      })
        .on('error', (error) => reject(signal?.aborted ? signal.reason : error))
        .on('response', resolve)
        // Without a response: the other side would speak something else, and whoever does not listen for that hangs up.
        .on('close', () => reject(new Error(`${url.origin} gave no answer.`)))
        .end(body);
    });
    return responseOf(incoming);
  };
}

/**
 * What a notifier sends through when others write its addresses: the host's own `fetch` when there is one, else a guarded
 * one, which only `true` lets into private networks.
 */
export function fetchFor(options: {
  readonly fetch?: typeof globalThis.fetch;
  readonly allowPrivateNetwork?: boolean;
}): typeof globalThis.fetch {
  return options.fetch ?? guardedFetch(options.allowPrivateNetwork === true ? { isAllowed: () => true } : {});
}

async function allAddresses(hostname: string): Promise<readonly ResolvedAddress[]> {
  return await resolveByDns(hostname, { all: true });
}

/** Says the origin and not the address behind it: what a name means inside is nobody else's business. */
function refusal({ origin }: URL): Error {
  return notifyError(
    `Cannot deliver to ${origin}: it leads to a private address. Give the contact a public address; the options of the notifier say how to reach others.`,
    { permanent: true },
  );
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
  const { statusCode: status = 0, headersDistinct } = incoming;
  const headers = Object.entries(headersDistinct).map(([name, values]): [string, string] => [name, String(values)]);
  try {
    if (!WITHOUT_BODY.includes(status)) return new Response(streamOf(incoming), { status, headers });
    incoming.resume();
    return new Response(null, { status, headers });
  } catch (error) {
    // A status that is none.
    incoming.destroy();
    throw error;
  }
}

function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        if (!incoming.complete) incoming.destroy();
        // An answer that is all here already leaves a connection that the next request can use.
        else while (!(await chunks.next()).done);
      },
    },
    { highWaterMark: 0 },
  );
}
