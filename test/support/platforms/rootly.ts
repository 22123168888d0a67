/**
 * A Rootly of our own: a local server that answers as the documentation of its API says, and tells of what happened in signed
 * webhooks.
 *
 * It keeps its alerts and incidents in memory. It never asks anybody.
 *
 * @see https://docs.rootly.com/api-reference/overview
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Fields = Record<string, unknown>;

/** An alert or an incident as this Rootly keeps it. */
export type PlatformRecord = {
  readonly id: string;
  readonly type: 'alerts' | 'incidents';
  readonly attributes: Fields;
  readonly events: Fields[];
  /** How often it was created anew while it was open. */
  repeats: number;
};

export type RootlyPlatformOptions = {
  readonly token: string;
  /** Signs the webhooks. */
  readonly secret?: string;
  /** Is given each webhook that it would send. */
  readonly onWebhook?: (webhook: { readonly headers: Record<string, string>; readonly body: string }) => void;
  /** Its clock, epoch ms. Default: a second later with each time it is looked at. */
  readonly now?: () => number;
};

type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };
type Kind = 'alerts' | 'incidents';

const MEDIA_TYPE = 'application/vnd.api+json';
const STATUSES = ['in_triage', 'started', 'detected', 'acknowledged', 'mitigated', 'resolved', 'closed', 'cancelled'];
const TARGETS = ['Group', 'Service', 'EscalationPolicy', 'User'];
const CHANGEABLE = {
  alerts: ['summary', 'description', 'alert_urgency_id', 'external_url', 'labels'],
  incidents: ['title', 'summary', 'status', 'severity_id', 'labels'],
};

/** Starts one on a free port. */
export async function rootlyPlatform({ token, secret = 'made-up', onWebhook, now }: RootlyPlatformOptions) {
  let told = 0;
  const records: PlatformRecord[] = [];
  const asked: { readonly method: string; readonly path: string; readonly body: string }[] = [];
  let overruling: Answer | 'hangs' | undefined;
  let clock = Date.UTC(2026, 0, 5, 9);

  const server = createServer(async (request, response) => {
    const { method = '', headers } = request;
    const body = await text(request);
    const url = new URL(request.url ?? '', 'http://rootly');
    asked.push({ method, path: url.pathname + url.search, body });
    if (overruling === 'hangs') return;
    const answer =
      overruling ??
      (allowed(headers.authorization) ? answerTo(method, url, body, headers) : refusal(401, 'Unauthorized'));
    response
      .writeHead(answer.status, { 'content-type': MEDIA_TYPE, ...answer.headers })
      .end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const allowed = (authorization: string | undefined) => authorization === `Bearer ${token}`;

  function answerTo(method: string, url: URL, body: string, headers: Readonly<Record<string, unknown>>): Answer {
    const [, version, type, id, below] = url.pathname.split('/');
    if (version !== 'v1' || (type !== 'alerts' && type !== 'incidents')) return refusal(404, 'Not found');
    if (method !== 'GET' && headers['content-type'] !== MEDIA_TYPE) return refusal(415, 'Unsupported Media Type');
    if (id === undefined) return method === 'GET' ? listed(type, url.searchParams) : create(type, body);
    const record = records.find((known) => known.type === type && known.id === id);
    if (record === undefined) return refusal(404, 'Not found');
    if (method === 'GET')
      return below === 'events' ? { status: 200, body: { data: record.events.map(asEvent) } } : shown(record);
    if (method === 'POST' && below === 'events') return note(record, body);
    if (method === 'POST' && type === 'alerts' && below !== undefined) return act(record, below);
    const isChange = below === undefined && method === (type === 'alerts' ? 'PATCH' : 'PUT');
    return isChange ? change(record, attributesIn(body, type)) : refusal(404, 'Not found');
  }

  function listed(type: Kind, query: URLSearchParams): Answer {
    const from = Date.parse(query.get('filter[created_at][gte]') ?? '1970-01-01T00:00:00Z');
    const source = query.get('filter[source]');
    const size = Number(query.get('page[size]') ?? 10);
    const found = records.filter(
      ({ attributes, type: kind }) =>
        kind === type &&
        Date.parse(String(attributes.created_at)) >= from &&
        (source === null || attributes.source === source),
    );
    return { status: 200, body: { data: found.slice(-size).reverse().map(asRecord) } };
  }

  function create(type: Kind, body: string): Answer {
    const given = attributesIn(body, type);
    if (given === undefined) return refusal(422, 'type does not match');
    const problem = type === 'alerts' ? alertProblem(given) : incidentProblem(given);
    if (problem !== undefined) return refusal(422, problem);
    const key = given.deduplication_key;
    const known = records.find(
      ({ attributes }) => key !== undefined && attributes.deduplication_key === key && !isOver(attributes),
    );
    if (known !== undefined) {
      known.repeats += 1;
      return shown(known, 201);
    }
    const id = `b7eed587-50e6-44fe-b010-${String(records.length + 1).padStart(12, '0')}`;
    const status = type === 'alerts' ? 'open' : 'started';
    const attributes = { status, ...given, url: `https://rootly.example/${type}/${id}`, created_at: stamp() };
    const record: PlatformRecord = { id, type, attributes, events: [], repeats: 0 };
    records.push(record);
    tell(record, 'created');
    return shown(record, 201);
  }

  function act(record: PlatformRecord, what: string): Answer {
    const next = { acknowledge: 'acknowledged', resolve: 'resolved' }[what];
    if (next === undefined) return refusal(404, 'Not found');
    if (isOver(record.attributes) || record.attributes.status === next) return refusal(400, `Alert is already ${next}`);
    record.attributes.status = next;
    if (next === 'resolved') record.attributes.ended_at = stamp();
    tell(record, next);
    return shown(record);
  }

  function change(record: PlatformRecord, given: Fields | undefined, who?: Fields): Answer {
    if (given === undefined) return refusal(422, 'type does not match');
    const unknown = Object.keys(given).find((name) => !CHANGEABLE[record.type].includes(name));
    if (unknown !== undefined) return refusal(422, `${unknown} can not be changed`);
    if (given.status !== undefined && !STATUSES.includes(String(given.status)))
      return refusal(422, 'status is not known');
    const wasStatus = record.attributes.status;
    Object.assign(record.attributes, given);
    const { status } = record.attributes;
    if (record.type === 'incidents' && status !== wasStatus) record.attributes[`${status}_at`] = stamp();
    if (who !== undefined) record.attributes[`${status}_by`] = who;
    tell(
      record,
      status !== wasStatus && ['mitigated', 'resolved', 'cancelled'].includes(String(status))
        ? String(status)
        : 'updated',
    );
    return shown(record);
  }

  function note(record: PlatformRecord, body: string): Answer {
    const isAlert = record.type === 'alerts';
    const given = attributesIn(body, isAlert ? 'alert_events' : 'incident_events');
    const said = isAlert ? given?.details : given?.event;
    if (typeof said !== 'string' || said === '' || (isAlert && given?.kind !== 'note'))
      return refusal(422, 'note is empty');
    record.events.push({ ...given });
    return { status: 201, body: { data: asEvent({ ...given }) } };
  }

  function tell({ id, type, attributes }: PlatformRecord, what: string): void {
    const event = { id: `e${++told}`, type: `${type.slice(0, -1)}.${what}`, issued_at: stamp() };
    const body = JSON.stringify({ event, data: { id, ...attributes } });
    const seconds = String(Math.floor(clock / 1_000));
    const mac = createHmac('sha256', secret).update(`${seconds}${body}`).digest('hex');
    onWebhook?.({
      headers: { 'content-type': 'application/json', 'x-rootly-signature': `t=${seconds},v1=${mac}` },
      body,
    });
  }

  function stamp(): string {
    clock = now?.() ?? clock + 1_000;
    return new Date(clock).toISOString();
  }

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records,
    asked,
    /** Epoch ms by its own clock. */
    now: () => clock,
    /** Answers everything so from now on, or as documented again. */
    overrule(answer: Answer | 'hangs' | undefined): void {
      overruling = answer;
    },
    /** Lets a person do something in the web application. */
    person(email: string, status: 'acknowledged' | 'mitigated' | 'resolved' | 'cancelled', id: string): void {
      const record = records.find((known) => known.id === id);
      if (record === undefined) throw new Error(`There is no record ${id}.`);
      const who = { id: 49, name: email.split('@')[0], email };
      record.attributes[`${status}_by`] = who;
      if (record.type === 'incidents') change(record, { status }, who);
      else act(record, status === 'acknowledged' ? 'acknowledge' : 'resolve');
    },
    close(): void {
      server.close().closeAllConnections();
    },
  };
}

function shown(record: PlatformRecord, status = 200): Answer {
  return { status, body: { data: asRecord(record) } };
}

function asRecord({ id, type, attributes }: PlatformRecord): Fields {
  return { id, type, attributes };
}

function asEvent(attributes: Fields): Fields {
  return { id: 'e', type: 'events', attributes };
}

function isOver({ status }: Fields): boolean {
  return ['resolved', 'closed', 'cancelled'].includes(String(status));
}

function attributesIn(body: string, type: string): Fields | undefined {
  const { data } = JSON.parse(body) as { readonly data?: { readonly type?: string; readonly attributes?: Fields } };
  return data?.type === type ? data.attributes : undefined;
}

function alertProblem({
  source,
  summary,
  status = 'open',
  notification_target_type: target,
  labels = [],
}: Fields): string | undefined {
  if (source !== 'api') return 'source is not included in the list';
  if (typeof summary !== 'string' || summary === '' || summary.length > 255) return 'summary is blank or too long';
  if (!['open', 'triggered'].includes(String(status))) return 'status is not included in the list';
  if (target !== undefined && !TARGETS.includes(String(target))) return 'notification_target_type is not known';
  const isList =
    Array.isArray(labels) && labels.every((label) => typeof label?.key === 'string' && typeof label.value === 'string');
  return isList ? undefined : 'labels are not valid';
}

function incidentProblem({ title, status = 'started' }: Fields): string | undefined {
  if (typeof title !== 'string' || title === '' || title.length > 255) return 'title is blank or too long';
  return STATUSES.includes(String(status)) ? undefined : 'status is not included in the list';
}

function refusal(status: number, title: string): Answer {
  return { status, body: { errors: [{ title, status: String(status) }] } };
}
