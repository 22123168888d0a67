/**
 * A guarded POST of bytes, as `fetch` would make it: for endpoints that somebody else wrote.
 *
 * It connects to nothing but what it has checked: a name is resolved once for each connection, and all that it resolves to
 * has to be allowed. It follows no redirect, uses no proxy, keeps no connection, and reads
 * no more of an answer than its first piece.
 */
import { lookup as resolveByDns } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { notifyError } from '../../ports/notifier.ts';
import { isPublicAddress } from '../http/public-address.ts';

type IsAllowed = (address: string) => boolean;

const FIRST_FAILURE = 400;
const LAST_STATUS = 599;

/**
 * A function like `fetch` that posts bytes to addresses which `isAllowed`, over http and https.
 *
 * @throws TocsinError NOTIFY_FAILED, permanent, when the host is, or resolves to, an address that is not allowed; what the
 * network or the signal said otherwise.
 */
export function guardedBytes(isAllowed: IsAllowed = isPublicAddress): typeof globalThis.fetch {
  return async (input, { headers, body, signal } = {}) => {
    if (input instanceof Request || !(body instanceof Uint8Array)) throw new TypeError('Give it a URL and bytes.');
    const url = new URL(input);
    signal?.throwIfAborted();
    // No name is looked up for a host that is an IP address already.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host)) throw refusal(url);
    return await post(url, body, {
      method: 'POST',
      agent: false,
      lookup: checkedLookup(url, isAllowed),
      headers: {
        ...Object.fromEntries(new Headers(headers)),
        'accept-encoding': 'identity',
        'content-length': body.length,
      },
      ...(signal ? { signal } : {}),
    });
  };
}

function post(url: URL, body: Uint8Array, options: Parameters<typeof httpsRequest>[1]): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const status = Math.min(incoming.statusCode ?? LAST_STATUS, LAST_STATUS);
      const headers = { 'retry-after': incoming.headers['retry-after'] ?? '' };
      const settle = (said?: Uint8Array<ArrayBuffer>) => {
        resolve(new Response(said ?? null, { status, headers }));
        incoming.destroy();
      };
      incoming.on('error', () => settle());
      // Only a failure has something to say, and says it in few words.
      if (status < FIRST_FAILURE) settle();
      else incoming.on('end', () => settle()).on('data', settle);
    });
    outgoing.end(body);
  });
}

/** Resolves for the socket that is about to connect, and hands it only what was judged. */
function checkedLookup(url: URL, isAllowed: IsAllowed): LookupFunction {
  return (hostname, { all }, callback) => {
    resolveByDns(hostname, { all: true }).then(
      (found) => {
        const [first] = found;
        if (first === undefined || !found.every(({ address }) => isAllowed(address))) callback(refusal(url), '', 0);
        else callback(null, all ? found : first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}

function refusal({ origin }: URL): Error {
  return notifyError(`Cannot deliver to ${origin}: it leads to a private address. Give the contact a public address.`, {
    permanent: true,
  });
}
