/**
 * What a configuration says of holidays, of gates that look at people's own clocks, and of waits until a time.
 */
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/model/config.ts';
import { problemsOf } from './smallest.ts';

type Step = ConfigInput['escalationPolicies'][number]['steps'][number];

const problems = (parts: object) => problemsOf(parts);
const stepping = (step: Partial<Step>, more: object = {}) => ({
  escalationPolicies: [
    { id: 'default', steps: [{ targets: [{ user: 'ben' }], ...step }], fallback: [{ user: 'ben' }] },
  ],
  ...more,
});
const STEP = 'escalationPolicies[0].steps[0]';
const BERLIN = { holidays: [{ id: 'berlin', dates: ['2026-12-25'] }] };
const during = (value: object) => ({ op: 'during', value }) as never;

test('round-robin, gates of their own clocks and waits until a time are accepted', () => {
  const when = {
    all: [
      during({
        timeZone: 'responder',
        from: '09:00',
        until: '18:00',
        holidays: { calendar: 'responder', are: 'excluded' },
      }),
      during({ timeZone: 'schedule', holidays: { calendar: 'berlin', are: 'only' } }),
      during({ timeZone: 'responder', start: '2026-01-05T09:00:00', rrule: 'FREQ=DAILY', duration: '8h' }),
      during({ timeZone: 'UTC', holidays: { dates: ['2026-01-01'], are: 'excluded' } }),
    ],
  };
  const escalateAt = {
    time: '09:00',
    timeZone: 'Europe/Berlin',
    holidays: { calendar: 'berlin', are: 'excluded' },
  } as const;
  expect(problems(stepping({ strategy: 'round-robin', when, escalateAt, acknowledge: 'each' }, BERLIN))).toEqual([]);
});

describe('holidays', () => {
  test('are dates of the calendar', () => {
    expect(problems({ holidays: [{ id: 'c', dates: ['2026-12-25', '2026-02-30'] }] })).toEqual([
      {
        path: 'holidays[0].dates[1]',
        message: '2026-02-30 is no date of the calendar',
        hint: 'Write one such as 2026-12-25.',
      },
    ]);
  });

  test('have calendars of different names, none of which means whoever is asked', () => {
    const calendar = (id: string) => ({ id, dates: [] });
    expect(problems({ holidays: [calendar('a'), calendar('a'), calendar('responder')] })).toMatchObject([
      { path: 'holidays[1].id' },
      { path: 'holidays[2].id' },
    ]);
  });

  test('of a person are those of a calendar that is there', () => {
    const users = [{ id: 'ben', holidays: 'bavaria', contacts: [{ notifier: 'sms', address: '+1' }] }];
    expect(problems({ ...stepping({}), schedules: [], users, ...BERLIN })).toEqual([
      { path: 'users[0].holidays', message: 'there is no calendar bavaria', hint: 'Known: berlin.' },
    ]);
  });

  test('of a gate are those of a calendar that is there, wherever in the gate it is named', () => {
    const when = {
      any: ['a=b', { not: during({ timeZone: 'responder', holidays: { calendar: 'bavaria', are: 'only' } }) }],
    };
    expect(problems(stepping({ when }, BERLIN))).toMatchObject([
      { path: `${STEP}.when.any[1].not.value.holidays.calendar`, message: 'there is no calendar bavaria' },
    ]);
  });

  test('of a wait are those of a calendar that is there', () => {
    const escalateAt = { time: '09:00', timeZone: 'UTC', holidays: { calendar: 'bavaria', are: 'only' } } as const;
    expect(problems(stepping({ escalateAt }, BERLIN))).toMatchObject([
      { path: `${STEP}.escalateAt.holidays.calendar` },
    ]);
  });

  test('that are written out have to be dates of the calendar as well', () => {
    const when = during({ timeZone: 'UTC', holidays: { dates: ['2026-02-30'], are: 'only' } });
    expect(problems(stepping({ when }))).toMatchObject([{ path: `${STEP}.when.value.holidays.dates[0]` }]);
  });
});

describe('the clock of a person', () => {
  test.each(['responder', 'schedule'])('%s stands for a zone in the gate of a step only', (timeZone) => {
    const when = during({ timeZone, from: '09:00' });
    expect(problems({ routes: [{ service: 'checkout', when }] })).toMatchObject([
      { path: 'routes[0].when.value.timeZone', message: expect.stringContaining('in the gate of a step') },
    ]);
    expect(problems({ severity: { rules: [{ id: 'r', when, severity: 'SEV1' }] } })).toMatchObject([
      { path: 'severity.rules[0].when.value.timeZone' },
    ]);
    const supportHours = [{ timeZone, from: '09:00' }];
    expect(problems({ severity: { supportHours } })).toMatchObject([{ path: 'severity.supportHours[0].timeZone' }]);
    const silences = [
      { id: 's', when, from: '2029-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z', author: 'ben', comment: 'x' },
    ];
    expect(problems({ suppression: { silences } })).toMatchObject([
      { path: 'suppression.silences[0].when.value.timeZone' },
    ]);
    expect(problems(stepping({ escalateAt: { time: '09:00', timeZone } }))).toMatchObject([
      { path: `${STEP}.escalateAt.timeZone` },
    ]);
  });

  test('a calendar is named in the gate of a step only; elsewhere dates are written out', () => {
    const when = during({ timeZone: 'UTC', holidays: { calendar: 'berlin', are: 'excluded' } });
    expect(problems({ ...BERLIN, routes: [{ service: 'checkout', when }] })).toMatchObject([
      { path: 'routes[0].when.value.holidays.calendar', message: expect.stringContaining('only the gate of a step') },
    ]);
    const dated = during({ timeZone: 'UTC', holidays: { dates: ['2026-12-25'], are: 'excluded' } });
    expect(problems({ routes: [{ service: 'checkout', when: dated }] })).toEqual([]);
  });

  test('a gate that is wrong is told of with the place in it', () => {
    expect(problems(stepping({ when: during({ timeZone: 'Mars/Olympus' }) }))).toMatchObject([
      { path: `${STEP}.when.value.timeZone` },
    ]);
    expect(
      problems(stepping({ when: during({ timeZone: 'responder', from: '09:00', until: '09:00' }) })),
    ).toMatchObject([{ path: `${STEP}.when.value` }]);
  });

  test('of a person has to be one', () => {
    const users = [{ id: 'ben', timeZone: 'Mars/Olympus', contacts: [{ notifier: 'sms', address: '+1' }] }];
    expect(problems({ ...stepping({}), schedules: [], users })).toMatchObject([{ path: 'users[0].timeZone' }]);
  });
});

describe('a wait', () => {
  test('is for some time or until a time, never both', () => {
    const escalateAt = { time: '09:00', timeZone: 'UTC' };
    expect(problems(stepping({ escalateAfter: '5m', escalateAt }))).toEqual([
      {
        path: `${STEP}.escalateAt`,
        message: 'a step cannot have both `escalateAfter` and `escalateAt`',
        hint: 'Write one of them.',
      },
    ]);
    expect(problems(stepping({ escalateAt }))).toEqual([]);
    expect(problems(stepping({}))).toEqual([]);
  });

  test('is until a time in a zone that is known', () => {
    expect(problems(stepping({ escalateAt: { time: '09:00', timeZone: 'Mars/Olympus' } }))).toMatchObject([
      { path: `${STEP}.escalateAt.timeZone`, message: '"Mars/Olympus" is no IANA time zone' },
    ]);
  });

  test.each(['0s', '365d', '3653d'])('of %s is accepted', (escalateAfter) => {
    expect(problems(stepping({ escalateAfter }))).toEqual([]);
  });
});
