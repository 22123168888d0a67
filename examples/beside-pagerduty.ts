/**
 * Beside PagerDuty: one incident in both houses, acknowledged there, resolved here, and what stands where after each step.
 *
 * A stand-in in this process takes what PagerDuty takes and signs webhooks as PagerDuty does; the clock is virtual. Run it
 * with `npm run example:pagerduty`.
 */
import { createHmac } from 'node:crypto';
import { createTocsin, defineNotifier } from 'tocsin';
import { pagerDutyNotifier } from 'tocsin/notifiers/pagerduty';
import { pagerDutyWebhooks, verifyPagerDutyWebhook } from 'tocsin/sources/pagerduty-webhooks';
import { virtualClock } from 'tocsin/testing';

const MINUTE = 60_000;
const clock = virtualClock({ start: '2026-01-06T09:00:00Z' });
const say = (line: string) => console.log(`${new Date(clock.now()).toISOString().slice(11, 16)}  ${line}`);

// What PagerDuty is for this example: one incident, and a webhook for everything that happens to it.
const OUR_INTEGRATION = 'PXMQRWJ';
const webhookSecret = 'a secret that only this example knows';
const there = { id: 'Q1CHECKOUT', title: '', status: 'nothing', notes: [] as string[] };
const outbox: { headers: Record<string, string>; body: string }[] = [];
const STATUS: Record<string, string> = { trigger: 'triggered', acknowledge: 'acknowledged', resolve: 'resolved' };

function happens(status: string, agent: { id: string; type: string }): void {
  // What changes nothing is no event.
  if (there.status === status) return;
  there.status = status;
  const id = `event-${outbox.length + 1}`;
  const data = { id: there.id, type: 'incident', title: there.title, urgency: 'high', incident_key: null };
  const occurred_at = new Date(clock.now()).toISOString();
  const event = {
    id,
    event_type: `incident.${status}`,
    resource_type: 'incident',
    occurred_at,
    agent,
    client: null,
    data,
  };
  const body = JSON.stringify({ event });
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
  outbox.push({ headers: { 'content-type': 'application/json', 'x-pagerduty-signature': `v1=${signature}` }, body });
}

const standIn: typeof fetch = async (address, init) => {
  const { pathname } = new URL(String(address));
  const asked = init?.method === 'POST' ? JSON.parse(String(init.body)) : {};
  if (pathname === '/v2/enqueue') {
    there.title = asked.payload?.summary ?? there.title;
    happens(STATUS[asked.event_action] ?? there.status, { id: OUR_INTEGRATION, type: 'inbound_integration_reference' });
    return Response.json(
      { status: 'success', message: 'Event processed', dedup_key: asked.dedup_key },
      { status: 202 },
    );
  }
  if (pathname.endsWith('/notes')) {
    if (asked.note !== undefined) there.notes.push(asked.note.content.split('\n')[0]);
    return Response.json({ notes: there.notes.map((content) => ({ content })) });
  }
  const html_url = `https://example.pagerduty.com/incidents/${there.id}`;
  return Response.json({ incidents: [{ id: there.id, html_url, service: { id: 'PSERVICE' } }] });
};

// Your service. Leave `fetch` out, and take the keys from where your secrets are.
const pagerduty = pagerDutyNotifier({
  routingKeys: { default: 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6' },
  rest: { token: 'made-by-pagerduty', from: 'ops@example.com' },
  fetch: standIn,
});
const phone = defineNotifier({
  name: 'phone',
  send: async ({ to, severity, title }) => say(`  [phone of ${to.user}] ${severity} ${title}`),
});
const tocsin = createTocsin({
  clock,
  notifiers: [pagerduty, phone],
  logger: { debug() {}, info() {}, warn() {}, error() {} },
  config: {
    mirrors: [{ id: 'old-pager', notifier: 'pagerduty', address: 'default' }],
    users: ['ana', 'ben', 'chi'].map((id) => ({ id, contacts: [{ notifier: 'phone', address: id }] })),
    escalationPolicies: [
      {
        id: 'default',
        steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }, { targets: [{ user: 'chi' }] }],
        fallback: [{ user: 'chi' }],
      },
    ],
    services: [{ id: 'checkout', escalationPolicy: 'default' }],
  },
});

// The route that PagerDuty calls. Everything that the notifier does comes back there too: `ours` says what that is.
const source = pagerDutyWebhooks({ users: { PBEN: 'ben' }, ours: [OUR_INTEGRATION] });
async function onPagerDuty(headers: Record<string, string>, body: string): Promise<string> {
  const verified = verifyPagerDutyWebhook({ headers, body, secrets: [webhookSecret] });
  if (!verified.ok) return `401 ${verified.code}`;
  const results = await tocsin.ingest(source.parse(verified.text, headers));
  return `202 ${results.map(({ outcome }) => outcome).join(', ')}`;
}

/** Does what is due, lets PagerDuty call, and tells what stands where. */
async function settle(): Promise<void> {
  await tocsin.tick();
  for (const { headers, body } of outbox.splice(0)) {
    const { event } = JSON.parse(body);
    const who = event.agent.id === OUR_INTEGRATION ? 'of ours' : `by ${event.agent.id}`;
    say(`  [webhook] ${event.event_type} ${who}: ${await onPagerDuty(headers, body)}`);
  }
  await tocsin.tick();
  const [incident] = (await tocsin.incidents.list({})).items;
  const by = incident?.paging === 'acknowledged' ? ` by ${incident.acknowledgedBy.join(', ')}` : '';
  say(`  here ${incident?.phase}, ${incident?.paging}${by} | there ${there.status}, notes: ${there.notes.length}`);
}

say('An alert comes in.');
const [opened] = await tocsin.ingest({ action: 'trigger', title: 'Checkout is down', severity: 'critical' });
const id = opened?.incidentId ?? '';
await settle();
for (const { mirror, url } of (await tocsin.incidents.get(id))?.externalRefs ?? []) say(`  ${mirror} is ${url}`);

await clock.advance(3 * MINUTE);
say('Ben acknowledges in PagerDuty. Nobody else is woken here.');
happens('acknowledged', { id: 'PBEN', type: 'user_reference' });
const copy = structuredClone(outbox[0]);
await settle();

await clock.advance(10 * MINUTE);
say('Somebody sends that webhook again, and then one that says something else.');
if (copy !== undefined) {
  say(`  [webhook] again: ${await onPagerDuty(copy.headers, copy.body)}`);
  say(`  [webhook] changed: ${await onPagerDuty(copy.headers, copy.body.replace('acknowledged', 'resolved'))}`);
}

say('Ana writes a note here.');
await tocsin.incidents.addNote(id, { by: 'ana', text: 'The card provider is down.' });
await settle();

await clock.advance(7 * MINUTE);
say('Ana resolves it here.');
await tocsin.incidents.resolve(id, { by: 'ana', reason: 'The card provider is back.' });
await settle();
say(`Both have ended; dead letters: ${(await tocsin.deadLetters.list()).length}.`);
await tocsin.stop();
