/**
 * Quiet hours: what can wait is released at their end, by the wall clock of the person.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactPlan, noticePlan } from '../../../src/core/paging/contacts.ts';
import { everEnds, quietUntil } from '../../../src/core/paging/quiet-hours.ts';
import { type QuietHours, userSchema } from '../../../src/model/user.ts';

const HOUR = 3_600_000;
const iso = (text: string) => Date.parse(text);
const sleeper = (quietHours: QuietHours[], timeZone: string | undefined = 'Europe/Berlin') => ({
  quietHours,
  timeZone,
});
const until = (hours: QuietHours[], at: string, timeZone?: string) =>
  new Date(quietUntil(sleeper(hours, timeZone), iso(at))).toISOString();
const NIGHT: QuietHours = { from: '22:00', until: '07:00' };

describe('the end of quiet hours', () => {
  test('is by the clock of the person, also over midnight', () => {
    expect(until([NIGHT], '2026-01-06T21:00:00Z')).toBe('2026-01-07T06:00:00.000Z');
    expect(until([NIGHT], '2026-01-07T05:59:59.999Z')).toBe('2026-01-07T06:00:00.000Z');
    expect(until([NIGHT], '2026-01-06T21:00:00Z', 'America/New_York')).toBe('2026-01-06T21:00:00.000Z');
  });

  test('is open at its edges: the last moment before is not held, and the end is free', () => {
    expect(until([NIGHT], '2026-01-06T20:59:59.999Z')).toBe('2026-01-06T20:59:59.999Z');
    expect(until([NIGHT], '2026-01-07T06:00:00Z')).toBe('2026-01-07T06:00:00.000Z');
  });

  test('belongs to the weekday on which the hours began', () => {
    // 2026-01-09 is a Friday.
    const friday: QuietHours = { ...NIGHT, weekdays: ['FR'] };
    expect(until([friday], '2026-01-10T01:00:00Z')).toBe('2026-01-10T06:00:00.000Z');
    expect(until([friday], '2026-01-09T01:00:00Z')).toBe('2026-01-09T01:00:00.000Z');
    expect(until([friday], '2026-01-10T22:00:00Z')).toBe('2026-01-10T22:00:00.000Z');
  });

  test('of windows that touch or overlap is that of the last', () => {
    const weekend: QuietHours[] = [
      { from: '18:00', until: '24:00', weekdays: ['FR'] },
      { from: '00:00', until: '24:00', weekdays: ['SA', 'SU'] },
      { from: '22:00', until: '07:00', weekdays: ['SU'] },
    ];
    expect(until(weekend, '2026-01-09T18:00:00Z')).toBe('2026-01-12T06:00:00.000Z');
  });

  test('moves with the clocks: the night is an hour shorter in spring and longer in autumn', () => {
    expect(until([NIGHT], '2026-03-28T21:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
    expect(until([NIGHT], '2026-10-24T20:00:00Z')).toBe('2026-10-25T06:00:00.000Z');
  });

  test('in an hour that the clocks skip comes with the first moment after it', () => {
    expect(until([{ from: '22:00', until: '02:30' }], '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  });

  test('in an hour that comes twice is the first, and the hours come back with the second', () => {
    const hours: QuietHours[] = [{ from: '22:00', until: '02:30' }];
    expect(until(hours, '2026-10-24T23:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(until(hours, '2026-10-25T01:10:00Z')).toBe('2026-10-25T01:30:00.000Z');
  });

  test('is never waited for when there is none, or when nobody knows whose clock it is', () => {
    const always: QuietHours[] = [{ from: '00:00', until: '24:00' }];
    expect(until(always, '2026-01-06T21:00:00Z')).toBe('2026-01-06T21:00:00.000Z');
    const at = iso('2026-01-06T22:00:00Z');
    expect(quietUntil({ quietHours: [NIGHT], timeZone: undefined }, at)).toBe(at);
    expect(quietUntil({ quietHours: [NIGHT], timeZone: 'Mars/Base' }, at)).toBe(at);
    expect(quietUntil({ quietHours: [], timeZone: 'UTC' }, at)).toBe(at);
  });

  test('exists unless the hours are the whole week', () => {
    expect(everEnds([NIGHT])).toBe(true);
    expect(everEnds([{ from: '00:00', until: '24:00' }])).toBe(false);
    expect(everEnds([NIGHT, { from: '07:00', until: '22:00' }])).toBe(false);
    expect(everEnds([{ from: '00:00', until: '24:00', weekdays: ['SA', 'SU'] }])).toBe(true);
  });
});

const clock = fc
  .tuple(fc.nat(23), fc.constantFrom('00', '15', '30', '59'))
  .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${minutes}`);
const window = fc
  .record(
    {
      from: clock,
      until: clock,
      weekdays: fc.uniqueArray(
        fc.constantFrom('MO' as const, 'TU' as const, 'WE' as const, 'SA' as const, 'SU' as const),
        {
          minLength: 1,
        },
      ),
    },
    { requiredKeys: ['from', 'until'] },
  )
  .filter(({ from, until: end }) => from !== end) as fc.Arbitrary<QuietHours>;
const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC');
const moment = fc.integer({ min: iso('2026-01-01T00:00:00Z'), max: iso('2026-12-31T00:00:00Z') });

test('what is released is free: it lies in no window, it never comes early, and everything before it is quiet', () => {
  fc.assert(
    fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), zone, moment, (hours, timeZone, at) => {
      fc.pre(everEnds(hours));
      const free = quietUntil(sleeper(hours, timeZone), at);
      expect(free).toBeGreaterThanOrEqual(at);
      expect(quietUntil(sleeper(hours, timeZone), free)).toBe(free);
      if (free > at) {
        const middle = at + Math.floor((free - at) / 2);
        expect(quietUntil(sleeper(hours, timeZone), middle)).toBe(free);
        expect(quietUntil(sleeper(hours, timeZone), free - 1)).toBe(free);
      }
    }),
  );
});

describe('the contacts of somebody with quiet hours', () => {
  const ana = userSchema.parse({
    id: 'ana',
    timeZone: 'UTC',
    quietHours: [NIGHT],
    contacts: [
      { notifier: 'mail', address: 'a@b' },
      { notifier: 'sms', address: '+1' },
    ],
    rules: { low: [{ contact: 'mail' }, { after: '2h', contact: 'sms' }, { after: '3h', contact: 'mail' }] },
  });
  const plan = (at: string, urgency: 'high' | 'low' = 'low') =>
    contactPlan(ana, urgency, iso(at)).map(({ contact, afterMs, heldBy }) => [contact, afterMs / HOUR, heldBy]);

  test('wait for their end when it can wait, and say why', () => {
    expect(plan('2026-01-06T23:00:00Z')).toEqual([
      ['mail', 8, 'quietHours'],
      ['sms', 8, 'quietHours'],
    ]);
  });

  test('are held only where they are due within them', () => {
    expect(plan('2026-01-06T21:00:00Z')).toEqual([
      ['mail', 0, undefined],
      ['sms', 10, 'quietHours'],
      ['mail', 10, 'quietHours'],
    ]);
  });

  test('never wait when it is urgent', () => {
    expect(plan('2026-01-06T23:00:00Z', 'high').map(([, , heldBy]) => heldBy)).toEqual([undefined, undefined]);
  });

  test('are one for news: the first for what can wait, at once or at their end', () => {
    const late = userSchema.parse({ ...ana, rules: { low: [{ after: '2h', contact: 'sms' }] } });
    expect(noticePlan(late, iso('2026-01-06T12:00:00Z'))).toEqual([
      { contact: 'sms', notifier: 'sms', address: '+1', afterMs: 0 },
    ]);
    expect(noticePlan(late, iso('2026-01-07T06:00:00Z'))).toMatchObject([{ afterMs: HOUR, heldBy: 'quietHours' }]);
    expect(noticePlan({ ...ana, contacts: [] }, 0)).toEqual([]);
  });
});
