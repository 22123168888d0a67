/**
 * What happens when something comes back: an alert that flaps, an incident that is reopened, a policy that was left.
 *
 * The core alone, by the numbers of the promises.
 */
import { describe, expect, test } from 'vitest';
import {
  alert,
  ana,
  HOUR,
  ladder,
  MINUTE,
  opened,
  person,
  rung,
  settings,
  source,
  story,
} from '../core/lifecycle/support.ts';

const acknowledge = { type: 'incident.acknowledged' } as const;
const cleared = (id: string) => ({ type: 'alert.cleared', alert: id }) as const;
const fires = (id: string) => ({ type: 'alert.joined', alert: alert(id) }) as const;
const follow = ladder({ policyId: 'managers', rungs: [rung({ user: 'max' })] });

describe('13. Flapping neither resolves nor pages again', () => {
  test('given a snoozed incident, when its own alert flaps, then the snooze goes on', () => {
    const s = story().does(ana, { type: 'incident.snoozed', forMs: HOUR });
    s.does(source, cleared('a1')).passes(MINUTE).does(source, fires('a1'));
    expect(s.stands()).toBe('triage / snoozed');
    expect(s.latestAsked()).toEqual([]);
  });

  test('given a policy that re-pages for new alerts, when a known one flaps, then the acknowledgement stands', () => {
    const s = story(opened({ ladder: ladder({ repageOn: ['newAlert'] }) })).does(ana, acknowledge);
    s.does(source, cleared('a1'), fires('a1'));
    expect(s.stands()).toBe('triage / acknowledged.timed');
    expect(s.does(source, fires('a2')).stands()).toBe('triage / escalating');
  });

  test('given one of two alerts, when it flaps while the other fires, then it is known and not new', () => {
    const s = story(opened({ alerts: [alert('a1'), alert('a2')] })).does(ana, {
      type: 'incident.snoozed',
      forMs: HOUR,
    });
    s.does(source, cleared('a2')).does(source, fires('a2'));
    expect(s.stands()).toBe('triage / snoozed');
    expect(s.snapshot().context.alerts).toEqual({ a1: 'firing', a2: 'firing' });
  });

  test('given alerts that had stayed clear, when one fires again, then it counts as new', () => {
    const s = story().does(ana, { type: 'incident.snoozed', forMs: HOUR });
    s.does(source, cleared('a1'))
      .passes(5 * MINUTE)
      .does(source, fires('a1'));
    expect(s.stands()).toBe('investigating / escalating');
  });

  test('given a mitigated incident, when its alert returns, then the mitigation did not hold: it regresses and pages', () => {
    const s = story().does(ana, acknowledge, { type: 'incident.mitigated' });
    s.does(source, cleared('a1')).does(source, fires('a1'));
    expect(s.stands()).toBe('investigating / escalating');
  });
});

describe('10. A new alert joins while monitoring', () => {
  test('given low urgency that nobody took, when it regresses, then the first step is notified again', () => {
    const s = story(opened({ urgency: 'low' })).does(ana, { type: 'incident.mitigated' });
    s.does(source, fires('a2'));
    expect(s.stands()).toBe('investigating / notified');
    expect(s.latestAsked()).toMatchObject([{ purpose: 'step', at: '2.1.1', who: ['ana'] }]);
  });
});

describe('7. An acknowledgement expires', () => {
  test('given an incident that a person reopened, when it is acknowledged, then the clock runs although no alert fires', () => {
    const s = story().does(source, cleared('a1')).does(ana, { type: 'incident.resolved' });
    s.does(ana, { type: 'incident.reopened' }, acknowledge);
    expect(s.stands()).toBe('triage / acknowledged.timed');
  });
});

describe('4. The policy that follows an exhausted one', () => {
  const exhausted = () => story(opened({ ladder: ladder({ next: follow }) })).passes(15 * MINUTE);

  test('given that it is climbed, when the incident is reopened, then the first policy is asked first', () => {
    const s = exhausted();
    expect(s.snapshot().context.ladder.policyId).toBe('managers');
    s.does(ana, { type: 'incident.resolved' }).does(ana, { type: 'incident.reopened' });
    expect(s.snapshot().context.ladder.policyId).toBe('default');
    expect(s.latestAsked()).toMatchObject([{ who: ['ana'] }]);
  });

  test('given that it is climbed, when a person sends the page up to a step, then the step is one of it', () => {
    const s = exhausted().does(ana, { type: 'incident.escalated', step: 1 });
    expect(s.latestAsked()).toMatchObject([{ who: ['max'] }]);
  });

  test('given another policy by hand, when the acknowledgement expires, then that one is asked', () => {
    const s = exhausted().does(
      ana,
      { type: 'incident.reassigned', ladder: ladder({ policyId: 'other' }) },
      acknowledge,
    );
    s.passes(30 * MINUTE);
    expect(s.snapshot().context.ladder.policyId).toBe('other');
  });
});

describe('6. Handoff of a team', () => {
  test('given a step that names the team, when its schedule hands off, then the incoming person is paged in addition', () => {
    const s = story(
      opened({ ladder: ladder({ rungs: [rung({ user: 'ana' }, { targets: [{ user: 'ana' }, { team: 'shop' }] })] }) }),
    );
    s.onCall.primary = ['zoe'];
    s.does(source, { type: 'schedule.handedOff', schedule: 'primary', teams: ['shop'] });
    expect(s.latestAsked()).toMatchObject([{ purpose: 'handoff', who: ['zoe'] }]);
    expect(() => s.does(person('x'), { type: 'schedule.handedOff', schedule: 'primary' })).toThrow(/Cannot apply/);
  });
});

describe('4. High urgency is never left with a reminder alone', () => {
  const silent = () =>
    story(opened({ settings: settings({ holdMs: 2 * MINUTE }) }))
      .does(ana, { type: 'note.added', text: 'Looking' })
      .does(source, cleared('a1'))
      .passes(5 * MINUTE);

  test('given a hold that ended in silence, when a person sends the page up, then it climbs', () => {
    expect(silent().stands()).toBe('monitoring / notified');
    expect(silent().does(ana, { type: 'incident.escalated' }).stands()).toBe('monitoring / escalating');
  });

  test('given a hold that ended in silence, when its alert returns, then people are asked', () => {
    const s = silent().does(source, fires('a1'));
    expect(s.stands()).toBe('investigating / escalating');
    expect(s.latestAsked()).toMatchObject([{ who: ['ana'] }]);
  });
});
