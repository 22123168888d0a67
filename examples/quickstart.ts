/**
 * Quickstart: one real Alertmanager webhook, from the alert to the status page and the review, in a second.
 *
 * A virtual clock stands in for the night, so that half an hour takes none. Run it with `npm run quickstart`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createTocsin, defineNotifier, formatDuration, type Measurement, measure, weeklySchedule } from 'tocsin';
import { reviewMarkdown, statusResponse, timelineText } from 'tocsin/render';
import { alertmanagerSource } from 'tocsin/sources/alertmanager';
import { memoryStorage } from 'tocsin/storage/memory';
import { virtualClock } from 'tocsin/testing';

const MINUTE = 60_000;
const timeZone = 'Asia/Tokyo';
const clock = virtualClock({ start: '2017-08-04T04:18:00+09:00' });
const localTime = (at: Date | number) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
const say = (line: string) => console.log(line);
/** A number that cannot be given says why, and is never zero. */
const took = (one: Measurement) => (one.status === 'recorded' ? formatDuration(one.ms) : one.why);
const tell = (line: string) => say(`${localTime(clock.now())}  ${line}`);

// 1. A channel. Yours sends an SMS, rings a phone, posts to a chat; this one prints.
const phone = defineNotifier({
  name: 'phone',
  async send(message) {
    tell(
      `  [phone of ${message.to.name ?? message.to.user}] ${message.severity} ${message.service?.name}: ${message.title}`,
    );
  },
});

// 2. Who is on call, who is asked in which order, and what can break.
const tocsin = createTocsin({
  clock,
  storage: memoryStorage({ clock }),
  notifiers: [phone],
  config: {
    users: [
      { id: 'ana', name: 'Ana', contacts: [{ notifier: 'phone', address: '+81 50 0000 0100' }] },
      { id: 'ben', name: 'Ben', contacts: [{ notifier: 'phone', address: '+81 50 0000 0101' }] },
      { id: 'chi', name: 'Chi', contacts: [{ notifier: 'phone', address: '+81 50 0000 0102' }] },
    ],
    schedules: [
      weeklySchedule('primary', { timeZone, start: '2017-07-31T09:00:00', participants: ['ana', 'ben'] }),
      weeklySchedule('secondary', { timeZone, start: '2017-07-31T09:00:00', participants: ['ben', 'ana'] }),
    ],
    escalationPolicies: [
      {
        id: 'default',
        steps: [
          { targets: [{ schedule: 'primary' }], escalateAfter: '5m' },
          { targets: [{ schedule: 'secondary' }], escalateAfter: '10m' },
        ],
        fallback: [{ user: 'chi' }],
      },
    ],
    services: [{ id: 'things', name: 'Things', escalationPolicy: 'default' }],
    status: {
      components: [
        { id: 'orders', name: 'Orders', services: ['things'] },
        { id: 'website', name: 'Website' },
      ],
      pages: [{ id: 'public', name: 'Example Store', timeZone }],
    },
  },
});

/** Lets time pass, and everything happen that is due meanwhile. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await clock.advance(MINUTE);
    await tocsin.tick();
  }
}

// What customers see. Your service answers their requests with this; here it becomes a file.
const out = new URL('./out/', import.meta.url);
await mkdir(out, { recursive: true });
async function writeStatusPage(when: 'before' | 'during' | 'after'): Promise<void> {
  const { body } = statusResponse(await tocsin.statusPage.picture(), { path: '/' });
  await writeFile(new URL(`status-page-${when}.html`, out), body);
}

const read = (name: string) => readFile(new URL(`./data/${name}`, import.meta.url), 'utf8');
const { parse } = alertmanagerSource();

// 3. The alert comes in. `explain` says beforehand what will happen; `ingest` makes it happen.
const [event] = parse(await read('alertmanager-firing.json'));
if (event === undefined) throw new Error('The body holds no alert.');

say(`What would happen with this alert, and whom would it reach? Local time in ${timeZone}.\n`);
const explanation = await tocsin.explain(event);
say(`  severity ${explanation.severity.severity}: ${explanation.severity.why}`);
say(`  service  ${explanation.route.service}: ${explanation.route.why}`);
for (const step of explanation.ladder) {
  const who = step.people.map(({ user, why }) => `${user}, ${why}`).join('; ');
  say(`  ${localTime(new Date(step.at))} ${step.kind === 'fallback' ? 'fallback' : `step ${step.step}  `} ${who}`);
}

await writeStatusPage('before');
say('\nNow it happens.\n');
const [result] = await tocsin.ingest(event);
const id = result?.incidentId;
if (id === undefined) throw new Error('No incident was opened.');
tell(`Alertmanager says: ${event.title}`);
await tocsin.tick();

// 4. Ana does not answer. After five minutes the page climbs to Ben.
tell('Ana is asleep ...');
await pass(5);
await pass(2);
await tocsin.incidents.acknowledge(id, { by: 'ben' });
tell('Ben acknowledges: nobody else is woken.');

// 5. The response.
await tocsin.incidents.assignRole(id, { by: 'ben', role: 'commander', user: 'ben' });
await tocsin.incidents.investigate(id, { by: 'ben' });
await pass(9);
await tocsin.incidents.identify(id, { by: 'ben', cause: 'the queue consumer lost its lease and did not come back' });
tell('Ben finds the cause.');
await tocsin.incidents.postUpdate(id, {
  by: 'ben',
  audience: 'public',
  title: 'Orders are delayed',
  text: 'Orders that you place are accepted and reach us late. We know why, and are mending it.',
  components: { orders: 'partial_outage' },
});
await writeStatusPage('during');
tell('Ben posts an update for the public.');
await pass(6);
await tocsin.incidents.mitigate(id, { by: 'ben', reason: 'consumer restarted' });
await tocsin.incidents.addTask(id, {
  by: 'ben',
  title: 'Let the consumer take its lease back by itself',
  assignee: 'ana',
});
tell('Ben restarts the consumer: mitigated, and watched.');

// 6. Alertmanager says that it is over; people resolve what people lead.
await pass(12);
const [cleared] = await tocsin.ingest(parse(await read('alertmanager-resolved.json')));
tell(`Alertmanager says: ${cleared?.outcome}.`);
await pass(3);
await tocsin.incidents.postUpdate(id, {
  by: 'ben',
  audience: 'public',
  status: 'resolved',
  text: 'Orders reach us in time again, and none was lost.',
});
const incident = await tocsin.incidents.resolve(id, { by: 'ben', reason: 'quiet since the restart' });
tell('Ben resolves the incident.');

// 7. What is left: the timeline, the numbers, and the draft of a review.
const timeline = await tocsin.incidents.timeline(id);
say(`\nThe timeline\n\n${timelineText(timeline, { timeZone })}`);

const measurements = measure(timeline);
const { acknowledge, mitigate, resolve } = measurements.measurements;
say(`\nTime to acknowledge ${took(acknowledge)}`);
say(`Time to mitigate    ${took(mitigate)}`);
say(`Time to resolve     ${took(resolve)}`);

await writeStatusPage('after');
await writeFile(new URL('review.md', out), reviewMarkdown({ incident, timeline, measurements, timeZone }));
say('\nThe status page is in examples/out/status-page-before.html, status-page-during.html and status-page-after.html');
say('The draft of the review is in examples/out/review.md');
await tocsin.stop();
