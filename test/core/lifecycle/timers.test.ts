/**
 * Timers: armed and cancelled by the actions of a transition, in their order.
 */

import { describe, expect, test } from 'vitest';
import { afterEvent, foldTimers } from '../../../src/core/lifecycle/timers.ts';
import { MAX_DURATION_MS } from '../../../src/model/duration.ts';
import { ana, HOUR, ladder, MINUTE, opened, settings, story } from './support.ts';

const arm = (kind: string, delay: unknown) => ({
  type: 'xstate.raise',
  params: { id: `xstate.after.${kind}.incident.paging.x`, delay, event: { type: 'x' } },
});
const cancel = (kind: string) => ({
  type: 'xstate.cancel',
  params: { sendId: `xstate.after.${kind}.incident.paging.x` },
});

describe('folding', () => {
  test('a delayed raise arms a timer, a cancel removes it', () => {
    expect(foldTimers({}, [arm('step', 500)], 1_000, 3)).toEqual({
      timers: { step: { armedSeq: 3, dueAt: 1_500 } },
      effects: [{ type: 'armTimer', kind: 'step', armedSeq: 3, dueAt: 1_500 }],
    });
    expect(foldTimers({ step: { armedSeq: 3, dueAt: 1_500 } }, [cancel('step')], 2_000, 4)).toEqual({
      timers: {},
      effects: [{ type: 'cancelTimer', kind: 'step' }],
    });
  });

  test('the last one of a kind wins', () => {
    const before = { step: { armedSeq: 3, dueAt: 1_500 } };
    const rearmed = { armedSeq: 4, dueAt: 2_010 };
    expect(foldTimers(before, [cancel('step'), arm('step', 20), arm('step', 10)], 2_000, 4)).toEqual({
      timers: { step: rearmed },
      effects: [{ type: 'armTimer', kind: 'step', ...rearmed }],
    });
    expect(foldTimers({}, [arm('step', 10), cancel('step')], 2_000, 4)).toEqual({ timers: {}, effects: [] });
  });

  test('a timer that nobody touched has no effect, whatever else happens', () => {
    const before = { close: { armedSeq: 2, dueAt: 9 } };
    expect(foldTimers(before, [{ type: 'apply' }, arm('snooze', 0)], 5, 3)).toEqual({
      timers: { close: { armedSeq: 2, dueAt: 9 }, snooze: { armedSeq: 3, dueAt: 5 } },
      effects: [{ type: 'armTimer', kind: 'snooze', armedSeq: 3, dueAt: 5 }],
    });
    expect(before).toEqual({ close: { armedSeq: 2, dueAt: 9 } });
  });

  test('a raise without a delay is a signal, and no timer', () => {
    expect(
      foldTimers({}, [{ type: 'xstate.raise', params: { event: { type: '~acted' } } }, { type: 'xstate.raise' }], 5, 3),
    ).toEqual({
      timers: {},
      effects: [],
    });
  });

  test('another action with a delay is no timer', () => {
    expect(foldTimers({}, [{ ...arm('step', 5), type: 'requestPage' }], 5, 3)).toEqual({ timers: {}, effects: [] });
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '500', null])('a delay of %s is refused', (delay) => {
    expect(() => foldTimers({}, [arm('step', delay)], 1_000, 3)).toThrow(
      expect.objectContaining({
        code: 'DELAY_INVALID',
        message: `Cannot arm timer step with a delay of ${delay}: expected milliseconds, finite and not below zero.`,
        details: { kind: 'step', delay: String(delay) },
      }),
    );
  });

  test('a delay of zero is due at once', () => {
    expect(foldTimers({}, [arm('hold', 0)], 1_000, 3).timers).toEqual({ hold: { armedSeq: 3, dueAt: 1_000 } });
  });

  test('a kind that is not in the list is refused', () => {
    expect(() => foldTimers({}, [arm('mystery', 5)], 1_000, 3)).toThrow(
      expect.objectContaining({
        code: 'DELAY_INVALID',
        message: 'Cannot keep timer xstate.after.mystery.incident.paging.x: its kind is not in the list of kinds.',
      }),
    );
    expect(() => foldTimers({}, [{ type: 'xstate.cancel' }], 1_000, 3)).toThrow('Cannot keep timer undefined');
  });
});

test('each kind has the event by which XState takes its transition', () => {
  expect(afterEvent('clearFor')).toEqual({ type: 'xstate.after.clearFor.incident.alerts.clearing' });
  expect(afterEvent('acknowledgeTimeout')).toEqual({
    type: 'xstate.after.acknowledgeTimeout.incident.paging.acknowledged.timed',
  });
  expect(afterEvent('mystery')).toBeUndefined();
});

describe('in an incident', () => {
  test('a setting that is no length of time is refused when its timer would be armed', () => {
    for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      const refused = expect.objectContaining({
        code: 'DELAY_INVALID',
        details: { kind: 'close', delay: String(bad) },
      });
      const s = story(opened({ settings: settings({ reopenWindowMs: bad }) }));
      expect(() => s.does(ana, { type: 'incident.resolved' })).toThrow(refused);
      expect(s.stands()).toBe('triage / escalating');
      expect(s.timeline()).toHaveLength(2);
    }
  });

  test('a ladder without the rung it stands at is refused', () => {
    expect(() => story(opened({ ladder: ladder({ rungs: [] }) }))).toThrow(
      expect.objectContaining({ code: 'DELAY_INVALID', details: { kind: 'step', delay: 'NaN' } }),
    );
  });

  test('a state that is entered again arms a new timer under the number of the new event', () => {
    const s = story();
    expect(s.snapshot().timers.step).toEqual({ armedSeq: 1, dueAt: s.snapshot().context.at + 5 * MINUTE });
    s.does(ana, { type: 'incident.acknowledged' }).does(ana, { type: 'incident.unacknowledged', reason: 'manual' });
    expect(s.snapshot().timers.step).toEqual({ armedSeq: 4, dueAt: s.snapshot().context.at + 5 * MINUTE });
  });

  test('every delay comes from what the incident carries', () => {
    const carried = settings({
      holdMs: 1,
      clearForMs: 2,
      reopenWindowMs: 3,
      reminderMs: 4,
      updateEveryMs: 5,
      reviewWithinMs: 6,
    });
    const held = story(opened({ settings: carried }));
    expect(held.timers()).toEqual({ hold: 1, updateDue: 5 });
    expect(held.does(ana, { type: 'alert.cleared', alert: 'a1' }).timers()).toEqual({ clearFor: 2, updateDue: 5 });
    expect(held.does(ana, { type: 'incident.resolved' }).timers()).toEqual({ close: 3, reviewPending: 6 });
    const now = story(
      opened({ settings: { ...carried, holdMs: 0 }, ladder: ladder({ fallbackEveryMs: 8, acknowledgeTimeoutMs: 9 }) }),
    );
    expect(now.does(ana, { type: 'escalation.exhausted', policyId: 'default' }).timers()).toEqual({
      fallback: 8,
      updateDue: 5,
    });
    expect(now.does(ana, { type: 'incident.acknowledged' }).timers()).toEqual({ acknowledgeTimeout: 9, updateDue: 5 });
    expect(now.does(ana, { type: 'incident.snoozed', forMs: HOUR }).timers()).toEqual({ snooze: HOUR, updateDue: 5 });
    const low = story(opened({ settings: { ...carried, holdMs: 0 }, urgency: 'low' }));
    expect(low.timers()).toEqual({ reminder: 4, updateDue: 5 });
    expect(low.passes(5).timers()).toEqual({ reminder: 3, updateOverdue: 5 });
  });

  test('a review that no severity asks for is never late', () => {
    const s = story().does(ana, { type: 'incident.resolved' }).passes(HOUR).does(ana, { type: 'review.requested' });
    expect(s.timers()).toMatchObject({ reviewPending: MAX_DURATION_MS });
    expect(s.does(ana, { type: 'review.started' }).timers()).toMatchObject({ reviewDraft: MAX_DURATION_MS });
    s.does(ana, { type: 'incident.reopened' }, { type: 'review.submitted' });
    expect(s.timers()).toMatchObject({ reviewApproval: MAX_DURATION_MS });
  });
});
