/**
 * An Opsgenie of our own: a local server that answers as the documentation of its alert API says, and tells of what happened
 * in webhooks.
 *
 * It keeps its alerts in memory. It never pages anybody.
 *
 * @see https://docs.opsgenie.com/docs/alert-api
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An alert as this Opsgenie keeps it. */
export type PlatformAlert = {
  readonly id: string;
  readonly tinyId: string;
  readonly alias: string;
  readonly createdAt: number;
  message: string;
  description: string;
  priority: string;
  source: string;
  entity: string;
  tags: readonly string[];
  details: Readonly<Record<string, string>>;
  status: 'open' | 'closed';
  acknowledged: boolean;
  count: number;
  readonly notes: { note: string; owner: string }[];
};

export type OpsgeniePlatformOptions = {
  readonly apiKey: string;
  /** Is given the body of each webhook that it would send. */
  readonly onWebhook?: (body: string) => void;
  /** So many times it does not know a request yet that it has taken. Default: 0. */
  readonly looksUntilDone?: number;
  /** Its clock, epoch ms. Default: a second later with each webhook. */
  readonly now?: () => number;
};

type Fields = Readonly<Record<string, unknown>>;
type Answer = {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
};
type Who = { readonly type: 'api' | 'web'; readonly name: string; readonly source: string };

const LIMITS: Readonly<Record<string, number>> = {
  message: 130,
  alias: 512,
  description: 15_000,
  entity: 512,
  source: 100,
  user: 100,
  note: 25_000,
};
const ACTIONS: Readonly<Record<string, string>> = {
  acknowledge: 'Acknowledge',
  unacknowledge: 'UnAcknowledge',
  close: 'Close',
  notes: 'AddNote',
  priority: 'UpdatePriority',
  message: 'UpdateMessage',
};

/** Starts one on a free port. */
export async function opsgeniePlatform({ apiKey, onWebhook, looksUntilDone = 0, now }: OpsgeniePlatformOptions) {
  const alerts: PlatformAlert[] = [];
  const asked: { readonly method: string; readonly path: string; readonly body: string }[] = [];
  const requests = new Map<string, { looks: number; done: object | undefined; run: () => object }>();
  let overruling: Answer | 'hangs' | undefined;
  let clock = Date.UTC(2026, 0, 5, 9);

  const server = createServer(async (request, response) => {
    const body = await text(request);
    const url = new URL(request.url ?? '', 'http://opsgenie');
    asked.push({ method: request.method ?? '', path: url.pathname + url.search, body });
    if (overruling === 'hangs') return;
    const isKnown = request.headers.authorization === `GenieKey ${apiKey}`;
    const answer =
      overruling ?? (isKnown ? answerTo(request.method ?? '', url, body) : refusal(422, 'Key format is not valid!'));
    response
      .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      .end(JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function answerTo(method: string, url: URL, body: string): Answer {
    const [, , , first = '', second] = url.pathname.split('/').map(decodeURIComponent);
    if (method === 'GET' && first === 'count') return { status: 200, body: { data: { count: alerts.length } } };
    if (method === 'GET' && first === 'requests') return statusOf(second ?? '');
    if (method === 'GET') return shown(first, second, url.searchParams);
    const fields: Fields = JSON.parse(body);
    const problem = problemOf(fields);
    if (problem !== undefined) return refusal(422, problem);
    if (first === '') return create(fields);
    const action = ACTIONS[second ?? ''];
    if (action === undefined || (method === 'PUT') !== ['priority', 'message'].includes(second ?? '')) {
      return refusal(404, 'Could not find the requested resource');
    }
    return taken(() => {
      const alert = found(first, url.searchParams.get('identifierType') ?? 'id');
      if (alert === undefined) return outcome(action, undefined, 'Alert does not exist');
      return act(alert, second ?? '', fields, { type: 'api', name: String(fields.user ?? ''), source: alert.source });
    });
  }

  function create(fields: Fields): Answer {
    if (typeof fields.message !== 'string' || fields.message === '') return refusal(422, 'Message can not be empty.');
    return taken(() => {
      const alias = String(fields.alias ?? `generated-${alerts.length}`);
      const known = alerts.find((alert) => alert.alias === alias && alert.status === 'open');
      if (known !== undefined) {
        known.count += 1;
        return outcome('Create', known, 'Alert is deduplicated');
      }
      const alert: PlatformAlert = {
        id: `052652ac-5d1c-464a-812a-${String(alerts.length + 1).padStart(12, '0')}-${clock}`,
        tinyId: String(alerts.length + 1),
        alias,
        createdAt: clock,
        message: String(fields.message),
        description: String(fields.description ?? ''),
        priority: String(fields.priority ?? 'P3'),
        source: String(fields.source ?? ''),
        entity: String(fields.entity ?? ''),
        tags: (fields.tags ?? []) as string[],
        details: (fields.details ?? {}) as Record<string, string>,
        status: 'open',
        acknowledged: false,
        count: 1,
        notes: [],
      };
      alerts.push(alert);
      tell('Create', alert, { type: 'api', name: String(fields.user ?? ''), source: alert.source });
      return outcome('Create', alert, 'Created alert');
    });
  }

  function act(alert: PlatformAlert, what: string, fields: Fields, who: Who): object {
    const action = ACTIONS[what] ?? what;
    if (alert.status === 'closed' && what !== 'notes') return outcome(action, undefined, 'Alert does not exist');
    if (what === 'acknowledge' && alert.acknowledged) return outcome(action, alert, 'Alert is already acknowledged');
    if (what === 'acknowledge') alert.acknowledged = true;
    if (what === 'unacknowledge') alert.acknowledged = false;
    if (what === 'close') alert.status = 'closed';
    if (what === 'notes') alert.notes.unshift({ note: String(fields.note), owner: who.name });
    if (what === 'priority') alert.priority = String(fields.priority);
    if (what === 'message') alert.message = String(fields.message);
    tell(action, alert, who, fields.note === undefined ? {} : { note: fields.note });
    return outcome(action, alert, `${action} done`);
  }

  function taken(run: () => object): Answer {
    const requestId = `request-${requests.size + 1}`;
    const request = { looks: looksUntilDone, done: undefined as object | undefined, run };
    requests.set(requestId, request);
    if (looksUntilDone === 0) request.done = run();
    return { status: 202, body: { result: 'Request will be processed', took: 0.107, requestId } };
  }

  function statusOf(requestId: string): Answer {
    const request = requests.get(requestId);
    if (request === undefined) return refusal(404, 'Request not found. It might not be processed, yet.');
    if (request.looks > 0) {
      request.looks -= 1;
      return refusal(404, 'Request not found. It might not be processed, yet.');
    }
    request.done ??= request.run();
    return { status: 200, body: { data: request.done, took: 0.022, requestId } };
  }

  function shown(identifier: string, what: string | undefined, query: URLSearchParams): Answer {
    const alert = found(identifier, query.get('identifierType') ?? 'id');
    if (alert === undefined) return refusal(404, 'Alert not found.');
    if (what === 'notes')
      return { status: 200, body: { data: alert.notes.slice(0, Number(query.get('limit') ?? 20)) } };
    const { notes: _, ...data } = alert;
    return { status: 200, body: { data } };
  }

  /** An alias names the open alert, else the one that was closed last. */
  function found(identifier: string, type: string): PlatformAlert | undefined {
    if (type === 'id') return alerts.find(({ id }) => id === identifier);
    const named = alerts.filter(({ alias }) => alias === identifier);
    return named.find(({ status }) => status === 'open') ?? named.at(-1);
  }

  function tell(action: string, alert: PlatformAlert, who: Who, more: object = {}): void {
    clock = now?.() ?? clock + 1_000;
    const { id: alertId, alias, tinyId, message, entity, tags, createdAt, priority } = alert;
    const said = { alertId, alias, tinyId, message, entity, tags, createdAt, updatedAt: '@', priority };
    const told = {
      action,
      alert:
        action === 'Escalate' ? { alertId } : { ...said, source: who.source, username: who.name, userId: '', ...more },
      source: { name: who.type === 'api' ? 'API' : '', type: who.type },
      integrationId: '37c8f316-17c6-49d7-899b-9c7e540c048d',
      integrationName: 'Tocsin',
    };
    // Nanoseconds, which no number of JavaScript holds.
    onWebhook?.(JSON.stringify(told).replace('"updatedAt":"@"', `"updatedAt":${clock}001603`));
  }

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    alerts,
    asked,
    /** Answers everything so from now on, or as documented again. */
    overrule(answer: Answer | 'hangs' | undefined): void {
      overruling = answer;
    },
    /** Does what it has taken. */
    catchUp(): void {
      for (const request of requests.values()) request.done ??= request.run();
    },
    /** Lets a person do something in the web application. */
    person(
      username: string,
      what: 'acknowledge' | 'unacknowledge' | 'close' | 'notes' | 'Escalate',
      alias: string,
      note?: string,
    ) {
      const alert = found(alias, 'alias');
      if (alert === undefined) throw new Error(`There is no alert ${alias}.`);
      const who: Who = { type: 'web', name: username, source: username };
      if (what === 'Escalate') tell('Escalate', alert, who);
      else act(alert, what, note === undefined ? {} : { note }, who);
    },
    close(): void {
      server.close().closeAllConnections();
    },
  };
}

function outcome(action: string, alert: PlatformAlert | undefined, status: string): object {
  const isSuccess = alert !== undefined;
  return { success: isSuccess, isSuccess, action, status, alertId: alert?.id ?? '', alias: alert?.alias ?? '' };
}

function refusal(status: number, message: string): Answer {
  return { status, body: { message, took: 0.001, requestId: 'refused' } };
}

function problemOf(fields: Fields): string | undefined {
  for (const [name, max] of Object.entries(LIMITS)) {
    const value = fields[name];
    if (value !== undefined && (typeof value !== 'string' || value.length > max)) return `${name} exceeds ${max}`;
  }
  const tags = fields.tags ?? [];
  if (!Array.isArray(tags) || tags.length > 20 || tags.some((tag) => String(tag).length > 50))
    return 'tags exceed 20 x 50';
  const details = Object.entries(fields.details ?? {});
  if (details.some(([, value]) => typeof value !== 'string') || details.flat().join('').length > 8_000) {
    return 'details exceed 8000';
  }
  if (fields.priority !== undefined && !/^P[1-5]$/.test(String(fields.priority))) return 'priority is not known';
  return undefined;
}
