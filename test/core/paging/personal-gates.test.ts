/**
 * Gates that look at the clock and the holidays of whoever would be asked.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGate } from '../../../src/core/paging/gate.ts';
import { incidentFact } from '../../../src/core/paging/incident-fact.ts';
import { nextOpening } from '../../../src/core/paging/next-opening.ts';
import { plan } from '../../../src/core/paging/plan-page.ts';
import type { Condition } from '../../../src/model/condition.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import type { Rung, Target } from '../../../src/model/escalation.ts';
import { DAY, HOUR, incident, ladder, names, rung, world } from './world.ts';

const sms = [{ notifier: 'sms', address: '+1' }];
const MINUTE = 60_000;

/** Ana lives in New York, ben in Berlin, kim in Tokyo; dan says nowhere. Ana and dan take turns in Berlin. */
const PLACES: Partial<ConfigInput> = {
  users: [
    { id: 'ana', timeZone: 'America/New_York', holidays: 'us', contacts: sms },
    { id: 'ben', timeZone: 'Europe/Berlin', holidays: 'berlin', contacts: sms },
    { id: 'kim', timeZone: 'Asia/Tokyo', contacts: sms },
    { id: 'dan', contacts: sms },
    { id: 'mute', timeZone: 'Europe/Berlin' },
  ],
  teams: [{ id: 'all', members: ['ana', 'ben', 'kim', 'dan'], schedule: 'primary' }],
  schedules: [
    {
      id: 'primary',
      timeZone: 'Europe/Berlin',
      layers: [
        {
          id: 'weekly',
          rotation: { start: '2026-01-05T00:00:00', rrule: 'FREQ=WEEKLY', participants: [['ana', 'dan'], 'ben'] },
        },
      ],
    },
  ],
  holidays: [
    { id: 'us', dates: ['2026-01-19'] },
    { id: 'berlin', dates: ['2026-03-08', '2026-01-06'] },
  ],
};
const people = world(PLACES);

const hours = (timeZone: string, more: object = {}): Condition => ({
  op: 'during',
  value: { timeZone, from: '09:00', until: '18:00', ...more },
});
const OWN = hours('responder');
const at = (text: string) => Date.parse(text);
const step = (when: Condition, targets: readonly Target[], moment: string, more: Partial<Rung> = {}, shop = people) =>
  plan(
    { type: 'requestPage', purpose: 'step' },
    incident({ at: at(moment), ladder: ladder(rung(targets, { when, ...more })) }),
    shop,
  );
const asked = (when: Condition, targets: readonly Target[], moment: string, more: Partial<Rung> = {}) => {
  const event = step(when, targets, moment, more);
  return event?.type === 'page.requested' ? names(event.recipients) : event?.type === 'page.nobody' ? event.reason : '';
};
const everyone: readonly Target[] = [{ team: 'all', everyone: true }];

describe('within the hours of whoever would be asked', () => {
  test('those are asked for whom it is day, and the others are passed over and told of', () => {
    expect(asked(OWN, everyone, '2026-01-07T10:00:00Z')).toEqual(['ben', 'dan']);
    expect(asked(OWN, everyone, '2026-01-07T15:00:00Z')).toEqual(['ana', 'ben', 'dan']);
    expect(asked(OWN, everyone, '2026-01-07T01:00:00Z')).toEqual(['kim']);
    expect(step(OWN, everyone, '2026-01-07T01:00:00Z')).toMatchObject({
      trace: { unreached: ['ana', 'ben', 'dan'].map((user) => ({ user, why: 'gated' })) },
    });
  });

  test('a step that is closed for all whom it names is a closed step, its channels with it', () => {
    const targets: readonly Target[] = [{ user: 'ana' }, { user: 'ben' }];
    expect(step(OWN, targets, '2026-01-07T03:00:00Z')).toMatchObject({
      type: 'page.nobody',
      reason: 'gated',
      trace: {
        gate: OWN,
        unreached: [
          { user: 'ana', why: 'gated' },
          { user: 'ben', why: 'gated' },
        ],
      },
    });
  });

  test('a step is empty, not closed, when it is open for somebody who cannot be reached', () => {
    expect(asked(OWN, [{ user: 'ana' }, { user: 'mute' }], '2026-01-07T10:00:00Z')).toBe('nobody');
  });

  test('whoever says no zone lives where the schedule that named them is, and else in UTC', () => {
    expect(asked(OWN, [{ schedule: 'primary' }], '2026-01-07T08:30:00Z')).toEqual(['dan']);
    expect(asked(OWN, [{ user: 'dan' }], '2026-01-07T08:30:00Z')).toBe('gated');
  });

  test('the clock of the schedule is that of the schedule that named somebody, and else their own', () => {
    const when = hours('schedule');
    expect(asked(when, [{ schedule: 'primary' }], '2026-01-07T08:30:00Z')).toEqual(['ana', 'dan']);
    expect(asked(when, [{ team: 'all' }], '2026-01-07T08:30:00Z')).toEqual(['ana', 'dan']);
    expect(asked(when, [{ user: 'kim' }], '2026-01-07T01:00:00Z')).toEqual(['kim']);
  });

  test('somebody is asked when the gate is open for one of the reasons for which they are named', () => {
    const when = hours('schedule');
    expect(asked(when, [{ user: 'ana' }, { schedule: 'primary' }], '2026-01-07T08:30:00Z')).toEqual(['ana', 'dan']);
    expect(step(when, [{ user: 'ana' }, { schedule: 'primary' }], '2026-01-07T08:30:00Z')).not.toHaveProperty('trace');
  });

  test('in a round-robin whoever sleeps is passed over', () => {
    const event = step(OWN, everyone, '2026-01-07T01:00:00Z', { strategy: 'round-robin' });
    expect(event).toMatchObject({ recipients: [{ user: 'kim' }], turn: { place: 2, user: 'kim' } });
    expect(event).toMatchObject({
      trace: {
        unreached: [
          { user: 'ana', why: 'gated' },
          { user: 'ben', why: 'gated' },
        ],
      },
    });
  });
});

describe('on holidays', () => {
  const own = (are: 'excluded' | 'only') => hours('responder', { holidays: { calendar: 'responder', are } });
  const day = { from: undefined, until: undefined };

  test('of their own whoever has one is left in peace', () => {
    expect(asked(own('excluded'), everyone, '2026-01-06T15:00:00Z')).toEqual(['ana', 'dan']);
    expect(asked(own('excluded'), everyone, '2026-01-19T15:00:00Z')).toEqual(['ben', 'dan']);
  });

  test('a gate may be open on them only, and whoever has no calendar has none', () => {
    expect(asked(own('only'), everyone, '2026-01-06T10:00:00Z')).toEqual(['ben']);
    expect(asked(own('only'), [{ user: 'kim' }], '2026-01-06T01:00:00Z')).toBe('gated');
  });

  test('it is the local date that counts', () => {
    const when = hours('responder', { ...day, holidays: { calendar: 'berlin', are: 'only' } });
    // In Tokyo it is the 6th already, and in New York still the 5th.
    expect(asked(when, everyone, '2026-01-05T20:00:00Z')).toEqual(['kim']);
    expect(asked(when, everyone, '2026-01-06T01:00:00Z')).toEqual(['ben', 'kim', 'dan']);
  });

  test('a calendar that is named closes a step for everybody', () => {
    const when = hours('Europe/Berlin', { holidays: { calendar: 'berlin', are: 'excluded' } });
    expect(asked(when, everyone, '2026-01-06T10:00:00Z')).toBe('gated');
    expect(asked(when, everyone, '2026-01-07T10:00:00Z')).toEqual(['ana', 'ben', 'kim', 'dan']);
  });

  test('a gate whose calendar is gone cannot be judged and stands open', () => {
    const when = hours('responder', { holidays: { calendar: 'gone', are: 'excluded' } });
    expect(asked(when, everyone, '2026-01-07T03:00:00Z')).toEqual(['ana', 'ben', 'kim', 'dan']);
  });

  test('a gate stands open for somebody whose zone is not known', () => {
    const users = new Map([...people.users, ['kim', { ...people.users.get('kim')!, timeZone: 'Mars/Olympus' }]]);
    expect(step(OWN, [{ user: 'kim' }], '2026-01-07T20:00:00Z', {}, { ...people, users })).toMatchObject({
      recipients: [{ user: 'kim' }],
    });
  });
});

test('a gate of somebody is judged as their own clock shows it, whatever the zone and the day', () => {
  const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
  fc.assert(
    fc.property(
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'),
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
      fc.tuple(fc.nat(23), fc.nat(23)).filter(([from, until]) => from < until),
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
      fc.constantFrom('excluded' as const, 'only' as const, undefined),
      (zone, moment, [from, until], weekdays, are) => {
        const local = Object.fromEntries(
          new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' })
            .formatToParts(moment)
            .map(({ type, value }) => [type, value]),
        );
        const date = `${local.year}-${local.month}-${local.day}`;
        const isHoliday = Number(local.day) % 2 === 0;
        const dates = isHoliday ? [date] : ['2020-01-01'];
        const hour = Number(local.hour);
        const weekday = names[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7]!;
        const mayCount = are === undefined || isHoliday === (are === 'only');
        const expected = hour >= from && hour < until && weekdays.includes(weekday) && mayCount;
        const clock = (n: number) => `${String(n).padStart(2, '0')}:00`;
        const value = {
          ...{ timeZone: 'responder', from: clock(from), until: clock(until), weekdays },
          ...(are !== undefined && { holidays: { calendar: 'responder', are } }),
        };
        const gate = compileGate({ op: 'during', value }, new Map([['own', dates]]));
        expect(gate.isPersonal).toBe(true);
        expect(
          gate.isOpen(incidentFact(incident()), moment, { responder: zone, schedule: 'UTC', calendar: 'own' }),
        ).toBe(expected);
      },
    ),
    { numRuns: 500, seed: 20_260_105 },
  );
});

describe('what can wait waits until the gate opens for somebody', () => {
  const opens = (from: string, when: Condition, targets: readonly Target[], shop = people) =>
    new Date(
      at(from) + nextOpening(incident({ at: at(from), urgency: 'low', ladder: ladder(rung(targets, { when })) }), shop),
    ).toISOString();

  test('in their own morning', () => {
    expect(opens('2026-01-07T03:00:00Z', OWN, [{ user: 'ana' }, { user: 'ben' }])).toBe('2026-01-07T08:00:00.000Z');
    expect(opens('2026-01-07T19:00:00Z', OWN, everyone)).toBe('2026-01-07T19:15:00.000Z');
    expect(opens('2026-01-07T23:15:00Z', OWN, [{ user: 'kim' }])).toBe('2026-01-08T00:00:00.000Z');
  });

  test('after the weekend and the holidays', () => {
    const working = { weekdays: ['MO', 'TU', 'WE', 'TH', 'FR'], holidays: { calendar: 'responder', are: 'excluded' } };
    expect(opens('2026-01-16T23:30:00Z', hours('responder', working), [{ user: 'ana' }])).toBe(
      '2026-01-20T14:00:00.000Z',
    );
  });

  test('when whoever is on call then is awake', () => {
    // Ben comes on call on Monday at midnight in Berlin, and begins at nine.
    expect(opens('2026-01-11T23:15:00Z', OWN, [{ schedule: 'primary' }])).toBe('2026-01-12T08:00:00.000Z');
    expect(opens('2026-01-07T23:15:00Z', OWN, [{ schedule: 'primary' }])).toBe('2026-01-08T08:00:00.000Z');
  });

  test('when whoever comes next or takes part at all is awake', () => {
    expect(opens('2026-01-07T19:15:00Z', OWN, [{ schedule: 'primary', who: 'next' }])).toBe('2026-01-08T08:00:00.000Z');
    expect(opens('2026-01-07T19:15:00Z', OWN, [{ schedule: 'primary', who: 'everyone' }])).toBe(
      '2026-01-07T19:30:00.000Z',
    );
  });

  test('at the first moment at which somebody would be asked, whichever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 * 24 * 4 }),
        fc.subarray(['ana', 'ben', 'kim', 'dan'], { minLength: 1 }),
        (quarter, ids) => {
          const from = at('2026-01-05T00:00:00Z') + quarter * 15 * MINUTE;
          const targets = ids.map((user) => ({ user }));
          const waitMs = nextOpening(
            incident({ at: from, urgency: 'low', ladder: ladder(rung(targets, { when: OWN })) }),
            people,
          );
          const isOpen = (moment: number) => asked(OWN, targets, new Date(moment).toISOString()) !== 'gated';
          expect(isOpen(from + waitMs)).toBe(true);
          for (let moment = from + 15 * MINUTE; moment < from + waitMs; moment += HOUR)
            expect(isOpen(moment)).toBe(false);
        },
      ),
      { numRuns: 60, seed: 20_260_105 },
    );
  });

  test('a week when it opens for nobody, and no longer than it may be looked for', () => {
    const never = hours('responder', { holidays: { calendar: 'us', are: 'only' } });
    expect(opens('2026-02-01T00:00:00Z', never, [{ user: 'ana' }])).toBe(
      new Date(at('2026-02-01T00:00:00Z') + 7 * DAY).toISOString(),
    );
    let asks = 0;
    const primary = people.schedules.get('primary')!;
    const onCallAt: typeof primary.onCallAt = (moment) => {
      asks += 1;
      return primary.onCallAt(moment);
    };
    const counted = { ...primary, onCallAt };
    opens('2026-02-01T00:00:00Z', never, [{ schedule: 'primary', who: 'next' }], {
      ...people,
      schedules: new Map([['primary', counted]]),
    });
    expect(asks).toBeLessThanOrEqual(200);
  });
});
