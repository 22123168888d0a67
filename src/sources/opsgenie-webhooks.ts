/**
 * Opsgenie webhooks: what happened to an alert there, as one event.
 *
 * Pure. What our own mirror did comes back as a change and never as news. Opsgenie signs nothing: a secret in a custom header is
 * all that proves the sender, so verify it first.
 *
 * @see https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/
 */
import { readHeader, refuse } from '../callbacks/callback.ts';
import { checkSecrets, matchesAny } from '../callbacks/mac.ts';
import type { CallbackHeaders, CallbackOutcome, Secret } from '../callbacks/request.ts';
import { TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { Source } from '../ports/source.ts';
import { firstLine, key, text } from './reading/read-field.ts';
import { describeJson, isJsonObject, type JsonObject, readJson, unreadableBody } from './reading/read-json.ts';
import { readWhoIsWho, type WhoIsWho } from './reading/who-is-who.ts';

export type * from '../callbacks/request.ts';

/** Who is who in the webhooks of Opsgenie. */
export type OpsgenieWebhooksOptions = {
  /** The ids of people here by their user names (e-mail addresses) or user ids there. */
  readonly users?: Readonly<Record<string, string>>;
  /** Other names under which something of ours changes alerts through the API, besides `tocsin` in any case. */
  readonly ours?: readonly string[];
};

/** A request that claims to come from Opsgenie. */
export type OpsgenieWebhookRequest = {
  readonly headers: CallbackHeaders;
  /** The custom header that you have set in Opsgenie, and its values: more than one while a new one is introduced. */
  readonly secretHeader: { readonly name: string; readonly values: readonly Secret[] };
};

type Meaning = Pick<AlertEvent, 'action'> & Pick<NonNullable<AlertEvent['external']>, 'change'>;

const NAME = 'opsgenie';
const FORMAT = 'a webhook of Opsgenie';
const NAME_OF_OURS = 'tocsin';
const MAX_DETAIL = 1_024;
const MAX_TEXT = 25_000;
const MIN_SECRET_BYTES = 24;
const NANOSECONDS_FROM = 1e16;
const MAX_EPOCH_MS = 8.64e15;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/;
const NEWS: Meaning = { action: 'change', change: 'other' };
// By lower-case name.
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['create', { action: 'trigger', change: 'opened' }],
  ['acknowledge', { action: 'acknowledge', change: 'acknowledged' }],
  ['unacknowledge', { action: 'trigger', change: 'unacknowledged' }],
  ['close', { action: 'resolve', change: 'resolved' }],
]);

/**
 * A source for the webhooks of Opsgenie, of any action.
 *
 * `Create`, `Acknowledge`, `UnAcknowledge` and `Close` say so in `external.change`; every other action, also `Delete`, by which
 * somebody tidies up, and what our own mirror did through the API, is a change that pages nobody. The key is the alias, or the id when the body has no more
 * (`Escalate`); `external.ids` has both. `parse` throws TocsinError PAYLOAD_INVALID when the body is not JSON, or says neither what
 * happened nor to which alert. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when one of `users` is no id, a name is malformed, or an option is not known.
 * @example
 * ```ts
 * import { opsgenieWebhooks } from 'tocsin/sources/opsgenie-webhooks';
 * const source = opsgenieWebhooks({ users: { 'fili@example.org': 'fili' } });
 * const [event] = source.parse({
 *   action: 'Acknowledge',
 *   source: { name: '', type: 'web' },
 *   alert: { alertId: '052652ac', alias: 'tocsin:default:i1', message: 'Disk full', username: 'fili@example.org' },
 * });
 * event?.action; // => 'acknowledge'
 * event?.external?.by; // => 'fili'
 * ```
 */
export function opsgenieWebhooks(options: OpsgenieWebhooksOptions = {}): Source {
  const { users, ours } = readWhoIsWho('Opsgenie', options);
  const names = { users, ours: new Set([NAME_OF_OURS, ...[...ours].map((name) => name.toLowerCase())]) };
  return {
    name: NAME,
    parse: (body) => [readEvent(readJson(body, FORMAT), names)],
  };
}

/**
 * Whether the request has the secret header, with one of its values.
 *
 * Refuses with `unsigned` (no such header), `duplicate` or `forged`. Values are compared in constant time.
 *
 * @throws TocsinError INPUT_INVALID when the header's name is none, there is no value, or one is shorter than 24 bytes.
 * @example
 * ```ts
 * import { verifyOpsgenieWebhook } from 'tocsin/sources/opsgenie-webhooks';
 * const secretHeader = { name: 'x-tocsin-secret', values: ['mXz5o4TqL1c8vR2kY7pWbN3eH6dJ9sAf'] };
 * const outcome = verifyOpsgenieWebhook({ headers: { 'X-Tocsin-Secret': 'guessed' }, secretHeader });
 * outcome.ok ? 'ok' : outcome.code; // => 'forged'
 * ```
 */
export function verifyOpsgenieWebhook({ headers, secretHeader }: OpsgenieWebhookRequest): CallbackOutcome<unknown> {
  const { name, values } = secretHeader;
  if (typeof name !== 'string' || !HEADER_NAME.test(name)) {
    const message = 'The name of the secret header is no name of a header. Give it as set in Opsgenie.';
    throw new TocsinError('INPUT_INVALID', message, {
      details: { problems: [{ path: '/secretHeader/name', message }] },
    });
  }
  checkSecrets(values, { name: 'secretHeader/values', minBytes: MIN_SECRET_BYTES });
  const given = readHeader(headers, name.toLowerCase());
  if (!given.ok) return given;
  return matchesAny(given.value, values)
    ? { ok: true }
    : refuse('forged', 'The secret header has another value than it should.');
}

function readEvent(json: unknown, { users, ours }: WhoIsWho): AlertEvent {
  if (!isJsonObject(json)) throw unreadable(`the body is ${describeJson(json)}, not an object`, 'body');
  const { action, alert } = json;
  if (typeof action !== 'string') throw unreadable(`its \`action\` is ${describeJson(action)}`, 'action');
  if (!isJsonObject(alert)) throw unreadable(`its \`alert\` is ${describeJson(alert)}`, 'alert');
  const [id, alias] = [key(alert.alertId), key(alert.alias)];
  const dedupKey = alias ?? id;
  if (dedupKey === undefined) throw unreadable('its `alert` has neither an `alertId` nor an `alias`', 'alertId');
  const { action: does, change } = isOurs(json, alert, ours) ? NEWS : (MEANINGS.get(action.toLowerCase()) ?? NEWS);
  const by = users.get(text(alert.username) ?? '') ?? users.get(text(alert.userId) ?? '');
  const severity = text(alert.priority)?.slice(0, 2);
  const body = text(alert.description) ?? text(alert.note);
  const occurredAt = instant(alert.updatedAt);
  return {
    action: does,
    dedupKey,
    title: firstLine(alert.message) ?? `Opsgenie alert ${dedupKey}`,
    source: NAME,
    details: detailsOf(json, alert, action),
    ...(body !== undefined && { body: body.slice(0, MAX_TEXT) }),
    ...(severity !== undefined && { severity }),
    ...(occurredAt !== undefined && { occurredAt }),
    external: {
      platform: NAME,
      ids: [...new Set([id, alias])].filter((name) => name !== undefined),
      change,
      ...(by !== undefined && { by }),
    },
  };
}

function unreadable(found: string, reason: string): TocsinError {
  return unreadableBody(FORMAT, found, { reason, send: 'Send the body of a webhook integration as it is.' });
}

/** Opsgenie names the user that a call of the API gave; whoever gives none is known by the source of the alert. */
function isOurs({ source }: JsonObject, alert: JsonObject, ours: ReadonlySet<string>): boolean {
  if (!isJsonObject(source) || text(source.type)?.toLowerCase() !== 'api') return false;
  return ours.has((text(alert.username) ?? text(alert.source) ?? '').toLowerCase());
}

function detailsOf(json: JsonObject, alert: JsonObject, action: string): Record<string, string> {
  const { tinyId, username, entity } = alert;
  const named = Object.entries({ action, tinyId, username, entity, integration: json.integrationName });
  return Object.fromEntries(
    named.flatMap(([name, value]) => (text(value) === undefined ? [] : [[name, String(value).slice(0, MAX_DETAIL)]])),
  );
}

/** Epoch ms of a number in ms or, as of `updatedAt`, in ns: too large to be exact, and exact enough for that. */
function instant(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  const ms = Math.floor(value >= NANOSECONDS_FROM ? value / 1e6 : value);
  return ms <= MAX_EPOCH_MS ? ms : undefined;
}
