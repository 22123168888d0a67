/**
 * Rootly webhooks: what happened to an incident or an alert there, as one event.
 *
 * Pure. That our own mirror was made is a change and never news. Verify a request first, then parse the text that was verified.
 *
 * @see https://docs.rootly.com/configuration/webhooks
 */
import type { TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import { isMirrorKey } from '../model/mirror-key.ts';
import type { Source } from '../ports/source.ts';
import { firstLine, isInstant, isWebAddress, key, text } from './reading/read-field.ts';
import { describeJson, isJsonObject, type JsonObject, readJson, unreadableBody } from './reading/read-json.ts';
import { readWhoIsWho, type WhoIsWho } from './reading/who-is-who.ts';

export type * from '../callbacks/request.ts';
export { type RootlyWebhookRequest, verifyRootlyWebhook } from './rootly-webhooks/signature.ts';

/** Who is who in the webhooks of Rootly. */
export type RootlyWebhooksOptions = {
  /** The ids of people here by their e-mail addresses, names or ids there. */
  readonly users?: Readonly<Record<string, string>>;
  /** The e-mail address, name or id there of whom the API key of our mirror belongs to: what they did is no news. */
  readonly ours?: readonly string[];
};

type Change = NonNullable<AlertEvent['external']>['change'];
/** What happened, and when, where that is not when it was told. */
type Happening = { readonly change: Change; readonly at?: string };

const NAME = 'rootly';
const FORMAT = 'a webhook of Rootly';
const MAX_DETAIL = 1_024;
const MAX_SEVERITY = 200;
const RESOURCE = /^(incident|alert)\.([a-z_]+)$/;
const CHANGES: ReadonlyMap<string, Change> = new Map([
  ['created', 'opened'],
  ['acknowledged', 'acknowledged'],
  // Somebody has it in hand, and it is not over.
  ['mitigated', 'acknowledged'],
  ['resolved', 'resolved'],
  ['closed', 'resolved'],
  ['cancelled', 'resolved'],
  ['deleted', 'resolved'],
]);
/** Statuses that somebody has brought about, each with a time of its own: `resolved_at` and the like. */
const STATES: ReadonlySet<string> = new Set(['acknowledged', 'mitigated', 'resolved', 'closed', 'cancelled']);
/** Every other kind is a trial, a plan, or written down afterwards. */
const REAL_KINDS: ReadonlySet<string> = new Set(['normal', 'normal_sub']);
const NO_NEWS: Happening = { change: 'other' };
const DOERS: ReadonlyMap<Change, readonly string[]> = new Map([
  ['opened', ['started_by', 'user']],
  ['acknowledged', ['acknowledged_by', 'mitigated_by']],
  ['resolved', ['resolved_by', 'cancelled_by']],
]);
const ACTIONS = {
  opened: 'trigger',
  acknowledged: 'acknowledge',
  unacknowledged: 'trigger',
  resolved: 'resolve',
  reopened: 'trigger',
  other: 'change',
} as const;

/**
 * A source for the webhooks of Rootly, of any type.
 *
 * Of an incident or an alert it says what happened in `external.change`, by the type and, of `incident.updated`, by a status that
 * has its time, which becomes `occurredAt`; everything else, that our own mirror was made, and an incident that is a test, planned or
 * backfilled is a change that pages nobody. `external.ids` has the id, and the keys and external ids that an alert has. `parse` throws TocsinError PAYLOAD_INVALID when the body is not JSON, or says neither what happened nor to
 * what. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when one of `users` is no id, a name is malformed, or an option is not known.
 * @example
 * ```ts
 * import { rootlyWebhooks } from 'tocsin/sources/rootly-webhooks';
 * const [event] = rootlyWebhooks().parse({
 *   event: { id: 'e1', type: 'incident.resolved', issued_at: '2024-05-01T10:00:00.000Z' },
 *   data: { id: '9f0c1d2e', title: 'Checkout is slow', status: 'resolved' },
 * });
 * event?.external; // => { platform: 'rootly', ids: ['9f0c1d2e'], change: 'resolved' }
 * ```
 */
export function rootlyWebhooks(options: RootlyWebhooksOptions = {}): Source {
  const names = readWhoIsWho('Rootly', options);
  return {
    name: NAME,
    parse: (body) => [readEvent(readJson(body, FORMAT), names)],
  };
}

function readEvent(json: unknown, { users, ours }: WhoIsWho): AlertEvent {
  if (!isJsonObject(json)) throw unreadable(`the body is ${describeJson(json)}, not an object`, 'body');
  const { event, data } = json;
  const type = isJsonObject(event) ? text(event.type) : undefined;
  if (!isJsonObject(event) || type === undefined) throw unreadable(`its \`event\` is ${describeJson(event)}`, 'event');
  if (!isJsonObject(data)) throw unreadable(`its \`data\` is ${describeJson(data)}`, 'data');
  const dedupKey = key(data.id);
  if (dedupKey === undefined) throw unreadable('its `data` has no `id`', 'id');
  const [, resource, what = ''] = RESOURCE.exec(type) ?? [];
  const { change: said, at } = resource === undefined ? NO_NEWS : happeningOf(type, what, data);
  const names = namesOf(said, data);
  const change = isOurs(said, data) || names.some((name) => ours.has(name)) ? 'other' : said;
  const by = names.map((name) => users.get(name)).find((id) => id !== undefined);
  const status = text(data.status)?.slice(0, MAX_DETAIL);
  const body = resource === 'incident' ? text(data.summary) : text(data.description);
  const severity = severityOf(data)?.slice(0, MAX_SEVERITY);
  const links = [data.url, data.external_url].filter(isWebAddress).map((href) => ({ href, text: 'Rootly' }));
  const deliveryId = key(event.id);
  const occurredAt = at ?? event.issued_at;
  return {
    action: ACTIONS[change],
    dedupKey,
    title: firstLine(data.title) ?? firstLine(data.summary) ?? `Rootly ${type.slice(0, 100)}`,
    source: NAME,
    details: { type: type.slice(0, MAX_DETAIL), ...(status !== undefined && { status }) },
    ...(body !== undefined && { body }),
    ...(severity !== undefined && { severity }),
    ...(links.length > 0 && { links: links.slice(0, 1) }),
    ...(isInstant(occurredAt) && { occurredAt }),
    ...(deliveryId !== undefined && { deliveryId }),
    ...(resource !== undefined && {
      external: { platform: NAME, ids: idsOf(dedupKey, data), change, ...(by !== undefined && { by }) },
    }),
  };
}

function unreadable(found: string, reason: string): TocsinError {
  return unreadableBody(FORMAT, found, { reason, send: 'Send the body of a webhook endpoint as it is.' });
}

function happeningOf(type: string, what: string, data: JsonObject): Happening {
  if (what === 'created') return { change: createdAs(type, data) };
  if (type === 'incident.updated') return stateOf(text(data.status) ?? '', data);
  if (what === 'mitigated') return stateOf(what, data);
  // How an alert stands that was updated is no news: it comes with every change of ours, long after somebody has done it.
  return { change: CHANGES.get(what) ?? 'other' };
}

/** An alert is over when it has an end; an incident is none when it is a trial or a plan. */
function createdAs(type: string, data: JsonObject): Change {
  const [status = '', kind = 'normal'] = [text(data.status), text(data.kind)];
  if (type === 'incident.created' && (status === 'scheduled' || !REAL_KINDS.has(kind))) return 'other';
  return text(data.ended_at) !== undefined || CHANGES.get(status) === 'resolved' ? 'resolved' : 'opened';
}

/** A status is news only with the time since when it stands: without one it may be older than what came after it. */
function stateOf(status: string, data: JsonObject): Happening {
  const at = STATES.has(status) ? data[`${status}_at`] : undefined;
  return isInstant(at) ? { change: CHANGES.get(status) ?? 'other', at } : NO_NEWS;
}

/** Whether it is our own mirror that was made: it carries our key. */
function isOurs(change: Change, data: JsonObject): boolean {
  return (
    change === 'opened' && [...keysOf(data), labelled(data)].some((name) => name !== undefined && isMirrorKey(name))
  );
}

function idsOf(id: string, data: JsonObject): string[] {
  return [...new Set([id, ...keysOf(data), labelled(data)])].filter((name) => name !== undefined);
}

function keysOf({ external_id, deduplication_key, short_id }: JsonObject): (string | undefined)[] {
  return [key(external_id), key(deduplication_key), key(short_id)];
}

/** The label `tocsin`: of alerts in a list of pairs, of incidents in an object. */
function labelled({ labels }: JsonObject): string | undefined {
  if (isJsonObject(labels)) return key(labels.tocsin);
  const pairs: readonly unknown[] = Array.isArray(labels) ? labels : [];
  const pair = pairs.find((label) => isJsonObject(label) && label.key === 'tocsin');
  return isJsonObject(pair) ? key(pair.value) : undefined;
}

/** By what names Rootly knows who did it, when it says so: `resolved_by` and the like. */
function namesOf(change: Change, data: JsonObject): readonly string[] {
  const who = (DOERS.get(change) ?? []).map((field) => data[field]).find(isJsonObject);
  return [who?.email, who?.name, who?.full_name, who?.id].flatMap((name) =>
    typeof name === 'number' ? String(name) : (text(name) ?? []),
  );
}

function severityOf({ severity }: JsonObject): string | undefined {
  return isJsonObject(severity) ? (text(severity.slug) ?? text(severity.name)) : text(severity);
}
