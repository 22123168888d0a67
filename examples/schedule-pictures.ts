/**
 * Schedule pictures: one schedule as a table, a picture, a Mermaid gantt and a calendar feed.
 *
 * Nothing comes from the clock, so that it draws the same every day. Run it with `npm run example:pictures`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { createSchedule } from 'tocsin/on-call';
import { scheduleGantt, scheduleSvg, scheduleTable } from 'tocsin/render';
import { scheduleCalendar, userCalendar } from 'tocsin/render/ics';

const users = [
  { id: 'ana', name: 'Ana Lima' },
  { id: 'ben', name: 'Ben Okafor' },
  { id: 'chi', name: 'Chi Nguyen' },
  { id: 'dee', name: 'Dee Novak' },
];

// 1. A weekly rotation, somebody beside it in office hours, and what people changed since.
const checkout = createSchedule({
  id: 'checkout',
  name: 'Checkout',
  timeZone: 'America/New_York',
  layers: [
    {
      id: 'primary',
      priority: 0,
      rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['ana', 'ben', 'chi'] },
    },
    {
      id: 'shadow',
      priority: 0,
      rotation: { start: '2026-03-02T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['dee', null] },
      restrictions: [{ start: '2026-03-02T09:00:00', duration: '8h', rrule: 'FREQ=WEEKLY;BYDAY=TU,TH' }],
    },
  ],
  overrides: [
    { id: 'dentist', from: '2026-03-03T12:00:00', until: '2026-03-04T09:00:00', kind: 'replace', user: 'ana' },
    { id: 'flight', from: '2026-03-07T18:00:00', until: '2026-03-08T12:00:00', kind: 'remove', user: 'chi' },
  ],
  swaps: [{ id: 'concert', from: '2026-03-11T09:00:00', until: '2026-03-13T09:00:00', give: 'ana', take: 'ben' }],
});

// 2. Two weeks of it; in the first one clocks change.
const from = '2026-03-02T05:00:00Z';
const window = { from, until: '2026-03-16T04:00:00Z' };
console.log(scheduleTable(checkout, window, { users }));

// 3. The same as files.
const out = new URL('./out/', import.meta.url);
await mkdir(out, { recursive: true });
const files = {
  'checkout.svg': scheduleSvg(checkout, { from, weeks: 2, now: '2026-03-10T18:05:00Z', users }),
  'checkout.mmd': scheduleGantt(checkout, window, { users }),
  'checkout.ics': scheduleCalendar(checkout, window, { users, gaps: true }),
  'ana.ics': userCalendar([checkout], 'ana', window, { users }),
};
console.log();
for (const [name, text] of Object.entries(files)) {
  await writeFile(new URL(name, out), text);
  const events = text.match(/BEGIN:VEVENT/g)?.length;
  console.log(`examples/out/${name}${events === undefined ? '' : `: ${events} events`}`);
}
