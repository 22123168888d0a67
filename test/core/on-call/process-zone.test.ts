import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../../src/core/on-call/index.ts', import.meta.url));
const program = `
  import { createRecurrence, createSchedule, lintSchedule, occurrences, reanchor } from ${JSON.stringify(entry)};
  const start = '2026-01-05T02:30:00';
  const layer = (id, rrule, more = {}) => ({ id, rotation: { start, rrule, participants: ['ana', 'ben', null] }, ...more });
  const input = {
    id: 'any',
    timeZone: 'America/New_York',
    layers: [
      layer('daily', 'FREQ=DAILY;UNTIL=20261231'),
      layer('hourly', 'FREQ=HOURLY;INTERVAL=7', { timeZone: 'Australia/Lord_Howe' }),
      layer('monthly', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1'),
      layer('night', 'FREQ=HOURLY;INTERVAL=2', { restrictions: [{ start, duration: '3h', rrule: 'FREQ=DAILY' }] }),
    ],
    overrides: [{ id: 'o1', kind: 'replace', user: 'zoe', from: '2026-03-07T20:00:00', until: '2026-03-08T04:00:00' }],
    swaps: [{ id: 's1', give: 'ana', take: 'chi', from: '2026-03-09T00:00:00', until: '2026-03-09T12:00:00' }],
  };
  const schedule = createSchedule(input);
  const window = { from: '2026-03-06T00:00:00Z', until: '2026-03-10T00:00:00Z' };
  const at = '2026-03-08T07:30:00Z';
  const dates = occurrences({ start, rrule: 'FREQ=DAILY', timeZone: 'Europe/London' }, window);
  const yearly = createRecurrence({ start, rrule: 'FREQ=YEARLY;BYWEEKNO=20;WKST=SU', timeZone: 'Africa/Casablanca' });
  console.log(JSON.stringify([
    schedule.shifts(window), schedule.load(window, { holidays: ['2026-03-08'] }), schedule.coverage(window),
    schedule.onCallAt(at), schedule.explainAt(at), schedule.nextHandoff(at), schedule.layerShifts('night', window),
    dates, yearly.after(at), yearly.before(at), lintSchedule(input), reanchor(input, { at, layer: 'daily', participants: ['zoe'] }),
  ]));
`;

const run = (TZ: string, LANG: string) =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { ...process.env, TZ, LANG, LC_ALL: LANG, NODE_NO_WARNINGS: '1' },
  });

test('the zone and language of the process change nothing', () => {
  const here = run('UTC', 'en_US.UTF-8');
  // 02:30 does not exist in New York on 8 March.
  expect(here).toContain('2026-03-08T07:30:00.000Z');
  expect(JSON.parse(here)).toHaveLength(12);
  expect(run('Pacific/Apia', 'ar_EG.UTF-8')).toBe(here);
  expect(run('America/New_York', 'th_TH.UTF-8')).toBe(here);
});
