/**
 * Steps at which each person has to answer for themselves, and the pause between two rounds.
 */
import { advance, canAccept } from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import { acknowledgement } from '../../../src/core/lifecycle/acknowledgement.ts';
import { pagingState } from '../../../src/core/lifecycle/view.ts';
import type { EventDraft } from '../../../src/model/timeline.ts';
import {
  ana,
  ben,
  HOUR,
  ladder,
  MINUTE,
  opened,
  person,
  rung,
  type Story,
  severity,
  source,
  story,
} from './support.ts';

/** Ana and ben are asked, and each has to answer; then chi, whose answer counts for all; then boss. */
const both = [
  rung({ schedule: 'pair' }, { acknowledge: 'each' }),
  rung({ user: 'chi' }, { waitMs: 10 * MINUTE }),
] as const;
const each = (
  more: Parameters<typeof ladder>[0] = {},
  by = opened({ ladder: ladder({ rungs: both, ...more }) }),
): Story => {
  const begun = story({ ...by, settings: { ...by.settings, holdMs: MINUTE } });
  begun.onCall.pair = ['ana', 'ben'];
  return begun.passes(MINUTE);
};
const chosen = (at: Story, by = ana): EventDraft | undefined =>
  acknowledgement(by, at.snapshot().context, pagingState(at.snapshot()));
/** Acknowledges, as the command would. */
const answers = (at: Story, by = ana): Story => {
  const draft = chosen(at, by);
  return draft === undefined ? at : at.does(by, draft);
};

describe('where each person has to answer', () => {
  test('the first answer is that of one, and the last that of all', () => {
    const at = answers(each());
    expect(at.latest()).toEqual(['page.acknowledged']);
    expect(at.stands()).toBe('triage / escalating');
    expect(answers(at, ben).latest()[0]).toBe('incident.acknowledged');
    expect(at.stands()).toBe('triage / acknowledged.timed');
    expect(at.snapshot().context.acknowledgedBy).toEqual(['ana', 'ben']);
  });

  test('an answer for oneself takes back what has not gone out to that person, and nothing else', () => {
    const at = answers(each());
    expect(at.withdrawn().every(({ only }) => only?.user === 'ana')).toBe(true);
    expect(at.withdrawn().map(({ only }) => only?.purpose)).toEqual(
      expect.arrayContaining(['step', 'fallback', 'reminder', 'responder', 'handoff']),
    );
  });

  test('an answer for oneself restarts no timer, and makes a responder of whoever gave it', () => {
    const before = each().passes(2 * MINUTE);
    const timers = before.timers();
    const at = answers(before);
    expect(at.timers()).toEqual(timers);
    expect(at.snapshot().context).toMatchObject({
      responders: { ana: 'accepted' },
      answered: ['ana'],
      asked: ['ana', 'ben'],
    });
    expect(at.snapshot().context.times.acknowledgedAt).toBeUndefined();
  });

  test('the ladder goes on for whoever has not answered', () => {
    const at = answers(each()).passes(5 * MINUTE);
    expect(at.latestAsked()).toMatchObject([{ at: '1.1.2', who: ['chi'] }]);
  });

  test('whoever has answered is not asked again in a further round, and then the other alone is waited for', () => {
    const at = answers(each({ loops: 2 })).passes(15 * MINUTE);
    expect(at.latestAsked().at(-1)).toMatchObject({ at: '1.2.1', who: ['ben'] });
    expect(answers(at, ben).stands()).toBe('triage / acknowledged.timed');
  });

  test('a second answer of the same person says nothing new', () => {
    expect(chosen(answers(each()))).toBeUndefined();
  });

  test('somebody who was not asked answers for themselves alone', () => {
    const at = answers(each(), person('zoe'));
    expect(at.latest()).toEqual(['page.acknowledged']);
    expect(at.stands()).toBe('triage / escalating');
    expect(answers(answers(at), ben).latest()[0]).toBe('incident.acknowledged');
    expect(at.snapshot().context.acknowledgedBy).toEqual(['zoe', 'ana', 'ben']);
  });

  test('what a source says counts for everybody', () => {
    const at = each();
    expect(chosen(at, source as typeof ana)).toEqual({ type: 'incident.acknowledged' });
    expect(at.does(source, { type: 'incident.acknowledged' }).stands()).toBe('triage / acknowledged.timed');
  });

  test('at a further step at which one answer is enough, one is enough', () => {
    const at = answers(each()).passes(5 * MINUTE);
    expect(chosen(at, ben)).toEqual({ type: 'incident.acknowledged' });
  });

  test('who comes on call meanwhile has to answer as well', () => {
    const at = each();
    at.onCall.pair = ['ana', 'cho'];
    at.does(source, { type: 'schedule.handedOff', schedule: 'pair' });
    expect(at.latestAsked()).toMatchObject([{ purpose: 'handoff', who: ['cho'] }]);
    expect(answers(answers(at), ben).latest()).toEqual(['page.acknowledged']);
    expect(answers(at, person('cho')).latest()[0]).toBe('incident.acknowledged');
  });

  test.each<EventDraft>([
    { type: 'incident.resolved' },
    { type: 'incident.snoozed', forMs: HOUR },
    { type: 'incident.reassigned', ladder: ladder() },
  ])('$type stops it as it stops everything', (draft) => {
    const at = answers(each()).does(ben, draft);
    expect(at.withdrawn().some(({ only }) => only === undefined)).toBe(true);
  });

  test('a fresh entry into escalation asks everybody again', () => {
    const at = answers(each()).does(ben, { type: 'incident.escalated', step: 1 });
    expect(at.latestAsked()).toMatchObject([{ at: '2.1.1', who: ['ana', 'ben'] }]);
    expect(answers(at).latest()).toEqual(['page.acknowledged']);
  });

  test('the fallback asks also whoever has answered, because the incident must not fall silent', () => {
    const at = answers(each({ fallback: [{ user: 'ana' }] })).passes(15 * MINUTE);
    expect(at.latestAsked().at(-1)).toMatchObject({ purpose: 'fallback', who: ['ana'] });
    expect(chosen(at)).toEqual({ type: 'incident.acknowledged' });
  });

  test('low urgency is answered by each as well, and a reminder asks whoever has not answered', () => {
    const at = each({}, opened({ urgency: 'low', ladder: ladder({ rungs: both }) }));
    expect(at.stands()).toBe('triage / notified');
    expect(answers(at).latest()).toEqual(['page.acknowledged']);
    const { answered } = at.snapshot().context;
    expect(answered).toHaveLength(1);
    expect(at.passes(24 * HOUR).latestAsked()).toMatchObject([{ purpose: 'reminder' }]);
    expect(at.snapshot().context.answered).toEqual(answered);
  });

  test('an answer for oneself is refused where one answer is enough', () => {
    const { seq, context } = story().snapshot();
    const event = { type: 'page.acknowledged', seq: seq + 1, at: context.at, by: ana } as const;
    expect(canAccept(story().snapshot(), event)).toBe(false);
    expect(() => advance(story().snapshot(), event)).toThrow('Cannot apply page.acknowledged');
  });

  test('a raised severity asks whoever had answered the lesser one again', () => {
    const at = answers(each()).does(source, severity('raised'));
    expect(at.latestAsked()).toMatchObject([{ purpose: 'step', at: '2.1.1' }]);
    expect(chosen(at, ben)).toEqual({ type: 'page.acknowledged' });
  });
});

describe('between two rounds', () => {
  const paused = (more: Parameters<typeof ladder>[0] = {}) =>
    story(opened({ ladder: ladder({ loops: 2, repeatDelayMs: 20 * MINUTE, ...more }) }));

  test('there is that much more time', () => {
    const at = paused().passes(15 * MINUTE);
    expect(at.stands()).toBe('triage / escalating');
    expect(at.timers()).toMatchObject({ step: 20 * MINUTE });
    expect(at.passes(20 * MINUTE).latestAsked()).toMatchObject([{ at: '1.2.1', who: ['ana'] }]);
  });

  test('there is none after the last round', () => {
    expect(
      paused()
        .passes(50 * MINUTE)
        .stands(),
    ).toBe('triage / exhausted');
  });

  test('there is that much time also when the last step asked nobody', () => {
    const at = paused();
    at.onCall.secondary = [];
    at.passes(5 * MINUTE);
    expect(at.latestAsked()).toMatchObject([{ at: '1.1.2', who: 'nobody' }]);
    expect(at.stands()).toBe('triage / escalating');
    expect(at.timers()).toMatchObject({ step: 20 * MINUTE });
    expect(at.passes(20 * MINUTE).latestAsked()).toMatchObject([{ at: '1.2.1', who: ['ana'] }]);
  });

  test('there is that much time also when the gate of the last step is closed', () => {
    const at = paused();
    at.closed.set(2, undefined);
    expect(at.passes(5 * MINUTE).timers()).toMatchObject({ step: 20 * MINUTE });
  });

  test('a page of the last step that fails does not bring the next round nearer', () => {
    const at = paused().passes(5 * MINUTE);
    const { position, seq } = { ...at.snapshot().context, seq: at.snapshot().seq };
    at.passes(MINUTE).does(source, { type: 'page.failed', page: seq, purpose: 'step', position, errors: ['gone'] });
    expect(at.timers()).toMatchObject({ step: 20 * MINUTE });
    expect(
      at.does(source, { type: 'page.failed', page: seq, purpose: 'step', position, errors: ['gone'] }).timers(),
    ).toMatchObject({
      step: 20 * MINUTE,
    });
  });

  test('whoever sends the page up does not wait', () => {
    const at = paused();
    at.onCall.secondary = [];
    at.passes(5 * MINUTE).does(ben, { type: 'incident.escalated' });
    expect(at.latestAsked()[0]).toMatchObject({ at: '1.2.1', who: ['ana'] });
  });

  test('a round that asked nobody at all is not repeated', () => {
    const at = paused({ rungs: [rung({ schedule: 'nowhere' })] });
    expect(at.stands()).toBe('triage / exhausted');
  });
});

test('whoever comes on call is asked only where a step means whoever is on call now', () => {
  const at = story(opened({ ladder: ladder({ rungs: [rung({ schedule: 'primary', who: 'next' })] }) }));
  expect(canAccept(at.snapshot(), { type: 'schedule.handedOff', schedule: 'primary' })).toBe(false);
  const now = story(opened({ ladder: ladder({ rungs: [rung({ schedule: 'primary', who: 'now' })] }) }));
  expect(canAccept(now.snapshot(), { type: 'schedule.handedOff', schedule: 'primary' })).toBe(true);
});
