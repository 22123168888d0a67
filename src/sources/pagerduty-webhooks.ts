/**
 * PagerDuty: its V3 webhooks, verified and read into what happened to an incident there.
 *
 * Pure. It never takes the end of an incident that was merged into another one for the end of its problem, and never takes
 * what we did there ourselves for news.
 *
 * @see https://developer.pagerduty.com/docs/webhooks/v3-overview/
 */
import { readContentType, readHeader, readText, refuse } from '../callbacks/callback.ts';
import { checkSecrets, macText, matchesAny } from '../callbacks/mac.ts';
import type { CallbackBody, CallbackHeaders, CallbackOutcome, Secret } from '../callbacks/request.ts';
import type { TocsinError } from '../errors.ts';
import type { Source } from '../ports/source.ts';
import { readIncidentEvent, SOURCE_NAME } from './pagerduty-webhooks/incident-event.ts';
import { describeJson, isJsonObject, readJson, unreadableBody } from './reading/read-json.ts';
import { readWhoIsWho } from './reading/who-is-who.ts';

export type * from '../callbacks/request.ts';

/** Who is who in the webhooks. */
export type PagerDutyWebhooksOptions = {
  /** Your users by their ids in PagerDuty, such as `PLH1HKV`: so that what they do there is theirs here. */
  readonly users?: Readonly<Record<string, string>>;
  /**
   * What we are called there: the ids of the integrations whose routing keys the notifier uses, and of the user who writes
   * its notes, or names of clients. What a user acknowledges or resolves is news all the same.
   */
  readonly ours?: readonly string[];
};

/** A request that claims to come from PagerDuty. */
export type PagerDutyWebhookRequest = {
  readonly headers: CallbackHeaders;
  readonly body: CallbackBody;
  /** The secrets of the webhook subscription, as PagerDuty gave them: more than one while a new one is introduced. */
  readonly secrets: readonly Secret[];
};

const FORMAT = 'a PagerDuty webhook (V3)';
const MIN_SECRET_BYTES = 24;
const MAX_SIGNATURES = 10;
const VERSION = 'v1=';

/**
 * A source for the V3 webhooks of PagerDuty: one body is one event, which becomes one alert event or none.
 *
 * What happened is in `external`; `incident.triggered`, `incident.reopened` and `incident.unacknowledged` trigger,
 * `incident.acknowledged` acknowledges, `incident.resolved` resolves unless the incident was merged into another one or its
 * service let it run out. All else about an incident, and what we did ourselves, is a `change`, which pages nobody; what is about no incident is left out.
 * `parse` throws TocsinError PAYLOAD_INVALID when the body is not JSON or no V3 webhook. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when one of `users` is no id, a name is malformed, or an option is not known.
 * @example
 * ```ts
 * import { pagerDutyWebhooks } from 'tocsin/sources/pagerduty-webhooks';
 * const event = {
 *   id: '01BWDWL3NYY7LUFPZCC28QUCMK',
 *   event_type: 'incident.acknowledged',
 *   resource_type: 'incident',
 *   occurred_at: '2026-01-05T09:00:00Z',
 *   agent: { id: 'PLH1HKV', type: 'user_reference' },
 *   client: null,
 *   data: { id: 'PGR0VU2', type: 'incident', title: 'Disk full', urgency: 'high' },
 * };
 * const [read] = pagerDutyWebhooks({ users: { PLH1HKV: 'ana' } }).parse({ event });
 * read?.external; // => { platform: 'pagerduty', ids: ['PGR0VU2'], change: 'acknowledged', by: 'ana' }
 * ```
 */
export function pagerDutyWebhooks(options: PagerDutyWebhooksOptions = {}): Source {
  const names = readWhoIsWho('PagerDuty', options);
  return {
    name: SOURCE_NAME,
    parse(body, headers = {}) {
      const json = readJson(body, FORMAT);
      if (!isJsonObject(json)) throw unreadable(`the body is ${describeJson(json)}, not an object`, 'body');
      const { event } = json;
      if (!isJsonObject(event)) throw unreadable(`its \`event\` is ${describeJson(event)}, not an object`, 'event');
      const type = event.event_type;
      if (typeof type !== 'string')
        throw unreadable(`its \`event_type\` is ${describeJson(type)}, not text`, 'event_type');
      return readIncidentEvent({ ...event, event_type: type }, names, headers['x-webhook-id']);
    },
  };
}

/**
 * The body of a request, as text, when PagerDuty signed it with one of `secrets`, compared in constant time.
 *
 * The signature has no timestamp, so a request can be sent again: the id of the event, which is signed, becomes the
 * `deliveryId`, and is taken once. Refuses with `too-large`, `malformed` (also for more than ten signatures), `wrong-type`,
 * `duplicate`, `unsigned` or `forged`.
 *
 * @throws TocsinError INPUT_INVALID when there is no secret, or one shorter than 24 bytes.
 * @see https://developer.pagerduty.com/docs/webhooks/webhook-signatures/
 * @example
 * ```ts
 * import { verifyPagerDutyWebhook } from 'tocsin/sources/pagerduty-webhooks';
 * const outcome = verifyPagerDutyWebhook({
 *   headers: { 'content-type': 'application/json', 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` },
 *   body: '{"event":{"event_type":"pagey.ping"}}',
 *   secrets: ['lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itB'],
 * });
 * outcome.ok ? outcome.text : outcome.code; // => 'forged'
 * ```
 */
export function verifyPagerDutyWebhook(request: PagerDutyWebhookRequest): CallbackOutcome<{ readonly text: string }> {
  const { headers, body, secrets } = request;
  checkSecrets(secrets, { name: 'secrets', minBytes: MIN_SECRET_BYTES });
  const read = readText(body);
  if (!read.ok) return read;
  const type = readContentType(headers, ['application/json']);
  if (!type.ok) return type;
  const header = readHeader(headers, 'x-pagerduty-signature');
  if (!header.ok) return header;
  const given = header.value.split(',', MAX_SIGNATURES + 1).map((signature) => signature.trim());
  if (given.length > MAX_SIGNATURES) return refuse('malformed', `There are more than ${MAX_SIGNATURES} signatures.`);
  const expected = secrets.map(
    (secret) => VERSION + macText(secret, { algorithm: 'sha256', encoding: 'hex', message: read.text }),
  );
  // Each is compared, whichever fits.
  return given.map((signature) => matchesAny(signature, expected)).includes(true)
    ? read
    : refuse('forged', 'No signature fits the body and any secret.');
}

function unreadable(found: string, reason: string): TocsinError {
  return unreadableBody(FORMAT, found, {
    reason,
    send: 'Subscribe with a V3 webhook subscription, not with an extension.',
  });
}
