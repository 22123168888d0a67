/**
 * A PagerDuty for tests: a real HTTP server that behaves as its documentation says, and sends signed V3 webhooks back.
 *
 * It takes events as the Events API v2 does, finds incidents and keeps notes as the REST API does, and lets people act. It
 * never forgives a header or a field that PagerDuty would not.
 *
 * @see https://developer.pagerduty.com/docs/events-api-v2/overview/
 * @see https://developer.pagerduty.com/docs/webhooks/v3-overview/
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AccountOptions, platformAccount } from './pagerduty/account.ts';
import { validEvent } from './pagerduty/events.ts';

/** How the server answers from now on. */
export type PlatformAnswer = 'takes' | 'fails' | 'refuses' | 'busy' | 'hangs';

/** How the server is set up; `onWebhook` is called before the request that caused the webhook is answered. */
export type PlatformOptions = AccountOptions & {
  /** The services, by their routing keys. */
  readonly routingKeys: Readonly<Record<string, string>>;
  /** The token of the REST API. */
  readonly token?: string;
  /** Whether events take effect only at `settle`, as they do some time after the 202. */
  readonly isLate?: boolean;
};

type Answer = {
  readonly status: number;
  readonly json: object;
  readonly headers?: Readonly<Record<string, string>>;
};

const BUSY_SECONDS = 30;
const MAX_EVENT_BYTES = 512 * 1_024;
const MEDIA_TYPE = 'application/vnd.pagerduty+json;version=2';

/** A running PagerDuty with nothing in it. */
export async function pagerDutyServer(options: PlatformOptions) {
  const { routingKeys, token = '', isLate = false } = options;
  const account = platformAccount(options);
  const changes: string[] = [];
  const requests: string[] = [];
  const waiting: (() => void)[] = [];
  let how: PlatformAnswer = 'takes';
  let hears = (_body: string): void => {};

  const server = createServer(async (request, response) => {
    const body = await text(request);
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '', 'http://localhost');
    const isEvent = url.pathname.startsWith('/v2/');
    if (isEvent) hears(body);
    if (how === 'hangs') return;
    const { status, json, headers } = isEvent ? answerEvent(url.pathname, body) : answerRest(request, url, body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function answerEvent(path: string, body: string): Answer {
    if (how === 'fails') return { status: 500, json: { status: 'error', message: `no luck with ${body}` } };
    if (how === 'refuses') return invalidEvent(`cannot use ${body}`);
    if (how === 'busy') {
      const headers = { 'retry-after': String(BUSY_SECONDS) };
      return { status: 429, headers, json: { status: 'throttle exceeded', message: 'Too many requests' } };
    }
    if (Buffer.byteLength(body) > MAX_EVENT_BYTES) return { status: 413, json: { message: 'Payload too large' } };
    const event = validEvent(path, body);
    if (typeof event === 'string') return invalidEvent(event);
    const service = routingKeys[event.routing_key];
    if (service === undefined) return invalidEvent('Invalid routing key');
    const key = event.dedup_key ?? `generated-${requests.length}`;
    waiting.push(() => {
      if (path === '/v2/enqueue') account.apply(event, key, service);
      else changes.push(event.payload?.summary ?? '');
    });
    if (!isLate) settle();
    return { status: 202, json: { status: 'success', message: 'Event processed', dedup_key: key } };
  }

  function answerRest({ method, headers }: IncomingMessage, url: URL, body: string): Answer {
    if (how === 'fails') return failed(500, 2000, `An internal error has occurred with ${token}`);
    if (how === 'busy') {
      const said = { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': String(BUSY_SECONDS) };
      return { ...failed(429, 2020, 'Rate Limit Exceeded'), headers: said };
    }
    if (headers.authorization !== `Token token=${token}`) return failed(401, 2006, 'Authentication failed');
    if (headers.accept !== MEDIA_TYPE) return failed(400, 2001, 'Invalid Input Provided');
    if (method === 'GET' && url.pathname === '/incidents') return listed(url.searchParams);
    const id = /^\/incidents\/([A-Z0-9]+)\/notes$/.exec(url.pathname)?.[1];
    const incident = account.incidents.find((one) => one.id === id);
    if (incident === undefined) return failed(404, 2100, 'Not Found');
    if (method === 'GET') return { status: 200, json: { notes: incident.notes.map((content) => ({ content })) } };
    if (!/^[^@\s]+@[^@\s]+$/.test(headers.from ?? '')) return failed(400, 1008, 'Requester User Not Found');
    const content = (JSON.parse(body) as { note?: { content?: unknown } }).note?.content;
    if (typeof content !== 'string' || content === '') return failed(400, 2001, 'Invalid Input Provided');
    account.annotate(incident, content);
    return { status: 201, json: { note: { id: `PNOTE${incident.notes.length}`, content } } };
  }

  function listed(query: URLSearchParams): Answer {
    const statuses = query.getAll('statuses[]');
    const found = account.incidents.filter(
      ({ key, status }) => key === query.get('incident_key') && (statuses.length === 0 || statuses.includes(status)),
    );
    const sorted = query.get('sort_by') === 'created_at:desc' ? found.toReversed() : found;
    const limit = Number(query.get('limit') ?? 25);
    const incidents = sorted.slice(0, limit).map((incident) => account.shown(incident));
    return { status: 200, json: { incidents, limit, offset: 0, more: found.length > limit, total: null } };
  }

  /** What was taken takes effect. */
  function settle(): void {
    for (const apply of waiting.splice(0)) apply();
  }

  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    /** Where both APIs are. */
    urls: { eventsUrl: origin, restUrl: origin },
    incidents: account.incidents,
    paged: account.paged,
    act: account.act,
    /** The summaries of the change events. */
    changes,
    /** What was asked, as `POST /v2/enqueue`. */
    requests,
    busyMs: BUSY_SECONDS * 1_000,
    settle,
    answer(given: PlatformAnswer): void {
      how = given;
    },
    /** Calls `heard` with the body of each event, before it is answered. */
    onEvent(heard: (body: string) => void): void {
      hears = heard;
    },
    close(): void {
      server.close().closeAllConnections();
    },
  };
}

function invalidEvent(problem: string): Answer {
  return { status: 400, json: { status: 'invalid event', message: 'Event object is invalid', errors: [problem] } };
}

function failed(status: number, code: number, message: string): Answer {
  return { status, json: { error: { message, code } } };
}
