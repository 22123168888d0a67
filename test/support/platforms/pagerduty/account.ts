/**
 * The account behind the PagerDuty of the tests: its incidents, who is paged for them, and the webhooks that tell of it.
 *
 * It knows no HTTP: see ../pagerduty.ts.
 */
import { createHmac } from 'node:crypto';
import type { PlatformEvent } from './events.ts';

/** An incident as PagerDuty keeps it. */
export type PlatformIncident = {
  readonly id: string;
  readonly key: string;
  readonly service: string;
  readonly title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  severity: string;
  details: Readonly<Record<string, unknown>>;
  /** The summaries of its triggers, the first one included. */
  readonly triggers: string[];
  readonly notes: string[];
};

/** A signed request, as PagerDuty would send it. */
export type PlatformWebhook = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** What may be done to an incident. */
export type PlatformAct = 'acknowledge' | 'unacknowledge' | 'resolve' | 'reopen';

/** How the account is set up. */
export type AccountOptions = {
  /** The secrets that webhooks are signed with: two while one is replaced. */
  readonly secrets?: readonly string[];
  readonly onWebhook?: (webhook: PlatformWebhook) => void;
  /** Whether its services make alerts: then an incident has no key of its own, and is found by those of its alerts. Default: `true`. */
  readonly makesAlerts?: boolean;
  /** Its clock, epoch ms. Default: a second later with each webhook. */
  readonly now?: () => number;
};

type Actor = { readonly agent: object | null; readonly client: object | null };

const ACTS = {
  acknowledge: { from: ['triggered'], to: 'acknowledged', event: 'incident.acknowledged' },
  unacknowledge: { from: ['acknowledged'], to: 'triggered', event: 'incident.unacknowledged' },
  resolve: { from: ['triggered', 'acknowledged'], to: 'resolved', event: 'incident.resolved' },
  reopen: { from: ['resolved'], to: 'triggered', event: 'incident.reopened' },
} as const;
const INTEGRATION = { id: 'PXMQRWJ', type: 'inbound_integration_reference', summary: 'Events API V2' };
const NOTE_WRITER = 'PBOT001';

/** An account with nothing in it. */
export function platformAccount({ secrets = [], onWebhook, makesAlerts = true, now }: AccountOptions) {
  const incidents: PlatformIncident[] = [];
  const paged: string[] = [];
  let told = 0;

  function apply(event: PlatformEvent, key: string, service: string): void {
    const open = incidents.find((one) => one.key === key && one.service === service && one.status !== 'resolved');
    const { event_action: action, client } = event;
    if (action !== 'trigger') {
      if (open !== undefined && action !== undefined) change(open, action, { agent: INTEGRATION, client: null });
      return;
    }
    const { summary = '', severity = '', custom_details: details = {} } = event.payload ?? {};
    if (open !== undefined) {
      Object.assign(open, { severity, details });
      open.triggers.push(summary);
      return;
    }
    const id = `Q${String(incidents.length + 1).padStart(13, '0')}`;
    const made: PlatformIncident = {
      ...{ id, key, service, severity, details, title: summary, status: 'triggered' },
      triggers: [summary],
      notes: [],
    };
    incidents.push(made);
    paged.push(summary);
    tell('incident.triggered', made, {
      agent: INTEGRATION,
      client: client === undefined ? null : { name: client },
    });
  }

  function change(incident: PlatformIncident, act: PlatformAct, actor: Actor): void {
    const { from, to, event } = ACTS[act];
    if (!(from as readonly string[]).includes(incident.status)) return;
    incident.status = to;
    if (to === 'triggered') paged.push(incident.title);
    tell(event, incident, actor);
  }

  function tell(type: string, incident: PlatformIncident, { agent, client }: Actor, note?: string): void {
    told += 1;
    const about = reference(incident.id, 'incident_reference', incident.title);
    const event = {
      id: `01PD${String(told).padStart(22, '0')}`,
      event_type: type,
      resource_type: 'incident',
      occurred_at: new Date(now?.() ?? Date.UTC(2026, 0, 5, 9, 0, told)).toISOString(),
      agent,
      client,
      data:
        note === undefined ? shown(incident) : { id: 'PNOTE', type: 'incident_note', content: note, incident: about },
    };
    const body = JSON.stringify({ event });
    const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`);
    onWebhook?.({
      headers: {
        'content-type': 'application/json',
        'x-webhook-id': `delivery-${told}`,
        'x-pagerduty-signature': signatures.join(','),
      },
      body,
    });
  }

  function shown({ id, key, title, status, service, severity }: PlatformIncident) {
    return {
      ...reference(id, 'incident', title),
      title,
      number: Number(id.slice(1)),
      status,
      incident_key: makesAlerts ? null : key,
      created_at: '2026-01-05T09:00:00Z',
      service: reference(service, 'service_reference', service),
      assignees: [],
      teams: [reference('PFCVPS0', 'team_reference', 'Engineering')],
      priority: null,
      urgency: severity === 'critical' || severity === 'error' ? 'high' : 'low',
      resolve_reason: null,
    };
  }

  return {
    incidents,
    /** The titles of the incidents that people were asked about, each time they were. */
    paged,
    apply,
    shown,
    /** A user does something in PagerDuty itself. */
    act(id: string, act: PlatformAct, user: string): void {
      const incident = incidents.find((one) => one.id === id);
      if (incident === undefined) throw new Error(`There is no incident ${id}.`);
      change(incident, act, { agent: reference(user, 'user_reference', `User ${user}`), client: null });
    },
    annotate(incident: PlatformIncident, note: string): void {
      incident.notes.push(note);
      const agent = reference(NOTE_WRITER, 'user_reference', 'Bot');
      tell('incident.annotated', incident, { agent, client: null }, note);
    },
  };
}

function reference(id: string, type: string, summary: string) {
  const kind = `${type.replace('_reference', '')}s`;
  const self = `https://api.pagerduty.com/${kind}/${id}`;
  return { id, type, summary, self, html_url: `https://acme.pagerduty.com/${kind}/${id}` };
}
