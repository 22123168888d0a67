/**
 * The monthly report: a year of simulated incidents through the real library, and then everything that can be shown of it.
 *
 * It runs on a virtual clock and tells the same every day. Run it with `npm run example:report`, and open
 * examples/out/report/november.html.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import {
  incidentsCsvHeader,
  incidentsCsvRow,
  NUMBERS_CHARTS,
  numbersCharts,
  numbersCsv,
  numbersJson,
  numbersSvg,
  offendersCsv,
  peopleCsv,
  reportHtml,
  reportMarkdown,
  totalsCsv,
} from 'tocsin/render';
import { company } from './simulated/company.ts';
import { simulateYear } from './simulated/year.ts';

const timeZone = 'Europe/Berlin';
const year = { from: '2025-12-01T00:00:00+01:00', until: '2026-12-01T00:00:00+01:00' };
const november = { from: '2026-11-01T00:00:00+01:00', until: year.until };
const october = { from: '2026-10-01T00:00:00+02:00', until: november.from };
const isTerminal = process.stdout.isTTY === true;

// 1. A year, month by month: a bar on a terminal, lines anywhere else.
const tocsin = await simulateYear({
  from: Date.parse(year.from),
  until: Date.parse(year.until),
  incidents: 390,
  onMonth(month, share) {
    if (!isTerminal) return console.log(`Living through ${month}`);
    const done = Math.round(share * 24);
    process.stdout.write(`\r${'█'.repeat(done)}${'░'.repeat(24 - done)} ${month}`);
  },
});
if (isTerminal) process.stdout.write('\r\u001b[K');

// 2. The numbers: of the last month, of the one before, and of the whole year.
const report = await tocsin.measurements.report({ ...november, timeZone });
const previous = await tocsin.measurements.report({ ...october, timeZone });
const whole = await tocsin.measurements.report({ ...year, timeZone });

// 3. The same numbers in every form. Incidents are written one by one: there may be more than should be held in memory.
const { users = [], services, teams = [] } = company;
const names = { users, services, teams };
let incidents = incidentsCsvHeader();
for await (const incident of tocsin.measurements.incidents(year)) incidents += incidentsCsvRow(incident);
const charts = numbersCharts(whole, { users });
const files: Readonly<Record<string, string>> = {
  'november.html': reportHtml(report, { ...names, previous }),
  'november.md': reportMarkdown(report, { ...names, previous }),
  'year.html': reportHtml(whole, names),
  'year.json': numbersJson(whole),
  'year.csv': numbersCsv(whole),
  'people.csv': peopleCsv(whole),
  'totals.csv': totalsCsv(whole),
  'offenders.csv': offendersCsv(whole),
  'incidents.csv': incidents,
  ...Object.fromEntries(
    NUMBERS_CHARTS.flatMap((chart) => [
      [`${chart}.svg`, numbersSvg(whole, chart, { width: 640, users })],
      [`${chart}.vl.json`, `${JSON.stringify(charts[chart], null, 2)}\n`],
    ]),
  ),
};
const folder = new URL('./out/report/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(files)) await writeFile(new URL(name, folder), text);

// 4. What came of it.
const minutes = (ms: number | undefined) => (ms === undefined ? 'never' : `${Math.round(ms / 60_000)} minutes`);
for (const [name, { counts, durations, people, noise, actionItems }] of Object.entries({
  November: report,
  Year: whole,
})) {
  const { acknowledge, resolve } = durations;
  console.log(`
${name}: ${counts.incidents} incidents, ${counts.open} still open, ${counts.reopened} reopened, ${noise.autoResolved} ended by themselves
  half of them acknowledged after ${minutes(acknowledge.survival.medianMs)}, resolved after ${minutes(resolve.survival.medianMs)}
  ${people.reduce((sum, { duringSleep }) => sum + duringSleep, 0)} times somebody was woken; the most often fired ${noise.offenders[0]?.name}
  ${actionItems.created} action items: ${actionItems.closedInTime} done in time, ${actionItems.closedLate} late, ${actionItems.overdue} overdue`);
}
console.log(`\nexamples/out/report/: ${Object.keys(files).length} files; begin with november.html`);
await tocsin.stop();
