/**
 * What happens when: the promises that the incident statechart keeps, each by its number.
 *
 * The core alone: a plan that knows who is on call, no storage, no clock.
 */
import { allowed } from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import type { PagePurpose } from '../../src/model/page.ts';
import type { EventDraft } from '../../src/model/timeline.ts';
import {
  alert,
  ana,
  ben,
  DAY,
  HOUR,
  ladder,
  MINUTE,
  opened,
  person,
  rung,
  SECOND,
  settings,
  severity,
  source,
  story,
} from '../core/lifecycle/support.ts';

const acknowledge = { type: 'incident.acknowledged' } as const;
const note = { type: 'note.added', text: 'Looking' } as const;
const cleared = (id: string) => ({ type: 'alert.cleared', alert: id }) as const;
const joined = (id: string) => ({ type: 'alert.joined', alert: alert(id) }) as const;
const failed = (step: number, purpose: PagePurpose = 'step'): EventDraft => ({
  type: 'page.failed',
  page: 2,
  purpose,
  position: { cycle: 1, loop: 1, step },
  errors: ['no such number'],
});
const page = (atMs: number, at: string, who: readonly string[] | 'gated' | 'nobody', purpose = 'step') => ({
  atMs,
  purpose,
  at,
  who,
});

describe('2. Low urgency is notified at the first step once and does not climb', () => {
  const low = () => story(opened({ urgency: 'low' }));

  test('given low urgency, when nobody answers, then only a reminder comes, every 24 hours, again to the first step', () => {
    const s = low();
    expect(s.stands()).toBe('triage / notified');
    expect(s.timers()).toEqual({ reminder: DAY });
    expect(s.passes(2 * DAY).asked()).toEqual([
      page(0, '1.1.1', ['ana']),
      page(DAY, '2.1.1', ['ana'], 'reminder'),
      page(2 * DAY, '3.1.1', ['ana'], 'reminder'),
    ]);
    expect(s.stands()).toBe('triage / notified');
  });

  test('given low urgency, when it becomes high, then escalation starts at the first step', () => {
    const s = low().passes(HOUR).does(ana, severity('raised', 'high'));
    expect(s.latestAsked()).toEqual([page(HOUR, '2.1.1', ['ana'])]);
    expect(s.stands()).toBe('triage / escalating');
    expect(s.timers()).toEqual({ step: 5 * MINUTE });
  });

  test('given low urgency, when the severity rises and it stays low, then nobody is asked again', () => {
    expect(low().does(ana, severity('raised', 'low')).latestAsked()).toEqual([]);
  });

  test('given a climbing incident, when it becomes low urgency, then it stops climbing and keeps its reminder', () => {
    const s = story().does(ana, severity('lowered', 'low'));
    expect(s.stands()).toBe('triage / notified');
    expect(s.latestAsked()).toEqual([]);
    expect(s.timers()).toEqual({ reminder: DAY });
    const exhausted = story()
      .passes(15 * MINUTE)
      .does(ana, severity('lowered', 'low'));
    expect(exhausted.stands()).toBe('triage / notified');
    expect(exhausted.timers()).toEqual({ reminder: DAY });
  });

  test('given low urgency, when a person escalates it, then the rung they mean is asked once and it still does not climb', () => {
    const s = low().does(ana, { type: 'incident.escalated' });
    expect(s.latestAsked()).toEqual([page(0, '2.1.2', ['ben'])]);
    expect(s.does(ana, { type: 'incident.escalated', step: 1 }).latestAsked()).toEqual([page(0, '3.1.1', ['ana'])]);
    expect(s.stands()).toBe('triage / notified');
    const answered = low().does(ana, acknowledge).does(ana, { type: 'incident.escalated' });
    expect(answered.stands()).toBe('triage / notified');
    expect(answered.latestAsked()).toEqual([page(0, '2.1.2', ['ben'])]);
  });

  test('given low urgency, when it is acknowledged, then the acknowledgement does not expire', () => {
    const s = low().does(ana, acknowledge);
    expect(s.stands()).toBe('triage / acknowledged.untimed');
    expect(s.timers()).toEqual({});
    expect(s.does(ana, severity('raised', 'high')).stands()).toBe('triage / escalating');
  });

  test('given low urgency, when the page of a step fails, then the next step is notified', () => {
    const s = low();
    expect(s.does(source, failed(1)).latestAsked()).toEqual([page(0, '1.1.2', ['ben'])]);
    expect(s.does(source, failed(2)).latestAsked()).toEqual([]);
    expect(s.stands()).toBe('triage / notified');
  });
});

describe('3. A gate that is closed is not an empty step', () => {
  const ended = { type: 'schedule.handedOff', schedule: 'primary' } as const;

  test('given a closed gate, when the step fires, then it is passed over at once and recorded as gated', () => {
    const s = story().passes(0);
    s.closed.set(1, undefined);
    expect(
      s.does(ana, acknowledge).does(ana, { type: 'incident.unacknowledged', reason: 'manual' }).latestAsked(),
    ).toEqual([page(0, '2.1.1', 'gated'), page(0, '2.1.2', ['ben'])]);
    expect(s.timers()).toEqual({ step: 10 * MINUTE });
  });

  test('given a step whose targets resolve to nobody, when it fires, then it is recorded as nobody and the next one is asked', () => {
    const s = story(
      opened({ ladder: ladder({ rungs: [rung({ schedule: 'empty' }), rung({ schedule: 'secondary' })] }) }),
    );
    expect(s.asked()).toEqual([page(0, '1.1.1', 'nobody'), page(0, '1.1.2', ['ben'])]);
  });

  test('given a whole loop that is empty, when urgency is high, then the fallback is paged now', () => {
    const s = story(
      opened({ ladder: ladder({ loops: 3, rungs: [rung({ schedule: 'empty' }), rung({ schedule: 'void' })] }) }),
    );
    expect(s.latest()).toEqual([
      'incident.opened',
      'page.nobody',
      'page.nobody',
      'escalation.exhausted',
      'page.requested',
    ]);
    expect(s.asked()).toEqual([
      page(0, '1.1.1', 'nobody'),
      page(0, '1.1.2', 'nobody'),
      page(0, '1.1.2', ['boss'], 'fallback'),
    ]);
    expect(s.stands()).toBe('triage / exhausted');
    expect(() => s.does(source, ended)).toThrow('Cannot apply schedule.handedOff');
  });

  test('given a first loop that reached somebody, when the second is empty, then the fallback is paged and no third is tried', () => {
    const s = story(opened({ ladder: ladder({ loops: 3 }) }));
    s.passes(5 * MINUTE);
    Object.assign(s.onCall, { primary: [], secondary: [] });
    expect(s.passes(10 * MINUTE).latestAsked()).toEqual([
      page(15 * MINUTE, '1.2.1', 'nobody'),
      page(15 * MINUTE, '1.2.2', 'nobody'),
      page(15 * MINUTE, '1.2.2', ['boss'], 'fallback'),
    ]);
  });

  test('given a loop in which somebody was reached and the last step is empty, when that step fires, then the next loop begins', () => {
    const s = story(opened({ ladder: ladder({ loops: 2 }) }));
    Object.assign(s.onCall, { secondary: [] });
    expect(s.passes(5 * MINUTE).latestAsked()).toEqual([
      page(5 * MINUTE, '1.1.2', 'nobody'),
      page(5 * MINUTE, '1.2.1', ['ana']),
    ]);
  });

  test('given a loop that is gated, when urgency is low, then it waits for the opening that comes first', () => {
    const s = story(opened({ urgency: 'low' }));
    s.closed.set(1, 2 * HOUR).set(2, 3 * HOUR);
    expect(s.passes(DAY).latestAsked()).toEqual([page(DAY, '2.1.1', 'gated', 'reminder'), page(DAY, '2.1.2', 'gated')]);
    expect(s.timers()).toEqual({ reminder: 2 * HOUR });
    s.closed.set(1, 3 * HOUR).set(2, 1 * HOUR);
    s.passes(2 * HOUR);
    expect(s.timers()).toEqual({ reminder: HOUR });
    s.closed.delete(1);
    expect(s.passes(HOUR).latestAsked()).toEqual([page(DAY + 3 * HOUR, '4.1.1', ['ana'], 'reminder')]);
    expect(s.timers()).toEqual({ reminder: DAY });
  });

  test('given a page that failed on every contact, when it was for the present step, then the next step is asked at once', () => {
    const s = story().passes(MINUTE);
    const stale = s.does(source, failed(2));
    expect(stale.latestAsked()).toEqual([]);
    expect(s.does(source, failed(1, 'responder')).latestAsked()).toEqual([]);
    expect(s.does(source, failed(1)).latestAsked()).toEqual([page(MINUTE, '1.1.2', ['ben'])]);
    expect(s.does(source, failed(2)).latestAsked()).toEqual([page(MINUTE, '1.1.2', ['boss'], 'fallback')]);
    expect(s.stands()).toBe('triage / exhausted');
  });
});

describe('4. An open, unacknowledged, high-urgency incident is never silent', () => {
  test('given a ladder of two steps, when nobody answers, then each step gets its window and the fallback every 15 minutes', () => {
    const s = story().passes(46 * MINUTE);
    expect(s.asked()).toEqual([
      page(0, '1.1.1', ['ana']),
      page(5 * MINUTE, '1.1.2', ['ben']),
      page(15 * MINUTE, '1.1.2', ['boss'], 'fallback'),
      page(30 * MINUTE, '1.1.2', ['boss'], 'fallback'),
      page(45 * MINUTE, '1.1.2', ['boss'], 'fallback'),
    ]);
    expect(s.timers()).toEqual({ fallback: 14 * MINUTE });
    expect(s.does(ben, acknowledge).timers()).toEqual({ acknowledgeTimeout: 30 * MINUTE });
  });

  test('given a repeated ladder, when nobody answers, then every loop is climbed before it is exhausted', () => {
    const s = story(opened({ ladder: ladder({ loops: 2 }) })).passes(30 * MINUTE);
    expect(s.asked().map(({ at, purpose }) => `${at} ${purpose}`)).toEqual([
      '1.1.1 step',
      '1.1.2 step',
      '1.2.1 step',
      '1.2.2 step',
      '1.2.2 fallback',
    ]);
  });

  test('given a policy to follow, when the ladder ends, then that is recorded and the other ladder is climbed', () => {
    const next = ladder({ policyId: 'managers', rungs: [rung({ user: 'max' })], fallback: [{ user: 'ceo' }] });
    const s = story(opened({ ladder: ladder({ next }) })).passes(15 * MINUTE);
    expect(s.latest()).toEqual([
      'timer.fired',
      'page.requested',
      'timer.fired',
      'escalation.exhausted',
      'page.requested',
    ]);
    expect(s.timeline().find((event) => event.type === 'escalation.exhausted')).toMatchObject({ policyId: 'default' });
    expect(s.latestAsked().at(-1)).toEqual(page(15 * MINUTE, '2.1.1', ['max']));
    expect(s.passes(5 * MINUTE).latestAsked()).toEqual([page(20 * MINUTE, '2.1.1', ['ceo'], 'fallback')]);
    expect(s.timeline().at(-2)).toMatchObject({
      type: 'escalation.exhausted',
      policyId: 'managers',
      by: { kind: 'system' },
    });
  });

  test('given an exhausted ladder, when a person escalates, then it is climbed again in a new cycle', () => {
    const s = story()
      .passes(15 * MINUTE)
      .does(ana, { type: 'incident.escalated', step: 2 });
    expect(s.latestAsked()).toEqual([page(15 * MINUTE, '2.1.2', ['ben'])]);
    expect(s.stands()).toBe('triage / escalating');
  });

  test('given an escalating incident, when a person escalates, then the next rung, the named rung or the fallback is asked', () => {
    const s = story();
    expect(s.does(ana, { type: 'incident.escalated' }).latestAsked()).toEqual([page(0, '1.1.2', ['ben'])]);
    expect(s.does(ana, { type: 'incident.escalated', step: 1 }).latestAsked()).toEqual([page(0, '2.1.1', ['ana'])]);
    expect(s.does(ana, { type: 'incident.escalated', step: 9 }).latestAsked()).toEqual([page(0, '3.1.2', ['ben'])]);
    expect(s.does(ana, { type: 'incident.escalated' }).latestAsked()).toEqual([page(0, '3.1.2', ['boss'], 'fallback')]);
  });
});

describe('5. What ends the asking takes back what has not gone out, in the same commit', () => {
  const endings = [
    acknowledge,
    { type: 'incident.snoozed', forMs: HOUR },
    { type: 'incident.reassigned', ladder: ladder() },
    { type: 'incident.merged', into: 'i2' },
    { type: 'incident.resolved' },
    { type: 'incident.dismissed' },
  ] as const;

  test.each(endings)('given pending deliveries, when $type comes, then all of them are withdrawn', (ending) => {
    const s = story().passes(MINUTE).does(ana, ending);
    expect(s.withdrawn()).toEqual([{ beforeSeq: 3, because: ending.type }]);
  });

  test('given pending deliveries of step 1, when step 2 fires, then none is withdrawn', () => {
    expect(
      story()
        .passes(5 * MINUTE)
        .withdrawn(),
    ).toEqual([]);
  });

  test('given a requested responder, when they answer, then only their own deliveries are withdrawn', () => {
    const asked = () => story().does(ana, acknowledge).does(ana, { type: 'responder.requested', user: 'zoe' });
    expect(asked().latestAsked()).toEqual([page(0, '1.1.1', ['zoe'], 'responder')]);
    for (const type of ['responder.accepted', 'responder.declined', 'responder.removed'] as const) {
      expect(asked().does(person('zoe'), { type, user: 'zoe' }).withdrawn()).toEqual([
        { beforeSeq: 6, because: type, only: { purpose: 'responder', user: 'zoe' } },
      ]);
    }
    expect(asked().does(person('zoe'), acknowledge).withdrawn()).toEqual([
      { beforeSeq: 6, because: 'incident.acknowledged', only: { purpose: 'responder', user: 'zoe' } },
    ]);
    expect(asked().does(source, acknowledge).withdrawn()).toEqual([]);
  });
});

describe('6. Handoff in the middle', () => {
  const handedOff = { type: 'schedule.handedOff', schedule: 'primary' } as const;

  test('given an incident at a step that names the schedule, when it hands off, then the incoming person is paged in addition', () => {
    const s = story().passes(MINUTE);
    Object.assign(s.onCall, { primary: ['cho'] });
    expect(s.does(source, handedOff).latestAsked()).toEqual([page(MINUTE, '1.1.1', ['cho'], 'handoff')]);
    expect(s.withdrawn()).toEqual([]);
    expect(s.timers()).toEqual({ step: 4 * MINUTE });
    expect(s.does(source, handedOff).latestAsked()).toEqual([page(MINUTE, '1.1.1', 'nobody', 'handoff')]);
    expect(s.stands()).toBe('triage / escalating');
  });

  test('given an exhausted incident, when a schedule of the fallback hands off, then the incoming person is paged', () => {
    const s = story(opened({ ladder: ladder({ fallback: [{ schedule: 'primary' }] }) })).passes(15 * MINUTE);
    Object.assign(s.onCall, { primary: ['cho'] });
    expect(s.does(source, handedOff).latestAsked()).toEqual([page(15 * MINUTE, '1.1.2', ['cho'], 'handoff')]);
  });

  test('given an incident at another step, or not being asked about, when the schedule hands off, then it refuses to page', () => {
    const standing = [
      story().passes(5 * MINUTE),
      story().does(ana, acknowledge),
      story().does(ana, { type: 'incident.snoozed', forMs: HOUR }),
      story(opened({ urgency: 'low' })),
      story().passes(15 * MINUTE),
      story().does(ana, { type: 'incident.resolved' }),
    ];
    for (const s of standing)
      expect(() => s.does(source, handedOff)).toThrow('Cannot apply schedule.handedOff to incident i1');
  });
});

describe('7. An acknowledgement expires after 30 minutes of silence', () => {
  test('given an acknowledged incident, when 30 minutes pass, then the first step is asked anew, and whoever had acknowledged', () => {
    const s = story()
      .passes(5 * MINUTE)
      .does(ben, acknowledge)
      .passes(30 * MINUTE);
    expect(s.latest()).toEqual(['timer.fired', 'incident.unacknowledged', 'page.requested']);
    expect(s.timeline().at(-2)).toMatchObject({ reason: 'timeout', by: { kind: 'system' } });
    expect(s.latestAsked()).toEqual([page(35 * MINUTE, '2.1.1', ['ana', 'ben'])]);
    expect(s.snapshot().context.acknowledgedBy).toEqual([]);
    expect(s.passes(5 * MINUTE).latestAsked()).toEqual([page(40 * MINUTE, '2.1.2', ['ben'])]);
  });

  test.each([
    note,
    { type: 'incident.updated', title: 'Checkout is slow' },
    { type: 'role.assigned', role: 'commander', user: 'ana' },
    { type: 'task.added', task: { id: 't1', title: 'Roll back', status: 'open' } },
    { type: 'task.completed', task: 't1' },
    { type: 'link.added', link: { href: 'https://example.com' } },
    { type: 'investigation.started' },
    { type: 'cause.identified' },
    { type: 'incident.mitigated' },
    { type: 'responder.requested', user: 'zoe' },
    { type: 'update.posted', text: 'We are on it', audience: 'internal' },
    severity('lowered', 'high'),
    acknowledge,
  ] as const)('given an acknowledged incident, when a responder does $type, then the clock starts again', (draft) => {
    const s = story()
      .does(ana, acknowledge)
      .passes(20 * MINUTE)
      .does(ana, draft);
    expect(s.timers()).toEqual({ acknowledgeTimeout: 30 * MINUTE });
  });

  test('given an acknowledged incident, when a source or Tocsin speaks, then the clock runs on', () => {
    const spoken = [
      joined('a2'),
      { type: 'alert.acknowledged', alert: 'a1' },
      severity('lowered', 'high'),
      note,
    ] as const;
    for (const draft of spoken) {
      const s = story()
        .does(ana, acknowledge)
        .passes(20 * MINUTE)
        .does(source, draft);
      expect(s.timers()).toEqual({ acknowledgeTimeout: 10 * MINUTE });
    }
  });

  test('given a policy whose timeout is off, when it is acknowledged, then no clock runs', () => {
    const s = story(opened({ ladder: ladder({ acknowledgeTimeoutMs: null }) })).does(ana, acknowledge);
    expect(s.timers()).toEqual({});
    expect(s.passes(DAY).stands()).toBe('triage / acknowledged.untimed');
  });

  test('given an acknowledged incident, when urgency falls or every alert clears, then the clock stops; when that is over, it starts', () => {
    const s = story().does(ana, acknowledge).does(source, severity('lowered', 'low'));
    expect(s.timers()).toEqual({});
    expect(s.does(source, severity('lowered', 'high')).timers()).toEqual({ acknowledgeTimeout: 30 * MINUTE });
    expect(s.does(source, cleared('a1')).timers()).toEqual({ clearFor: 5 * MINUTE });
    expect(s.does(source, joined('a1')).timers()).toEqual({ acknowledgeTimeout: 30 * MINUTE });
  });

  test('given an acknowledged incident, when it is handed back by hand, then the first step is asked and nobody beside it', () => {
    const s = story()
      .passes(5 * MINUTE)
      .does(ben, acknowledge);
    expect(s.does(ben, { type: 'incident.unacknowledged', reason: 'manual' }).latestAsked()).toEqual([
      page(5 * MINUTE, '2.1.1', ['ana']),
    ]);
  });
});

describe('8. Snooze', () => {
  const snooze = { type: 'incident.snoozed', forMs: 2 * HOUR } as const;

  test('given a snoozed incident, when the time is over, then the first step is resolved anew, without the snoozer unless on call', () => {
    const s = story()
      .passes(5 * MINUTE)
      .does(ben, snooze);
    expect(s.timers()).toEqual({ snooze: 2 * HOUR });
    Object.assign(s.onCall, { primary: ['cho'] });
    expect(s.passes(2 * HOUR).latestAsked()).toEqual([page(125 * MINUTE, '2.1.1', ['cho'])]);
    expect(s.stands()).toBe('triage / escalating');
  });

  test('given a snoozed incident, when it is snoozed again, then the new time counts', () => {
    const s = story()
      .does(ben, snooze)
      .passes(HOUR)
      .does(ben, { ...snooze, forMs: 30 * MINUTE });
    expect(s.timers()).toEqual({ snooze: 30 * MINUTE });
  });

  test('given a snoozed incident, when a new alert joins or the severity rises, then the snooze ends early', () => {
    const asked = [page(0, '2.1.1', ['ana'])];
    expect(story().does(ben, snooze).does(source, joined('a2')).latestAsked()).toEqual(asked);
    expect(story().does(ben, snooze).does(source, severity('raised')).latestAsked()).toEqual(asked);
    const low = story(opened({ urgency: 'low' }))
      .does(ben, snooze)
      .does(source, severity('raised', 'low'));
    expect(low.latestAsked()).toEqual(asked);
    expect(low.stands()).toBe('triage / notified');
  });

  test('given a snoozed incident, when the severity falls or a person writes, then it sleeps on', () => {
    const s = story().does(ben, snooze).does(source, severity('lowered')).does(ana, note);
    expect(s.stands()).toBe('triage / snoozed');
    expect(s.timers()).toEqual({ snooze: 2 * HOUR });
  });

  test('given a snoozed incident of low urgency, when the time is over, then the first step is notified again', () => {
    const s = story(opened({ urgency: 'low' }))
      .does(ben, snooze)
      .passes(2 * HOUR);
    expect(s.latestAsked()).toEqual([page(2 * HOUR, '2.1.1', ['ana'])]);
    expect(s.stands()).toBe('triage / notified');
  });
});

describe('9. A raised severity re-pages by policy, a lowered one never', () => {
  test('given an acknowledged incident, when the severity rises, then the first step is asked, and whoever had acknowledged', () => {
    const s = story().does(ben, acknowledge).does(source, severity('raised'));
    expect(s.latestAsked()).toEqual([page(0, '2.1.1', ['ana', 'ben'])]);
    expect(s.snapshot().context.acknowledgedBy).toEqual([]);
  });

  test('given a policy that does not re-page, when the severity rises, then the acknowledgement stands', () => {
    const s = story(opened({ ladder: ladder({ repageOn: [] }) }))
      .does(ben, acknowledge)
      .does(source, severity('raised'));
    expect(s.stands()).toBe('triage / acknowledged.timed');
    expect(s.latestAsked()).toEqual([]);
  });

  test('given an escalating or exhausted incident, when the severity rises, then the climb goes on as it was', () => {
    const s = story().passes(MINUTE).does(source, severity('raised'));
    expect(s.latestAsked()).toEqual([]);
    expect(s.timers()).toEqual({ step: 4 * MINUTE });
    expect(
      s
        .passes(14 * MINUTE)
        .does(source, severity('raised'))
        .stands(),
    ).toBe('triage / exhausted');
  });

  test('given an acknowledged incident, when the severity rises and it stays low urgency, then the acknowledgement stands', () => {
    const s = story(opened({ urgency: 'low' }))
      .does(ben, acknowledge)
      .does(source, severity('raised', 'low'));
    expect(s.stands()).toBe('triage / acknowledged.untimed');
  });
});

describe('10. A new alert joins', () => {
  test('given an escalating incident, when an alert joins, then nothing changes but the count', () => {
    const s = story().passes(MINUTE).does(source, joined('a2'));
    expect(s.latest()).toEqual(['alert.joined']);
    expect(s.timers()).toEqual({ step: 4 * MINUTE });
    expect(s.snapshot().context.alerts).toEqual({ a1: 'firing', a2: 'firing' });
  });

  test('given an acknowledged incident, when an alert joins, then it is noted; a policy may re-page', () => {
    const s = story().does(ana, acknowledge).does(source, joined('a2'));
    expect(s.latest()).toEqual(['alert.joined']);
    expect(s.stands()).toBe('triage / acknowledged.timed');
    const repaging = story(opened({ ladder: ladder({ repageOn: ['newAlert'] }) })).does(ben, acknowledge);
    expect(repaging.does(source, joined('a2')).latestAsked()).toEqual([page(0, '2.1.1', ['ana', 'ben'])]);
    const untimed = story(opened({ ladder: ladder({ repageOn: ['newAlert'], acknowledgeTimeoutMs: null }) }));
    expect(untimed.does(ben, acknowledge).does(source, joined('a2')).stands()).toBe('triage / escalating');
  });

  test('given a monitored incident, when an alert joins, then it regresses to investigating and pages', () => {
    const s = story().does(ben, acknowledge, { type: 'incident.mitigated' }).does(source, joined('a2'));
    expect(s.stands()).toBe('investigating / escalating');
    expect(s.latestAsked()).toEqual([page(0, '2.1.1', ['ana', 'ben'])]);
    const low = story(opened({ urgency: 'low' })).does(ben, acknowledge, { type: 'incident.mitigated' });
    expect(low.does(source, joined('a2')).stands()).toBe('investigating / notified');
    expect(low.latestAsked()).toEqual([page(0, '2.1.1', ['ana', 'ben'])]);
  });

  test('given a monitored incident that nobody acknowledged, when an alert joins, then the climb goes on', () => {
    const s = story().does(ana, { type: 'incident.mitigated' }).does(source, joined('a2'));
    expect(s.stands()).toBe('investigating / escalating');
    expect(s.latestAsked()).toEqual([]);
  });

  test('given a hold that ended in silence, when an alert fires after it, then people are asked at once', () => {
    const held = () =>
      story(opened({ settings: settings({ holdMs: 2 * MINUTE }) }))
        .does(ana, note)
        .does(source, cleared('a1'))
        .passes(5 * MINUTE);
    expect(held().stands()).toBe('monitoring / notified');
    expect(held().does(source, joined('a1')).stands()).toBe('investigating / escalating');
    const taken = held().does(ana, { type: 'investigation.started' }).does(source, joined('a2'));
    expect(taken.latestAsked()).toEqual([page(5 * MINUTE, '1.1.1', ['ana'])]);
    expect(taken.timers()).toEqual({ step: 5 * MINUTE });
  });

  test('given a resolved incident, when an alert fires, then it is never joined', () => {
    const s = story().does(ana, { type: 'incident.resolved' });
    expect(() => s.does(source, joined('a2'))).toThrow('Cannot apply alert.joined to incident i1: it is resolved.');
  });
});

describe('12. A fresh entry into escalation is a new cycle', () => {
  test('given one incident, when it is asked about again and again, then each entry has its own number', () => {
    const s = story()
      .does(ana, acknowledge)
      .does(ana, { type: 'incident.unacknowledged', reason: 'manual' })
      .does(ana, { type: 'incident.snoozed', forMs: HOUR })
      .passes(HOUR)
      .does(ana, { type: 'incident.reassigned', ladder: ladder({ policyId: 'other', rungs: [rung({ user: 'ola' })] }) })
      .does(ana, { type: 'incident.resolved' })
      .does(ana, { type: 'incident.reopened' });
    expect(s.asked().map(({ at, who }) => `${at} ${who}`)).toEqual([
      '1.1.1 ana',
      '2.1.1 ana',
      '3.1.1 ana',
      '4.1.1 ola',
      '5.1.1 ola',
    ]);
  });
});

describe('13. Alerts all clear', () => {
  test('given an incident that nobody touched, when its alerts stay clear for 5 minutes, then it resolves', () => {
    const s = story(opened({ alerts: [alert('a1'), alert('a2')] })).does(source, cleared('a1'));
    expect(s.timers()).toEqual({ step: 5 * MINUTE });
    s.passes(MINUTE).does(source, cleared('a2'));
    expect(s.timers()).toEqual({ step: 4 * MINUTE, clearFor: 5 * MINUTE });
    s.passes(5 * MINUTE);
    expect(s.stands()).toBe('resolved / quiet');
    expect(s.timeline().at(-1)).toMatchObject({
      type: 'incident.resolved',
      reason: 'every alert stayed clear',
      by: { kind: 'system' },
    });
    expect(s.withdrawn()).toEqual([{ beforeSeq: s.timeline().length, because: 'incident.resolved' }]);
  });

  test('given an incident that somebody acted on, when its alerts stay clear, then it is monitored and the responders are told', () => {
    const s = story()
      .does(ana, acknowledge)
      .does(source, cleared('a1'))
      .passes(5 * MINUTE);
    expect(s.stands()).toBe('monitoring / acknowledged.untimed');
    expect(s.latest()).toEqual(['timer.fired', 'incident.mitigated', 'notice.requested']);
    expect(s.timeline().at(-2)).toMatchObject({ reason: 'every alert stayed clear' });
    expect(s.passes(30 * DAY).stands()).toBe('monitoring / acknowledged.untimed');
    expect(s.snapshot().timers).toEqual({});
  });

  test('given an acknowledgement by a source or an incident opened by a person, when the alerts stay clear, then people resolve', () => {
    expect(
      story()
        .does(source, acknowledge)
        .does(source, cleared('a1'))
        .passes(5 * MINUTE)
        .stands(),
    ).toMatch(/^monitoring/);
    expect(
      story(opened(), { by: ana })
        .does(source, cleared('a1'))
        .passes(5 * MINUTE)
        .stands(),
    ).toBe('monitoring / escalating');
  });

  test('given a flapping alert, when it fires again within the 5 minutes, then the incident neither resolves nor pages again', () => {
    const s = story()
      .does(source, cleared('a1'))
      .passes(4 * MINUTE)
      .does(source, joined('a1'));
    expect(s.timers()).toEqual({ step: MINUTE });
    expect(s.latestAsked()).toEqual([]);
    expect(
      s
        .passes(MINUTE - SECOND)
        .does(source, cleared('a1'))
        .timers(),
    ).toEqual({ step: SECOND, clearFor: 5 * MINUTE });
  });

  test('given an incident on hold, when its alert clears, then the hold stops; when it fires again, the hold begins anew', () => {
    const s = story(opened({ settings: settings({ holdMs: 2 * MINUTE }) })).passes(MINUTE);
    expect(s.asked()).toEqual([]);
    expect(s.timers()).toEqual({ hold: MINUTE });
    expect(s.does(source, cleared('a1')).timers()).toEqual({ clearFor: 5 * MINUTE });
    expect(s.does(source, joined('a1')).timers()).toEqual({ hold: 2 * MINUTE });
    expect(s.passes(2 * MINUTE).latestAsked()).toEqual([page(3 * MINUTE, '1.1.1', ['ana'])]);
    const low = story(opened({ urgency: 'low', settings: settings({ holdMs: 2 * MINUTE }) })).passes(2 * MINUTE);
    expect(low.asked()).toEqual([page(2 * MINUTE, '1.1.1', ['ana'])]);
    expect(low.stands()).toBe('triage / notified');
  });

  test('given an incident on hold that nobody touched, when its alert stays clear, then it resolves and nobody was paged', () => {
    const s = story(opened({ settings: settings({ holdMs: 2 * MINUTE }) }))
      .does(source, cleared('a1'))
      .passes(5 * MINUTE);
    expect(s.stands()).toBe('resolved / quiet');
    expect(s.asked()).toEqual([]);
  });

  test('given an incident mitigated by no person, when its alerts stay clear, then it resolves', () => {
    const s = story()
      .does(source, { type: 'incident.mitigated' }, cleared('a1'))
      .passes(5 * MINUTE);
    expect(s.stands()).toBe('resolved / quiet');
  });
});

describe('15. Merge', () => {
  const absorbed = (status: 'firing' | 'acknowledged' | 'cleared'): EventDraft => ({
    type: 'incident.absorbed',
    source: 'i0',
    alerts: [{ ...alert('b1'), status }],
    responders: ['yan', 'ana'],
    tasks: [{ id: 't1', title: 'Roll back', status: 'open' }],
  });

  test('given the target, when it absorbs, then it takes the alerts, the responders and the tasks', () => {
    const s = story().does(ana, acknowledge).does(ana, absorbed('acknowledged'));
    expect(s.snapshot().context).toMatchObject({
      alerts: { a1: 'firing', b1: 'acknowledged' },
      responders: { ana: 'accepted', yan: 'accepted' },
      tasks: [{ id: 't1', title: 'Roll back', status: 'open' }],
      absorbed: ['i0'],
    });
    expect(s.stands()).toBe('triage / acknowledged.timed');
  });

  test('given an acknowledged target, when a merge raises its severity, then it re-pages', () => {
    const s = story().does(ben, acknowledge).does(ben, absorbed('firing'), severity('raised'));
    expect(s.latestAsked()).toEqual([page(0, '2.1.1', ['ana', 'ben'])]);
  });

  test('given a monitored target, when it absorbs what still fires, then it regresses; what is clear changes nothing', () => {
    const monitored = () => story().does(ben, acknowledge, { type: 'incident.mitigated' });
    expect(monitored().does(ben, absorbed('firing')).stands()).toBe('investigating / escalating');
    expect(monitored().does(ben, absorbed('acknowledged')).stands()).toBe('investigating / escalating');
    expect(monitored().does(ben, absorbed('cleared')).stands()).toBe('monitoring / acknowledged.timed');
  });

  test('given a target whose alerts are clear, when it absorbs what fires, then it counts as firing again', () => {
    const s = story().does(source, cleared('a1')).does(ana, absorbed('firing'));
    expect(s.snapshot().value.alerts).toBe('firing');
    expect(s.timers()).toEqual({ step: 5 * MINUTE });
    const manual = story(opened({ alerts: [] })).does(ana, absorbed('firing'));
    expect(manual.snapshot().value.alerts).toBe('firing');
  });

  test('given the source, when it is merged, then it is quiet and accepts nothing any more', () => {
    const s = story().does(ana, { type: 'incident.merged', into: 'i2' });
    expect(s.stands()).toBe('merged / quiet');
    expect(s.snapshot().context.mergedInto).toBe('i2');
    expect(s.timers()).toEqual({});
    expect(allowed(s.snapshot())).toEqual([]);
  });
});

describe('16. Reopen within the window', () => {
  test('given a resolved incident, when it is reopened, then its history stays and the first step is paged', () => {
    const s = story()
      .does(ben, acknowledge, note)
      .passes(20 * MINUTE)
      .does(ben, { type: 'incident.resolved' });
    expect(s.timers()).toEqual({ close: 7 * DAY });
    s.passes(DAY).does(ben, { type: 'incident.reopened' });
    expect(s.stands()).toBe('triage / escalating');
    expect(s.latestAsked()).toEqual([page(DAY + 20 * MINUTE, '2.1.1', ['ana'])]);
    const { times, noteCount, outcome } = s.snapshot().context;
    expect({ times, noteCount, outcome }).toEqual({
      times: { openedAt: s.timeline()[0]!.at, firstPagedAt: s.timeline()[0]!.at, acknowledgedAt: s.timeline()[0]!.at },
      noteCount: 1,
      outcome: 'open',
    });
    expect(s.timers()).toEqual({ step: 5 * MINUTE });
  });

  test('given a resolved incident, when its alert fires again, then it is reopened with that alert firing and no hold', () => {
    const s = story(opened({ settings: settings({ holdMs: 2 * MINUTE }) })).does(ana, { type: 'incident.resolved' });
    s.does(source, { type: 'incident.reopened', alert: alert('a2') });
    expect(s.snapshot().value.alerts).toBe('firing');
    expect(s.snapshot().context.alerts).toEqual({ a1: 'cleared', a2: 'firing' });
    expect(s.stands()).toBe('triage / escalating');
    expect(
      s
        .does(source, cleared('a2'))
        .passes(5 * MINUTE)
        .stands(),
    ).toBe('resolved / quiet');
  });

  test('given an incident without alerts, when it is reopened by one, then it fires', () => {
    const s = story(opened({ alerts: [] })).does(ana, { type: 'incident.resolved' });
    expect(s.snapshot().value.alerts).toBe('none');
    expect(s.does(source, { type: 'incident.reopened', alert: alert('a1') }).snapshot().value.alerts).toBe('firing');
  });

  test('given a reopened incident that nobody has touched since, when its alerts stay clear, then it resolves by itself', () => {
    const s = story().does(ana, { type: 'incident.resolved' });
    s.does(source, { type: 'incident.reopened', alert: alert('a1') });
    expect(s.snapshot().context.humanActed).toBe(false);
    s.does(ana, { type: 'incident.resolved' }, { type: 'incident.reopened' });
    expect(s.snapshot().context.humanActed).toBe(true);
  });

  test('given a resolved incident, when the window has passed, then it closes and cannot be reopened', () => {
    const s = story()
      .does(ana, { type: 'incident.resolved' })
      .passes(7 * DAY);
    expect(s.stands()).toBe('closed / quiet');
    expect(s.timeline().at(-1)).toMatchObject({
      type: 'incident.closed',
      reason: 'the time to reopen it has passed',
      by: { kind: 'system' },
    });
    expect(() => s.does(ana, { type: 'incident.reopened' })).toThrow('it is closed.');
  });

  test('given a dismissed incident, when it was no false alarm after all, then it can be reopened', () => {
    const s = story().does(ana, { type: 'incident.dismissed' }).does(ana, { type: 'incident.reopened' });
    expect(s.stands()).toBe('triage / escalating');
    expect(s.snapshot().context.times.dismissedAt).toBeUndefined();
  });
});

describe('17. Resolve and dismiss stop everything that is not a stakeholder update or a review timer', () => {
  const full = () => story(opened({ settings: settings({ updateEveryMs: HOUR, reviewWithinMs: 3 * DAY }) }));

  test('given running timers, when it is resolved, then only those of the review and of closing are left', () => {
    expect(full().timers()).toEqual({ step: 5 * MINUTE, updateDue: HOUR });
    expect(full().does(ana, { type: 'incident.resolved' }).timers()).toEqual({
      close: 7 * DAY,
      reviewPending: 3 * DAY,
    });
    expect(full().does(source, cleared('a1')).does(ana, { type: 'incident.resolved' }).timers()).toEqual({
      close: 7 * DAY,
      reviewPending: 3 * DAY,
    });
  });

  test('given running timers, when it is dismissed, then none is left; an update can still be posted', () => {
    const s = full().passes(HOUR).does(ana, { type: 'incident.dismissed' });
    expect(s.timers()).toEqual({});
    expect(s.does(ana, { type: 'update.posted', text: 'A false alarm', audience: 'public' }).latest()).toEqual([
      'update.posted',
    ]);
  });

  test('given stakeholders who wait, when an update is late, then that is recorded, and again after the same time', () => {
    const s = full()
      .does(ana, acknowledge)
      .passes(30 * MINUTE - SECOND)
      .does(ana, note)
      .passes(30 * MINUTE + SECOND);
    expect(s.latest()).toEqual(expect.arrayContaining(['timer.fired', 'update.missed']));
    expect(s.snapshot().value.updates).toBe('overdue');
    s.does(ana, { type: 'update.posted', text: 'We are on it', audience: 'public' });
    expect(s.snapshot().value.updates).toBe('due');
    expect(s.timers()).toMatchObject({ updateDue: HOUR });
    expect(
      s
        .passes(3 * HOUR)
        .latest()
        .filter((type) => type === 'update.missed'),
    ).toHaveLength(3);
  });

  test('given a severity without a cadence, when it rises to one that has it, then updates fall due; when it falls, they end', () => {
    const s = story().does(ana, severity('raised', 'high', { updateEveryMs: 30 * MINUTE }));
    expect(s.timers()).toMatchObject({ updateDue: 30 * MINUTE });
    expect(s.does(ana, severity('lowered')).snapshot().value.updates).toBe('notRequired');
    s.does(ana, severity('raised', 'high', { updateEveryMs: 30 * MINUTE })).passes(40 * MINUTE);
    expect(s.snapshot().value.updates).toBe('overdue');
    s.does(ana, severity('raised', 'high', { updateEveryMs: HOUR }));
    expect(s.timers()).toMatchObject({ updateDue: HOUR });
  });

  test('given a reopened incident whose severity asks for updates, when it opens, then they are due again', () => {
    const s = full().does(ana, { type: 'incident.resolved' }, { type: 'incident.reopened' });
    expect(s.snapshot().value).toMatchObject({ updates: 'due', review: 'notNeeded' });
  });

  test('given a review that is owed, when it is late, then that is recorded every day until it is published', () => {
    const s = full()
      .does(ana, { type: 'incident.resolved' })
      .passes(3 * DAY);
    expect(s.latest()).toEqual(['timer.fired', 'review.missed']);
    expect(s.timers()).toMatchObject({ reviewPending: DAY });
    s.does(ana, { type: 'review.started' });
    expect(s.timers()).toMatchObject({ reviewDraft: DAY });
    expect(s.passes(DAY).latest()).toEqual(['timer.fired', 'review.missed']);
    s.does(ana, { type: 'review.submitted' });
    expect(s.passes(DAY).latest()).toEqual(['timer.fired', 'review.missed']);
    s.does(ana, { type: 'review.returned' }, { type: 'review.published' });
    expect(s.timers()).toEqual({ close: 2 * DAY });
  });

  test('given a resolved incident, when its severity changes to one that owes a review, then the review is due from the resolution on', () => {
    const s = story().does(ana, { type: 'incident.resolved' }).passes(DAY);
    s.does(ana, severity('raised', 'high', { reviewWithinMs: 3 * DAY, updateEveryMs: HOUR }));
    expect(s.snapshot().value).toMatchObject({ review: 'pending', updates: 'notRequired' });
    expect(s.timers()).toEqual({ close: 6 * DAY, reviewPending: 2 * DAY });
  });
});
