/**
 * Windows: when a maintenance is under way, whom it keeps quiet, and what is told of it; and when a ping is missing.
 */
import { describe, expect, test } from 'vitest';
import { missingAt } from '../../../src/core/intake/heartbeat.ts';
import { nextNotices } from '../../../src/core/intake/notices.ts';
import { compileQuiet, maintenanceWindows } from '../../../src/core/intake/quiet.ts';
import {
  heartbeatSchema,
  type Maintenance,
  maintenanceSchema,
  type Silence,
  silenceSchema,
} from '../../../src/model/intake.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

const maintenance = (more: object): Maintenance => maintenanceSchema.parse({ id: 'm', services: ['db'], ...more });
const silence = (id: string, more: object = {}): Silence =>
  silenceSchema.parse({
    id,
    when: 'env="dev"',
    from: '2026-01-06T10:00:00Z',
    until: '2026-01-06T11:00:00Z',
    author: 'ana',
    comment: 'c',
    ...more,
  });

describe('a window', () => {
  const sunday = maintenanceWindows(
    maintenance({
      recurring: { timeZone: 'America/New_York', start: '2026-03-01T01:30:00', rrule: 'FREQ=WEEKLY', duration: '2h' },
    }),
  );

  test('begins when it begins and ends before it ends', () => {
    const once = maintenanceWindows(maintenance({ from: '2026-01-06T10:00:00Z', until: '2026-01-06T11:00:00Z' }));
    expect(once.at(at('2026-01-06T09:59:59.999Z'))).toBeUndefined();
    expect(iso(once.at(at('2026-01-06T10:00:00Z'))?.until)).toBe('2026-01-06T11:00:00.000Z');
    expect(once.at(at('2026-01-06T11:00:00Z'))).toBeUndefined();
    expect(iso(once.after(at('2026-01-06T09:00:00Z'))?.from)).toBe('2026-01-06T10:00:00.000Z');
    expect(once.after(at('2026-01-06T10:00:00Z'))).toBeUndefined();
  });

  test('that comes again keeps to the wall clock, and lasts as long as it says although the clocks change in it', () => {
    const [before, during] = [sunday.at(at('2026-03-01T07:00:00Z')), sunday.at(at('2026-03-08T07:30:00Z'))];
    expect([iso(before?.from), iso(before?.until)]).toEqual(['2026-03-01T06:30:00.000Z', '2026-03-01T08:30:00.000Z']);
    // At 2 o'clock of this Sunday the clocks are put forward by an hour.
    expect([iso(during?.from), iso(during?.until)]).toEqual(['2026-03-08T06:30:00.000Z', '2026-03-08T08:30:00.000Z']);
    expect(iso(sunday.after(at('2026-03-08T06:30:00Z'))?.from)).toBe('2026-03-15T05:30:00.000Z');
  });

  test('that nobody would end is none', () => {
    expect(maintenanceSchema.safeParse({ id: 'm', services: ['db'], from: '2026-01-06T10:00:00Z' }).success).toBe(
      false,
    );
    expect(
      maintenanceSchema.safeParse({ id: 'm', from: '2026-01-06T10:00:00Z', until: '2026-01-06T11:00:00Z' }).success,
    ).toBe(false);
  });
});

describe('what keeps an alert quiet', () => {
  const dev = { labels: { env: 'dev' }, service: 'db' };
  const noon = at('2026-01-06T10:30:00Z');
  const quietOf = (silences: readonly Silence[], windows: readonly Maintenance[] = []) => {
    const found = compileQuiet(silences, windows).of(dev, noon);
    return found && `${found.kind} ${found.id} ${found.atEnd}`;
  };

  test('is the one that ends last', () => {
    const longer = silence('long', { until: '2026-01-06T12:00:00Z' });
    expect(quietOf([silence('short'), longer])).toBe('silence long reroute');
    expect(quietOf([longer, silence('short')])).toBe('silence long reroute');
  });

  test('of two that end together is the one that forgets nobody', () => {
    const be = silence('be', { atEnd: 'let-be' });
    expect(quietOf([be, silence('route')])).toBe('silence route reroute');
    expect(quietOf([silence('route'), be])).toBe('silence route reroute');
  });

  test('is none that has not begun, has ended, or is about something else', () => {
    expect(quietOf([silence('later', { from: '2026-01-06T10:45:00Z' })])).toBeUndefined();
    expect(quietOf([silence('over', { until: '2026-01-06T10:30:00Z' })])).toBeUndefined();
    expect(quietOf([silence('other', { when: 'env="prod"' })])).toBeUndefined();
  });

  test('a maintenance of a service and a condition wants both', () => {
    const span = { from: '2026-01-06T10:00:00Z', until: '2026-01-06T11:00:00Z' };
    expect(quietOf([], [maintenance(span)])).toBe('maintenance m reroute');
    expect(quietOf([], [maintenance({ ...span, services: ['web'] })])).toBeUndefined();
    expect(quietOf([], [maintenance({ ...span, when: 'env="prod"' })])).toBeUndefined();
  });

  test('is explained: everything that is under way, with what does not hold', () => {
    const traces = compileQuiet(
      [silence('dev'), silence('other', { when: 'env="prod"' }), silence('over', { until: '2026-01-06T10:30:00Z' })],
      [],
    ).trace(dev, noon);
    expect(traces.map(({ rule, result }) => `${rule} ${result}`)).toEqual(['dev true', 'other false']);
    expect(traces[1]?.condition?.found).toBe('dev');
  });
});

describe('notices', () => {
  const daily = maintenanceWindows(
    maintenance({
      recurring: { timeZone: 'UTC', start: '2026-01-06T10:00:00', rrule: 'FREQ=DAILY;COUNT=2', duration: '1h' },
    }),
  );

  test('come before and at each beginning and end, in order, and end with the last window', () => {
    const told: string[] = [];
    for (let after = at('2026-01-06T00:00:00Z'); ; ) {
      const next = nextNotices(daily, [30 * MINUTE], after);
      const [first] = next;
      if (first === undefined) break;
      told.push(...next.map(({ at: when, what, of }) => `${iso(when)?.slice(8, 16)} ${what} ${iso(of)?.slice(8, 16)}`));
      after = first.at;
    }
    expect(told).toEqual([
      '06T09:30 starts 06T10:00',
      '06T10:00 started 06T10:00',
      '06T10:30 ends 06T11:00',
      '06T11:00 ended 06T11:00',
      '07T09:30 starts 07T10:00',
      '07T10:00 started 07T10:00',
      '07T10:30 ends 07T11:00',
      '07T11:00 ended 07T11:00',
    ]);
  });

  test('that are longer than the time between two windows come all the same', () => {
    const [first] = nextNotices(daily, [36 * HOUR], at('2026-01-05T21:59:00Z'));
    expect([iso(first?.at), first?.what, iso(first?.of)]).toEqual([
      '2026-01-05T22:00:00.000Z',
      'starts',
      '2026-01-07T10:00:00.000Z',
    ]);
  });
});

describe('a ping is missing', () => {
  const missing = (more: object, from: string) =>
    iso(missingAt(heartbeatSchema.parse({ id: 'h', service: 's', ...more }), at(from)));

  test.each([
    [
      'an interval and the grace after the last one',
      { every: '1h', grace: '5m' },
      '2026-01-06T10:00:00Z',
      '2026-01-06T11:05:00.000Z',
    ],
    [
      'a day later to the hour without a zone',
      { every: '1d', grace: '1m' },
      '2026-03-07T14:00:00Z',
      '2026-03-08T14:01:00.000Z',
    ],
    [
      'at the same time of day in a zone, when an hour is skipped',
      { every: '1d', grace: '1m', timeZone: 'America/New_York' },
      '2026-03-07T14:00:00Z',
      '2026-03-08T13:01:00.000Z',
    ],
    [
      'at the same time of day in a zone, when an hour is repeated',
      { every: '1d', grace: '1m', timeZone: 'America/New_York' },
      '2026-10-31T13:00:00Z',
      '2026-11-01T14:01:00.000Z',
    ],
    [
      'a week later in a zone',
      { every: '7d', grace: '0s', timeZone: 'Europe/Berlin' },
      '2026-03-25T08:00:00Z',
      '2026-04-01T07:00:00.000Z',
    ],
    [
      'after the gap, when the zone skips that time of day',
      { every: '1d', grace: '0s', timeZone: 'America/New_York' },
      '2026-03-07T07:30:00Z',
      '2026-03-08T07:30:00.000Z',
    ],
    [
      'by hours that pass, when the interval is no whole day',
      { every: '36h', grace: '0s', timeZone: 'America/New_York' },
      '2026-03-07T14:00:00Z',
      '2026-03-09T02:00:00.000Z',
    ],
  ])('%s', (_, more, from, when) => {
    expect(missing(more, from)).toBe(when);
  });
});
