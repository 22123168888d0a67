/**
 * From noise to incidents: an hour of a monitoring tool, 500 events, and what people see of it.
 *
 * It runs on a virtual clock and tells the same every day. Run it with `npm run example:noise`.
 */
import { type AlertEvent, defineConfig } from 'tocsin';
import { formatExplanation } from 'tocsin/render';
import { scenario } from 'tocsin/testing';

const config = defineConfig({
  users: [
    { id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] },
    { id: 'ben', contacts: [{ notifier: 'sms', address: '+15550101' }] },
  ],
  escalationPolicies: [
    { id: 'default', steps: [{ targets: [{ user: 'ana' }], escalateAfter: '30m' }], fallback: [{ user: 'ben' }] },
  ],
  services: [
    { id: 'rest', escalationPolicy: 'default' },
    { id: 'checkout', escalationPolicy: 'default', tier: 1, dependsOn: ['db'] },
    { id: 'db', escalationPolicy: 'default', tier: 1 },
    { id: 'batch', escalationPolicy: 'default', tier: 3 },
  ],
  // What the monitoring tool puts into its titles becomes labels.
  enrichment: [{ set: 'labels.host', from: 'title', pattern: ' on ([a-z]+-[0-9]+)' }],
  routes: [
    {
      id: 'by-label',
      when: { field: 'labels.service', op: 'exists' },
      service: 'rest',
      serviceFrom: 'labels.service',
      dedupFields: ['labels.check', 'labels.host'],
      holdFor: '2m',
    },
  ],
  severity: {
    rules: [
      {
        id: 'down-in-front',
        when: { all: ['check="Down"', { field: 'service.tier', op: 'equals', value: 1 }] },
        severity: 'SEV1',
      },
      { id: 'batch-can-wait', when: { field: 'service.tier', op: 'gte', value: 3 }, severity: 'SEV3' },
    ],
  },
  grouping: [{ id: 'cluster', by: ['labels.cluster'], window: '30m' }],
  suppression: {
    maintenance: [
      { id: 'patching', when: 'cluster="lab"', from: '2026-01-06T10:00:00Z', until: '2026-01-06T10:40:00Z' },
    ],
    inhibition: [{ id: 'host-down', source: 'check="Down"', target: 'check=~"Slow|Disk"', equal: ['labels.host'] }],
  },
  heartbeats: [{ id: 'backup', every: '30m', grace: '5m', service: 'batch' }],
});

const given = scenario({ start: '2026-01-06T10:00:00Z', config });
const { tocsin } = given;
const alert = (service: string, check: string, host: string, cluster: string): AlertEvent => ({
  action: 'trigger',
  title: `${check} on ${host}`,
  source: 'monitoring',
  labels: { service, check, cluster },
});

const outcomes = new Map<string, number>();
async function take(events: readonly AlertEvent[]): Promise<void> {
  for (const { outcome } of await tocsin.ingest(events)) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

// 1. A rack of twenty database hosts goes down; each minute its checks say so again, and that everything on it is slow.
// 2. A lab that is being patched makes noise, and two of its hosts still do when the patching is over.
// 3. One check flaps, too short for the hold. The backup never says that it is alive.
const hosts = Array.from({ length: 20 }, (_, n) => `db-${n}`);
for (let minute = 0; minute < 60; minute++) {
  if (minute >= 5 && minute < 15) {
    await take(hosts.map((host) => alert('db', 'Down', host, 'eu')));
    await take(hosts.map((host) => alert('db', 'Slow', host, 'eu')));
  }
  if (minute % 10 === 0)
    await take([alert('checkout', 'Disk', 'lab-1', 'lab'), alert('checkout', 'Disk', 'lab-2', 'lab')]);
  if (minute % 2 === 0) await take([alert('checkout', 'Queue', 'web-1', 'us')]);
  else await take([{ ...alert('checkout', 'Queue', 'web-1', 'us'), action: 'resolve' }]);
  await given.pass('1m');
}

const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
console.log(`${total} events: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`);
console.log(`${(await tocsin.alerts.list({ limit: 1_000 })).length} alerts`);
console.log();
console.log('What people see of it:');
for (const { title, service, severity, urgency, alerts, times } of (await tocsin.incidents.list()).items.toReversed()) {
  const paged =
    times.firstPagedAt === undefined
      ? 'nobody was asked'
      : `asked at ${times.firstPagedAt.toISOString().slice(11, 16)}`;
  const count = Object.keys(alerts).length;
  console.log(
    `  ${times.openedAt.toISOString().slice(11, 16)} ${severity} ${service}: ${title}, ${count} ${count === 1 ? 'alert' : 'alerts'}, ${urgency} urgency, ${paged}`,
  );
}
console.log(`Messages: ${given.sent().join(', ')}`);

console.log();
console.log('Why would one more be quiet?');
const more = await tocsin.explain(alert('db', 'Disk', 'db-3', 'eu'));
console.log(formatExplanation(more).replaceAll(/alert \S+ \(/g, 'alert ... ('));
