import { impactAt, isWorse, worstOf } from 'tocsin/status';
import { describe, expect, test } from 'vitest';
import { indicatorOf } from '../../../src/core/status/impact.ts';
import { compiled, DAY, ended, HOUR, MINUTE, NOON, override, record, shown, works } from './build.ts';

const uptimeOf = (parts: Parameters<typeof shown>[0] = {}) => {
  const { uptime } = shown(parts).components[0] ?? {};
  if (uptime === undefined) throw new Error('no uptime');
  return uptime;
};
const today = (parts: Parameters<typeof shown>[0]) => uptimeOf(parts).days.at(-1);
const page = (more: object) => compiled({ pages: [{ id: 'public', name: 'P', ...more }] });
const outage = (
  from: number,
  until: number,
  impact: 'major_outage' | 'partial_outage' | 'degraded_performance' = 'major_outage',
) => ended(record({ openedAt: from, spans: [{ at: from, impacts: { checkout: impact } }] }), until);

describe('the days of a component', () => {
  test('are 90 up to today, and what is not recorded counts as up', () => {
    const { days, ratio } = uptimeOf();
    expect(days).toHaveLength(90);
    expect(days[0]).toEqual({ date: '2026-09-01', worst: 'operational', minutes: {} });
    expect(days.at(-1)?.date).toBe('2026-11-29');
    expect(ratio).toBe(1);
  });

  test('have the minutes of each impact; the worst counts where two overlap', () => {
    const records = [
      outage(NOON - 3 * HOUR, NOON - HOUR, 'partial_outage'),
      outage(NOON - 2 * HOUR, NOON - 90 * MINUTE),
    ];
    expect(today({ records })).toEqual({
      date: '2026-11-29',
      worst: 'major_outage',
      minutes: { partial_outage: 90, major_outage: 30 },
    });
  });

  test('an outage over midnight belongs to both days', () => {
    const midnight = NOON - 12 * HOUR;
    const { days } = uptimeOf({ records: [outage(midnight - 10 * MINUTE, midnight + 5 * MINUTE)] });
    expect(days.slice(-2).map(({ minutes }) => minutes)).toEqual([{ major_outage: 10 }, { major_outage: 5 }]);
  });

  test('what lasted some seconds is a minute', () => {
    expect(today({ records: [outage(NOON - 2_000, NOON - 1_000)] })).toMatchObject({
      worst: 'major_outage',
      minutes: { major_outage: 1 },
    });
  });

  test('a day on which clocks are changed has 23 or 25 hours', () => {
    const status = page({ timeZone: 'Europe/Berlin', uptime: { days: 2 } });
    const minutes = (at: number) =>
      uptimeOf({ status, at, records: [outage(at - 10 * DAY, at)] }).days[0]?.minutes.major_outage;
    expect(minutes(Date.UTC(2026, 2, 30, 12))).toBe(23 * 60);
    expect(minutes(Date.UTC(2026, 9, 26, 12))).toBe(25 * 60);
    expect(minutes(Date.UTC(2026, 10, 26, 12))).toBe(24 * 60);
  });

  test('a day that a zone left out has nothing', () => {
    const at = Date.UTC(2011, 11, 31, 12);
    const { days } = uptimeOf({
      status: page({ timeZone: 'Pacific/Apia', uptime: { days: 4 } }),
      at,
      records: [outage(at - 9 * DAY, at)],
    });
    expect(days.find(({ date }) => date === '2011-12-30')).toEqual({
      date: '2011-12-30',
      worst: undefined,
      minutes: {},
    });
  });

  test('an open incident counts until now', () => {
    expect(today({ records: [record()] })?.minutes).toEqual({ major_outage: 60 });
  });

  test('what somebody recorded later counts from when the trouble began to its end', () => {
    const later = { kind: 'backfilled' as const, openedAt: NOON - MINUTE, impactStartedAt: NOON - 5 * HOUR };
    const one = { ...ended(record(later), NOON - MINUTE), endedAt: NOON - 4 * HOUR };
    expect(today({ records: [one] })?.minutes).toEqual({ major_outage: 60 });
  });

  test('trouble that began later than was thought counts from then', () => {
    expect(today({ records: [record({ impactStartedAt: NOON - 10 * MINUTE })] })?.minutes).toEqual({
      major_outage: 10,
    });
  });
});

describe('the ratio', () => {
  const status = page({ uptime: { days: 1 } });

  test('weighs outages as the page says', () => {
    const records = [outage(NOON - 2 * HOUR, NOON - HOUR), outage(NOON - HOUR, NOON, 'partial_outage')];
    expect(uptimeOf({ status, records }).ratio).toBeCloseTo(1 - 1.3 / 12, 12);
    const strict = page({ uptime: { days: 1, weights: { partial_outage: 1 } } });
    expect(uptimeOf({ status: strict, records }).ratio).toBeCloseTo(1 - 2 / 12, 12);
    const slow = [outage(NOON - HOUR, NOON, 'degraded_performance')];
    expect(uptimeOf({ status, records: slow }).ratio).toBe(1);
  });

  test('announced maintenance is not counted at all, whatever happens in it', () => {
    const parts = { status, maintenance: [works({ from: NOON - 2 * HOUR, until: NOON - HOUR })] };
    const records = [outage(NOON - 90 * MINUTE, NOON - 30 * MINUTE)];
    expect(uptimeOf(parts)).toMatchObject({
      ratio: 1,
      days: [{ worst: 'under_maintenance', minutes: { under_maintenance: 60 } }],
    });
    expect(uptimeOf({ ...parts, records }).days[0]?.minutes).toEqual({ under_maintenance: 60, major_outage: 30 });
    expect(uptimeOf({ ...parts, records }).ratio).toBeCloseTo(1 - 0.5 / 11, 12);
  });

  test('is not known of what was maintenance all the time', () => {
    expect(uptimeOf({ status, maintenance: [works({ from: NOON - DAY, until: NOON + DAY })] }).ratio).toBeUndefined();
  });

  test('what was set by hand counts instead of incidents', () => {
    const overrides = [override({ impact: 'operational', from: NOON - HOUR, until: NOON - 30 * MINUTE })];
    expect(today({ records: [record()], overrides })?.minutes).toEqual({ major_outage: 30 });
  });
});

describe('impacts', () => {
  test('have an order, in which maintenance is better than anything that is broken', () => {
    expect(worstOf([])).toBe('operational');
    expect(worstOf(['under_maintenance', 'operational'])).toBe('under_maintenance');
    expect(isWorse('degraded_performance', 'under_maintenance')).toBe(true);
    expect(isWorse('major_outage', 'major_outage')).toBe(false);
  });

  test('say how bad it is as a whole', () => {
    const all = ['operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage'] as const;
    expect(all.map((impact) => indicatorOf([impact, 'operational'], false))).toEqual([
      'none',
      'maintenance',
      'minor',
      'major',
      'critical',
    ]);
    expect(all.map((impact) => indicatorOf([impact], true))).toEqual(['minor', 'minor', 'minor', 'major', 'critical']);
  });

  test('can be asked for one component at a moment', () => {
    const sources = { records: [outage(NOON - HOUR, NOON)], overrides: [], maintenance: [] };
    expect(impactAt('checkout', NOON - 1, sources)).toBe('major_outage');
    expect(impactAt('checkout', NOON, sources)).toBe('operational');
    expect(impactAt('gone', NOON, sources)).toBe('operational');
  });
});
