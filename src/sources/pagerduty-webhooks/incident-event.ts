/**
 * One event of a PagerDuty incident, read into an alert event.
 *
 * Pure. It believes the type of the event and never the status beside it, which may be newer than the event.
 */
import type { AlertEvent } from '../../model/alert.ts';
import { isMirrorKey } from '../../model/mirror-key.ts';
import { field, isInstant, isWebAddress, key, text } from '../reading/read-field.ts';
import { describeJson, isJsonObject, type JsonObject } from '../reading/read-json.ts';
import type { WhoIsWho } from '../reading/who-is-who.ts';

type External = NonNullable<AlertEvent['external']>;
type IncidentEvent = JsonObject & { readonly event_type: string };
type Meaning = { readonly action: AlertEvent['action']; readonly change: External['change'] };

/** The name of the platform, and of the source. */
export const SOURCE_NAME = 'pagerduty';

const CLIENT = 'Tocsin';
const MAX_SEVERITY = 200;
const MAX_TEAMS = 20;
const NOTHING: Meaning = { action: 'change', change: 'other' };
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['incident.triggered', { action: 'trigger', change: 'opened' }],
  ['incident.acknowledged', { action: 'acknowledge', change: 'acknowledged' }],
  ['incident.unacknowledged', { action: 'trigger', change: 'unacknowledged' }],
  ['incident.reopened', { action: 'trigger', change: 'reopened' }],
  ['incident.resolved', { action: 'resolve', change: 'resolved' }],
]);
/** The notifier can cause neither: whoever did it, they are news. */
const NEVER_OURS: ReadonlySet<string> = new Set(['incident.unacknowledged', 'incident.reopened']);

/** What the event says, in a list of one; nothing when it is about no incident. */
export function readIncidentEvent(event: IncidentEvent, names: WhoIsWho, webhookId: string | undefined): AlertEvent[] {
  const { event_type: type } = event;
  if (!type.startsWith('incident.')) return [];
  const incident = incidentOf(event.data);
  const id = key(incident.id);
  const said = MEANINGS.get(type);
  const deliveryId = key(event.id) ?? key(webhookId);
  const about = { source: SOURCE_NAME, ...(deliveryId === undefined ? {} : { deliveryId }) };
  if (id === undefined) return said === undefined ? [] : [{ ...unreadable(type, said, event.data), ...about }];
  const incidentKey = key(incident.incident_key);
  const stillOn = said?.action === 'resolve' ? whyStillOn(event, incident) : undefined;
  const isOurs = isEcho(event, names, incidentKey);
  const { action, change } = said === undefined || isOurs || stillOn !== undefined ? NOTHING : said;
  const by = byOf(event, names);
  const body = stillOn ?? text(field(event.data, 'content')) ?? text(field(event.data, 'message'));
  const severity = (text(field(incident.priority, 'summary')) ?? text(incident.urgency))?.slice(0, MAX_SEVERITY);
  const href = text(incident.html_url);
  const occurredAt = event.occurred_at;
  return [
    {
      action,
      dedupKey: id,
      title: text(incident.title) ?? text(incident.summary) ?? `Incident ${id} of PagerDuty`,
      ...about,
      labels: labelsOf(incident),
      details: detailsOf(event, isOurs),
      external: {
        platform: SOURCE_NAME,
        ids: incidentKey === undefined || incidentKey === id ? [id] : [id, incidentKey],
        change,
        ...(by === undefined ? {} : { by }),
      },
      ...(body === undefined ? {} : { body }),
      ...(severity === undefined ? {} : { severity }),
      ...(isWebAddress(href) ? { links: [{ href, text: 'PagerDuty' }] } : {}),
      ...(isInstant(occurredAt) ? { occurredAt } : {}),
    },
  ];
}

/** The data are the incident, or something of it such as a note, which names it. */
function incidentOf(data: unknown): JsonObject {
  if (!isJsonObject(data)) return {};
  return data.type !== 'incident' && isJsonObject(data.incident) ? data.incident : data;
}

/** Why the problem of an incident that was resolved may go on: it goes on in another incident, or nobody has resolved it. */
function whyStillOn({ agent }: JsonObject, { resolve_reason: reason }: JsonObject): string | undefined {
  if (isJsonObject(reason)) {
    const into = text(field(reason.incident, 'id')) ?? 'another incident';
    return `It was merged into ${into}, where its problem goes on.`;
  }
  return /^service(_reference)?$/.test(text(field(agent, 'type')) ?? '')
    ? 'Its service resolved it after a time, and nobody said that its problem is over.'
    : undefined;
}

/**
 * Whether we did it ourselves. A trigger of ours carries our name as its client; what else we do comes from an integration,
 * which the key of the incident proves to be ours where there is one. As a user we only write notes: what a user changes was
 * done by a person, also by the one whose token writes them.
 */
function isEcho(event: IncidentEvent, names: WhoIsWho, incidentKey: string | undefined): boolean {
  const { agent, client, event_type: what } = event;
  if (NEVER_OURS.has(what)) return false;
  const called = [field(agent, 'id'), field(client, 'id'), field(client, 'name')];
  const isNamed = called.some((name) => typeof name === 'string' && names.ours.has(name));
  const type = text(field(agent, 'type')) ?? '';
  if (type.startsWith('user')) return isNamed && !MEANINGS.has(what);
  return (
    isNamed ||
    field(client, 'name') === CLIENT ||
    (/integration|inbound/.test(type) && incidentKey !== undefined && isMirrorKey(incidentKey))
  );
}

function byOf({ agent }: JsonObject, { users }: WhoIsWho): string | undefined {
  const id = field(agent, 'id');
  return typeof id === 'string' ? users.get(id) : undefined;
}

function labelsOf({ service, teams, priority, urgency }: JsonObject): Record<string, string> {
  const names = (Array.isArray(teams) ? teams : [])
    .slice(0, MAX_TEAMS)
    .flatMap((team) => text(field(team, 'summary')) ?? []);
  const labels = {
    service: text(field(service, 'summary')),
    service_id: text(field(service, 'id')),
    team: names.length === 0 ? undefined : names.join(', '),
    priority: text(field(priority, 'summary')),
    urgency: text(urgency),
  };
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** What explains it: of what kind the event was, who did it and where, and whether that was us. */
function detailsOf({ event_type: type, agent, client }: JsonObject, isOurs: boolean): Record<string, string | boolean> {
  const details = {
    event: text(type),
    agent: text(field(agent, 'summary')) ?? text(field(agent, 'id')),
    agentType: text(field(agent, 'type')),
    client: text(field(client, 'name')),
  };
  const known = Object.entries(details).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(known), ...(isOurs && { echo: true }) };
}

/** What begins without a name is looked at by somebody; what ends without one ends nothing. */
function unreadable(type: string, { action }: Meaning, data: unknown): AlertEvent {
  return {
    action: action === 'trigger' ? 'trigger' : 'change',
    dedupKey: `unreadable:${SOURCE_NAME}`,
    title: 'PagerDuty sent an incident that cannot be read',
    body: `The data of its ${type} are ${describeJson(data)}: they name no incident. Look at PagerDuty itself.`,
  };
}
