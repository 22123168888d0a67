/**
 * A Statuspage of our own: a local server that answers as the documentation of its API says, with its limit of requests.
 *
 * It keeps its incidents in memory. It never asks anybody.
 *
 * @see https://developer.statuspage.io
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Fields = Record<string, unknown>;

/** An incident as this Statuspage keeps it. */
export type PublishedIncident = {
  readonly id: string;
  name: string;
  status: string;
  metadata: Fields;
  component_ids: readonly string[];
  /** In order; Statuspage itself lists the newest first. */
  readonly updates: { readonly status: string; readonly body: string; readonly isTold: boolean }[];
};

export type StatuspagePlatformOptions = {
  readonly pageId: string;
  readonly apiKey: string;
  /** The components of the page. */
  readonly components?: readonly string[];
  /** Its clock, epoch ms. Default: a second later with each request. */
  readonly now?: () => number;
};

type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

const STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'];
const IMPACTS = ['operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage'];
const FIELDS = ['name', 'status', 'body', 'components', 'component_ids', 'deliver_notifications', 'metadata'];
const WINDOW_MS = 60_000;
const MOST = 60;

/** Starts one on a free port. */
export async function statuspagePlatform({ pageId, apiKey, components = [], now }: StatuspagePlatformOptions) {
  const incidents: PublishedIncident[] = [];
  const impacts = new Map(components.map((id) => [id, 'operational']));
  const asked: { readonly method: string; readonly path: string; readonly body: string }[] = [];
  let times: number[] = [];
  let overruling: Answer | 'hangs' | undefined;
  let losing = 0;
  let clock = Date.UTC(2026, 0, 5, 9);

  const server = createServer(async (request, response) => {
    const { method = '', headers } = request;
    const body = await text(request);
    const url = new URL(request.url ?? '', 'http://statuspage');
    asked.push({ method, path: url.pathname + url.search, body });
    if (overruling === 'hangs') return;
    const answer = overruling ?? answerTo(method, url, body, headers);
    if (method !== 'GET' && losing > 0) {
      losing -= 1;
      response.destroy();
      return;
    }
    response
      .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      .end(JSON.stringify(answer.body ?? ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function answerTo(method: string, url: URL, body: string, headers: Readonly<Record<string, unknown>>): Answer {
    clock = now?.() ?? clock + 1_000;
    times = times.filter((at) => at > clock - WINDOW_MS);
    if (times.length >= MOST) return refusal(420, 'Rate limit exceeded');
    times.push(clock);
    if (headers.authorization !== `OAuth ${apiKey}`) return refusal(401, 'Could not authenticate');
    const [, version, pages, page, type, id, ...more] = url.pathname.split('/');
    const isKnown = version === 'v1' && pages === 'pages' && page === pageId && more.length === 0;
    if (!isKnown) return refusal(404, 'not found');
    if (type === undefined) return method === 'GET' ? { status: 200, body: { id: pageId } } : refusal(404, 'not found');
    if (type !== 'incidents') return refusal(404, 'not found');
    if (id === undefined) return method === 'GET' ? listed(url.searchParams) : create(method, body);
    const incident = incidents.find((known) => known.id === id);
    if (incident === undefined) return refusal(404, 'not found');
    if (method === 'GET') return { status: 200, body: asAnswer(incident) };
    return method === 'PATCH' ? change(incident, body) : refusal(404, 'not found');
  }

  function listed(query: URLSearchParams): Answer {
    const limit = Math.min(100, Number(query.get('limit') ?? 100));
    return { status: 200, body: incidents.slice(-limit).reverse().map(asAnswer) };
  }

  function create(method: string, body: string): Answer {
    const given = incidentIn(body);
    if (method !== 'POST' || given === undefined) return refusal(400, 'incident is missing');
    const problem = problemOf(given);
    if (problem !== undefined || typeof given.name !== 'string') return refusal(422, problem ?? "Name can't be blank");
    const id = `p3${String(incidents.length + 1).padStart(10, '0')}`;
    const made = { id, name: '', status: 'investigating', metadata: {}, component_ids: [], updates: [] };
    const incident: PublishedIncident = made;
    incidents.push(incident);
    apply(incident, given);
    return { status: 201, body: asAnswer(incident) };
  }

  function change(incident: PublishedIncident, body: string): Answer {
    const given = incidentIn(body);
    if (given === undefined) return refusal(400, 'incident is missing');
    const problem = problemOf(given);
    if (problem !== undefined) return refusal(422, problem);
    apply(incident, given);
    return { status: 200, body: asAnswer(incident) };
  }

  function apply(incident: PublishedIncident, given: Fields): void {
    const { name, status, body, metadata, component_ids: ids, components: changed } = given;
    incident.name = String(name ?? incident.name);
    incident.status = String(status ?? incident.status);
    incident.metadata = (metadata ?? incident.metadata) as Fields;
    incident.component_ids = (ids ?? incident.component_ids) as readonly string[];
    for (const [id, impact] of Object.entries(changed ?? {})) impacts.set(id, impact);
    if (status === undefined && body === undefined) return;
    const isTold = given.deliver_notifications !== false;
    incident.updates.push({ status: incident.status, body: String(body ?? ''), isTold });
  }

  function problemOf({ name, status, body, metadata, components: changed, component_ids: ids, ...given }: Fields) {
    const unknown = Object.keys(given).find((field) => !FIELDS.includes(field));
    if (unknown !== undefined) return `${unknown} is not known`;
    if (name !== undefined && (typeof name !== 'string' || name === '' || name.length > 255)) return 'Name is wrong';
    if (status !== undefined && !STATUSES.includes(String(status))) return 'Status is not included in the list';
    if (body !== undefined && (typeof body !== 'string' || body.length > 25_000)) return 'Body is too long';
    const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
    if (metadata !== undefined && !(isObject(metadata) && Object.values(metadata as Fields).every(isObject)))
      return 'Metadata top-level values must be objects';
    const named = [...Object.keys(changed ?? {}), ...((ids ?? []) as string[])];
    if (named.some((id) => !impacts.has(id))) return 'Component was not found';
    return Object.values(changed ?? {}).every((impact) => IMPACTS.includes(impact)) ? undefined : 'Impact is not known';
  }

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    incidents,
    impacts,
    asked,
    /** Answers everything so from now on, or as documented again. */
    overrule(answer: Answer | 'hangs' | undefined): void {
      overruling = answer;
    },
    /** Does what it is asked in the next `count` changes, and answers nothing. */
    loseAnswers(count: number): void {
      losing = count;
    },
    close(): void {
      server.close().closeAllConnections();
    },
  };
}

function asAnswer({ id, updates, ...incident }: PublishedIncident): Fields {
  const listed = updates.map(({ status, body }) => ({ status, body }));
  return { id, ...incident, incident_updates: listed.reverse(), shortlink: `http://stspg.example/${id}` };
}

function incidentIn(body: string): Fields | undefined {
  const { incident } = JSON.parse(body) as { readonly incident?: Fields };
  return incident;
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error: [error] } };
}
