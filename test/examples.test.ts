/**
 * The examples run as a user would run them, against the built package, and end by printing what they did.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const example = async (name: string): Promise<string> => (await run(process.execPath, [`examples/${name}.ts`])).stdout;

beforeAll(() => {
  if (!existsSync('dist/index.js')) throw new Error('The examples use the built package: run `npm run build` first.');
});

test('the quickstart tells the whole story of one alert, and leaves a published review that names nobody', async () => {
  expect(await example('quickstart')).toBe(readFileSync('examples/expected/quickstart.txt', 'utf8'));
  const read = (name: string) => readFileSync(`examples/out/${name}`, 'utf8');
  const review = read('review.md');
  expect(review).toContain('# Review: No things for over 10 minutes');
  expect(review).toContain('published, revision 1');
  expect(review).toContain('| Time to detect | **10m** as corrected |');
  expect(review).toContain('| Let the consumer take its lease back by itself | responder 1 | high |');
  expect(read('incident.svg')).toMatch(/^<svg /);
  expect(read('review.html')).toContain('id=entry-1');
  for (const name of ['review.md', 'review.html', 'review.json', 'incident.svg'])
    expect(read(name)).not.toMatch(/\b(Ana|Ben|Chi)\b/i);
});

test('an hour of noise becomes four incidents and five messages', async () => {
  expect(await example('from-noise-to-incidents')).toBe(
    readFileSync('examples/expected/from-noise-to-incidents.txt', 'utf8'),
  );
});

test('a link does nothing for a scanner and one thing for Ana, and her replies are never guessed', async () => {
  expect(await example('acknowledge')).toBe(readFileSync('examples/expected/acknowledge.txt', 'utf8'));
});

test('an incident stands in both houses: acknowledged in PagerDuty, resolved here, and nothing goes in circles', async () => {
  expect(await example('beside-pagerduty')).toBe(readFileSync('examples/expected/beside-pagerduty.txt', 'utf8'));
});

test('a status page says what is broken, and nothing that was not written for the public', async () => {
  expect(await example('status-page')).toBe(readFileSync('examples/expected/status-page.txt', 'utf8'));
});

test('the schedule pictures show one schedule as a table, a picture, a gantt and two feeds', async () => {
  expect(await example('schedule-pictures')).toBe(readFileSync('examples/expected/schedule-pictures.txt', 'utf8'));
  const beginnings = ['checkout.svg', 'checkout.mmd', 'checkout.ics', 'ana.ics'].map(
    (name) => readFileSync(`examples/out/${name}`, 'utf8').split(/[ \r\n]/, 1)[0],
  );
  expect(beginnings).toEqual(['<svg', 'gantt', 'BEGIN:VCALENDAR', 'BEGIN:VCALENDAR']);
});

test('a year of simulated incidents becomes a report in every form', async () => {
  expect(await example('monthly-report')).toBe(readFileSync('examples/expected/monthly-report.txt', 'utf8'));
  const file = (name: string) => readFileSync(`examples/out/report/${name}`, 'utf8');
  expect(file('november.html')).toContain('<h1>Incidents in November 2026</h1>');
  expect(file('november.md')).toMatch(/^# Incidents in November 2026\n/);
  // A header, and a line for each incident of the year.
  const incidents = Number(JSON.parse(file('year.json')).counts.incidents);
  expect(file('incidents.csv').match(/\r\n/g)).toHaveLength(1 + incidents);
  expect(JSON.parse(file('survival.vl.json')).$schema).toBe('https://vega.github.io/schema/vega-lite/v6.json');
});

// Two servers and a clock that is real: what two of them do at once may be told in either order.
test('the embedded service accepts, pages, climbs and takes an answer, live', { timeout: 60_000 }, async () => {
  const lines = (await example('embed-in-a-service')).trimEnd().split('\n');
  const isStory = (line: string) => /^\d\d:\d\d:\d\d {2}/.test(line);
  const told = lines.filter((line) => !isStory(line));
  const story = lines.filter(isStory).map((line) => line.slice('00:00:00  '.length));
  expect(told.toSorted()).toEqual([
    'accepted 202 opened',
    'answered 200 {"paging":"acknowledged"}',
    'paged    ana: SEV1 No things for over 10 minutes',
    'paged    ben: SEV1 No things for over 10 minutes',
  ]);
  const pages = told.filter((line) => line.startsWith('paged'));
  expect(pages.map((line) => line.slice(9, 12))).toEqual(['ana', 'ben']);
  expect(story.toSorted()).toEqual([
    'Acknowledged by ben.',
    'Nobody answered in time.',
    'Opened by alertmanager: SEV1, high urgency, service things.',
    'Paged ana (step 1, round 1).',
    'Paged ben (step 2, round 1).',
    'Reached ana by webhook.',
    'Reached ben by webhook.',
    'Resolved by ben.',
  ]);
  const events = story.filter((line) => !line.startsWith('Reached'));
  expect(events.map((line) => line.split(/[ .]/)[0])).toEqual([
    'Opened',
    'Paged',
    'Nobody',
    'Paged',
    'Acknowledged',
    'Resolved',
  ]);
});
