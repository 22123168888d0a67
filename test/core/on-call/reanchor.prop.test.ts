import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule, reanchor, type ScheduleInput } from '../../../src/core/on-call/index.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { DAY } from './oracle/clock.ts';
import { localArb, minuteArb, participantsArb, scheduleArb, zoneArb } from './oracle/schedule-arb.ts';

/** The re-anchored schedule; one whose last turn goes on for ever is refused, and proves nothing. */
function reanchored(...asked: Parameters<typeof reanchor>): ReturnType<typeof reanchor> {
  try {
    return reanchor(...asked);
  } catch (error) {
    fc.pre(!(isTocsinError(error, 'SCHEDULE_INVALID') && error.message.includes('hands over no more')));
    throw error;
  }
}

test('re-anchoring changes neither the running shift nor anything before it', () => {
  fc.assert(
    fc.property(scheduleArb, minuteArb, participantsArb, (input, at, participants) => {
      const before = createSchedule(input);
      const after = createSchedule(reanchored(input, { at, layer: 'layer0', participants }));
      const now = (of: typeof before) =>
        // Who serves by another layer may have a longer shift, because nobody takes it over.
        of
          .onCallAt(at)
          .map(({ shift, ...duty }) => ({ ...duty, shift: duty.layer === 'layer0' ? shift : shift.start }));
      expect(now(after)).toEqual(now(before));
      const past = { from: at - 30 * DAY, until: at + 1 };
      expect(after.shifts(past)).toEqual(before.shifts(past));
      expect(after.layerShifts('layer0', past)).toEqual(before.layerShifts('layer0', past));
      const all = { from: at - 20 * DAY, until: at + 20 * DAY };
      expect(after.handoffs('layer0', all)).toEqual(before.handoffs('layer0', all));
    }),
    { numRuns: 30 },
  );
});

test('re-anchoring again later keeps what the first one decided until then', () => {
  fc.assert(
    fc.property(scheduleArb, minuteArb, fc.nat(60), participantsArb, participantsArb, (input, at, days, one, other) => {
      const once = reanchored(input, { at, layer: 'layer0', participants: one });
      const later = at + days * DAY;
      const twice = reanchored(once, { at: later, layer: 'layer0', participants: other });
      const past = { from: at - 60 * DAY, until: later + 1 };
      expect(createSchedule(twice).shifts(past)).toEqual(createSchedule(once).shifts(past));
    }),
    { numRuns: 40 },
  );
});

const endlessRuleArb = fc.constantFrom(
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO,WE,SA',
  'FREQ=HOURLY;INTERVAL=7',
  'FREQ=HOURLY',
  'FREQ=MONTHLY;BYDAY=-1FR',
);
const peopleArb = fc.uniqueArray(fc.constantFrom('ana', 'ben', 'chi', 'dan', 'eva', 'fay'), {
  minLength: 1,
  maxLength: 5,
});

test('after re-anchoring everybody of the new list serves, in its order, and nobody else does', () => {
  fc.assert(
    fc.property(
      fc.record({
        // The day that Apia skipped took a turn with it.
        timeZone: zoneArb.filter((zone) => zone !== 'Pacific/Apia'),
        start: localArb,
        rrule: endlessRuleArb,
        handoffsPerTurn: fc.integer({ min: 1, max: 3 }),
      }),
      peopleArb,
      peopleArb,
      minuteArb,
      ({ timeZone, ...rotation }, old, participants, at) => {
        const input: ScheduleInput = {
          id: 'any',
          timeZone,
          layers: [{ id: 'one', rotation: { ...rotation, participants: old } }],
        };
        const schedule = createSchedule(reanchor(input, { at, participants }));
        const { length } = participants;
        const [running] = schedule.onCallAt(at);
        const users: string[] = [];
        let handoff = schedule.nextHandoff(at);
        let turn = schedule.explainAt(at).layers[0]?.turn;
        for (let looked = 0; handoff !== undefined && users.length < 2 * length && looked < 200; looked += 1) {
          const explained = schedule.explainAt(handoff).layers[0];
          if (explained?.turn !== turn) users.push(explained?.users[0] ?? 'nobody');
          turn = explained?.turn;
          handoff = schedule.nextHandoff(handoff);
        }
        expect(users.slice(0, length).toSorted()).toEqual(participants.toSorted());
        expect(users.slice(length)).toEqual(users.slice(0, length));
        const place = participants.map(String).indexOf(running?.user ?? '');
        if (place >= 0) expect(users[0]).toBe(participants[(place + 1) % length]);
      },
    ),
    { numRuns: 40 },
  );
});
