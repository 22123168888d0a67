import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../../src/core/on-call/index.ts', import.meta.url));
const program = `
  import { createSchedule, occurrences } from ${JSON.stringify(entry)};
  const rotation = { start: '2026-01-05T02:30:00', rrule: 'FREQ=DAILY;UNTIL=20261231', participants: ['ana', 'ben'] };
  const schedule = createSchedule({ id: 'any', timeZone: 'America/New_York', layers: [{ id: 'one', rotation }] });
  const window = { from: '2026-03-06T00:00:00Z', until: '2026-03-10T00:00:00Z' };
  const dates = occurrences({ start: rotation.start, rrule: 'FREQ=DAILY', timeZone: 'Europe/London' }, window);
  console.log(JSON.stringify([schedule.shifts(window), schedule.load(window), dates]));
`;

test('the zone and language of the process change nothing', () => {
  const run = (TZ: string, LANG: string) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      env: { ...process.env, TZ, LANG, LC_ALL: LANG, NODE_NO_WARNINGS: '1' },
    });
  const here = run('UTC', 'en_US.UTF-8');
  expect(here).toContain('2026-03-08T07:30:00.000Z');
  expect(run('Pacific/Apia', 'ar_EG.UTF-8')).toBe(here);
});
