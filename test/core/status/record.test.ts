import { readStatusRecord, type StatusRecord, statusRecordAfter, touchesStatus } from 'tocsin/status';
import { describe, expect, test } from 'vitest';
import type { CompiledStatus } from '../../../src/core/status/compile.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';
import { alert, ana, MINUTE, opened, type Story, severity, source, story, T0 } from '../lifecycle/support.ts';
import { compiled } from './build.ts';

const posted = (more: Partial<Extract<EventDraft, { type: 'update.posted' }>> = {}): EventDraft => ({
  type: 'update.posted',
  text: 'We are looking into it.',
  audience: 'public',
  ...more,
});
const recordOf = (one: Story, status: CompiledStatus = compiled()): StatusRecord | undefined =>
  statusRecordAfter(undefined, { events: one.timeline(), snapshot: one.snapshot() }, status);
/** The record of what must have one. */
const kept = (one: Story, status?: CompiledStatus): StatusRecord => {
  const found = recordOf(one, status);
  if (found === undefined) throw new Error('no record');
  return found;
};
const sev1 = () => story(opened({ severity: 'SEV1' }));
const sev3 = () => story(opened({ severity: 'SEV3', urgency: 'low' }));
const impactsOf = (one: StatusRecord) => one.spans.map(({ impacts }) => impacts);

test('an end that the public was told of too early is taken back by the next update that says so', () => {
  const one = sev1().does(ana, posted({ status: 'resolved' }));
  expect(impactsOf(kept(one)).at(-1)).toEqual({});
  one.passes(MINUTE).does(ana, posted({ text: 'Wait.' }));
  expect(impactsOf(kept(one)).at(-1)).toEqual({});
  one.passes(MINUTE).does(ana, posted({ status: 'investigating' }));
  expect(impactsOf(kept(one)).at(-1)).toEqual({ checkout: 'major_outage' });
  one.passes(MINUTE).does(ana, posted({ status: 'identified', components: { checkout: 'degraded_performance' } }));
  expect(impactsOf(kept(one)).at(-1)).toEqual({ checkout: 'degraded_performance' });
});

describe('which incidents touch a page', () => {
  test('one that shows on a component does from its beginning', () => {
    expect(recordOf(sev1())).toEqual({
      incidentId: 'i1',
      seq: 1,
      kind: 'real',
      visibility: 'public',
      service: 'checkout',
      severity: 'SEV1',
      openedAt: T0,
      title: 'Checkout fails',
      phases: [{ at: T0, status: 'investigating' }],
      spans: [{ at: T0, impacts: { checkout: 'major_outage' } }],
      updates: [],
      byHand: {},
      outcome: 'open',
    });
  });

  test('one that is not severe enough does not, until it is raised', () => {
    const one = sev3();
    expect(recordOf(one)).toBeUndefined();
    one.passes(MINUTE).does(ana, severity('raised'));
    expect(kept(one).spans).toEqual([{ at: T0 + MINUTE, impacts: { checkout: 'major_outage' } }]);
  });

  test('one that is not severe enough does once the public is told of it', () => {
    const one = sev3().does(ana, posted());
    expect(kept(one)).toMatchObject({
      firstPublicAt: T0,
      spans: [],
      updates: [{ id: 'i1:3', text: 'We are looking into it.' }],
    });
  });

  test('an internal update is no touch, unless it names a component', () => {
    expect(recordOf(sev3().does(ana, posted({ audience: 'internal' })))).toBeUndefined();
    const named = sev3().does(ana, posted({ audience: 'internal', components: { docs: 'degraded_performance' } }));
    expect(impactsOf(kept(named))).toEqual([{ docs: 'degraded_performance' }]);
  });

  test('a service that no component shows touches nothing', () => {
    expect(recordOf(story(opened({ service: 'batch', severity: 'SEV1' })))).toBeUndefined();
  });

  test.each(['test', 'drill'] as const)('a %s never does, even with a public update', (kind) => {
    expect(recordOf(story(opened({ severity: 'SEV1', kind })).does(ana, posted()))).toBeUndefined();
  });

  test('a private one has a record, which says that it is private', () => {
    expect(kept(story(opened({ severity: 'SEV1', visibility: 'private' }))).visibility).toBe('private');
  });

  test('one that touches a page after others had folded nothing of it is taken from what it is now', () => {
    const one = sev3().passes(MINUTE).does(ana, { type: 'incident.mitigated' });
    one.passes(MINUTE).does(ana, posted());
    const last = one.timeline().slice(-1);
    const late = statusRecordAfter(undefined, { events: last, snapshot: one.snapshot() }, compiled());
    expect(late).toEqual(recordOf(one));
    expect(late?.phases).toEqual([
      { at: T0, status: 'investigating' },
      { at: T0 + MINUTE, status: 'monitoring' },
    ]);
  });
});

describe('what it does to components', () => {
  test('follows the severity', () => {
    const one = sev1()
      .passes(MINUTE)
      .does(ana, severity('lowered', 'high', { severity: 'SEV2' }));
    one.passes(MINUTE).does(ana, severity('lowered'));
    expect(kept(one).spans).toEqual([
      { at: T0, impacts: { checkout: 'major_outage' } },
      { at: T0 + MINUTE, impacts: { checkout: 'partial_outage' } },
      { at: T0 + 2 * MINUTE, impacts: {} },
    ]);
  });

  test('stays as it is while the incident is monitored, ends with it, and comes back when it is reopened', () => {
    const one = sev1().does(ana, { type: 'incident.mitigated' });
    expect(impactsOf(kept(one))).toHaveLength(1);
    one.passes(MINUTE).does(ana, { type: 'incident.resolved' });
    expect(kept(one)).toMatchObject({ outcome: 'resolved', endedAt: T0 + MINUTE });
    one.passes(MINUTE).does(ana, { type: 'incident.reopened' });
    expect(impactsOf(kept(one))).toEqual([{ checkout: 'major_outage' }, {}, { checkout: 'major_outage' }]);
    expect(kept(one)).not.toHaveProperty('endedAt');
    expect(kept(one)).not.toHaveProperty('expiresAt');
  });

  test('is what an update says by hand, until another says otherwise', () => {
    const one = sev1()
      .passes(MINUTE)
      .does(ana, posted({ components: { checkout: 'degraded_performance', docs: 'partial_outage' } }));
    one.passes(MINUTE).does(ana, severity('lowered', 'high', { severity: 'SEV2' }));
    one.passes(MINUTE).does(ana, posted({ components: { docs: 'operational' } }));
    expect(impactsOf(kept(one))).toEqual([
      { checkout: 'major_outage' },
      { checkout: 'degraded_performance', docs: 'partial_outage' },
      { checkout: 'degraded_performance' },
    ]);
  });

  test('is forgotten with the end: what is reopened follows its severity again', () => {
    const one = sev1().does(ana, posted({ components: { checkout: 'operational' } }), { type: 'incident.resolved' });
    one.passes(MINUTE).does(ana, { type: 'incident.reopened' });
    expect(kept(one).spans.at(-1)).toEqual({ at: T0 + MINUTE, impacts: { checkout: 'major_outage' } });
  });

  test('a component that no longer exists is left out of what is said', () => {
    const one = sev1().does(ana, posted({ components: { gone: 'major_outage' } }));
    expect(impactsOf(kept(one))).toEqual([{ checkout: 'major_outage' }]);
    expect(kept(one).updates[0]).not.toHaveProperty('components');
  });

  test('a public update that says resolved ends it, but for what it names; an internal one does not', () => {
    const said = (audience: 'public' | 'internal') => {
      const components = { docs: 'degraded_performance' } as const;
      return kept(
        sev1()
          .passes(MINUTE)
          .does(ana, posted({ status: 'resolved', audience, components })),
      ).spans.at(-1)?.impacts;
    };
    expect(said('public')).toEqual({ docs: 'degraded_performance' });
    expect(said('internal')).toEqual({ checkout: 'major_outage', docs: 'degraded_performance' });
  });

  test('an update after the end does nothing to components', () => {
    const one = sev1()
      .does(ana, { type: 'incident.resolved' })
      .does(ana, posted({ components: { docs: 'major_outage' } }));
    expect(kept(one).spans.at(-1)?.impacts).toEqual({});
    expect(kept(one).byHand).toEqual({});
  });

  test('where only updates publish, it counts from the first public one on', () => {
    const status = compiled({ publish: 'onUpdate' });
    const one = sev1();
    expect(kept(one, status).spans).toEqual([]);
    one
      .passes(MINUTE)
      .does(ana, posted({ audience: 'internal' }))
      .passes(MINUTE)
      .does(ana, posted());
    expect(kept(one, status).spans).toEqual([{ at: T0 + 2 * MINUTE, impacts: { checkout: 'major_outage' } }]);
  });
});

describe('how far it is', () => {
  test('follows the phase, back to the investigation when an alert joins what is monitored', () => {
    const one = sev1().passes(MINUTE).does(ana, { type: 'cause.identified' });
    one.passes(MINUTE).does(ana, { type: 'incident.mitigated' });
    one.passes(MINUTE).does(source, { type: 'alert.joined', alert: alert('a2') });
    one.passes(MINUTE).does(ana, { type: 'incident.dismissed' });
    expect(kept(one).phases.map(({ status }) => status)).toEqual([
      'investigating',
      'identified',
      'monitoring',
      'investigating',
      'ended',
    ]);
  });

  test('a merged incident knows into which one', () => {
    expect(kept(sev1().does(ana, { type: 'incident.merged', into: 'i2' }))).toMatchObject({
      outcome: 'merged',
      mergedInto: 'i2',
      endedAt: T0,
    });
  });

  test('what has ended is kept as long as the configuration says, from the last event on', () => {
    const one = sev1().passes(MINUTE).does(ana, { type: 'incident.resolved' });
    expect(kept(one).expiresAt).toBe(T0 + MINUTE + 400 * 86_400_000);
    one.passes(MINUTE).does(ana, posted());
    expect(kept(one).expiresAt).toBe(T0 + 2 * MINUTE + 400 * 86_400_000);
  });
});

describe('titles', () => {
  test('only a public update gives a public title', () => {
    const one = sev1().does(ana, posted({ audience: 'internal', title: 'db-7 is full' }));
    expect(kept(one)).not.toHaveProperty('publicTitle');
    one.does(ana, posted({ title: 'Payments fail' }), posted());
    expect(kept(one).publicTitle).toBe('Payments fail');
  });

  test('the internal one follows the incident', () => {
    const one = sev1().does(ana, { type: 'incident.updated', title: 'db-8 is full', visibility: 'private' });
    expect(kept(one)).toMatchObject({ title: 'db-8 is full', visibility: 'private' });
  });
});

describe('folding', () => {
  test('what changes nothing returns the very same record', () => {
    const one = sev1();
    const before = kept(one);
    one
      .does(source, { type: 'alert.joined', alert: alert('a2') })
      .does(ana, { type: 'incident.updated', body: 'More.' });
    const change = { events: one.timeline().slice(1), snapshot: one.snapshot() };
    expect(statusRecordAfter(before, change, compiled())).toBe(before);
  });

  test('events that are folded in already are not folded again', () => {
    const one = sev1().does(ana, posted());
    const change = { events: one.timeline(), snapshot: one.snapshot() };
    const once = statusRecordAfter(undefined, change, compiled());
    expect(statusRecordAfter(once, change, compiled())).toBe(once);
  });

  test('what cannot matter is told apart cheaply', () => {
    const one = sev1();
    const joined = one
      .does(source, { type: 'alert.joined', alert: alert('a2') })
      .timeline()
      .slice(-1);
    expect(touchesStatus(one.timeline())).toBe(true);
    expect(touchesStatus(joined)).toBe(true);
    expect(touchesStatus(one.does(ana, { type: 'note.added', text: 'n' }).timeline().slice(-1))).toBe(false);
  });

  test('an incident without end stays within bounds, keeps the newest, and says that it is cut', () => {
    const one = sev1();
    const first = kept(one);
    const event = (seq: number): TimelineEvent =>
      ({
        ...posted({
          text: `update ${seq} `.padEnd(seq % 100 === 0 ? 70_000 : 20, '.'),
          components: { checkout: seq % 2 === 0 ? 'operational' : 'major_outage' },
        }),
        type: 'update.posted',
        seq,
        at: T0 + seq,
        by: ana,
      }) as TimelineEvent;
    const events = Array.from({ length: 3_000 }, (_, place) => event(place + 2));
    const last = statusRecordAfter(first, { events, snapshot: one.snapshot() }, compiled());
    expect(last?.isCut).toBe(true);
    expect(last?.updates).toHaveLength(500);
    expect(last?.spans).toHaveLength(1_000);
    expect(last?.updates.at(-1)?.seq).toBe(3_001);
    expect(last?.firstPublicAt).toBe(T0 + 2);
    expect(JSON.stringify(last).length).toBeLessThan(1_500_000);
  });
});

describe('what storage returned', () => {
  test('is read, without what another version has added', () => {
    const one = kept(sev1().does(ana, posted()));
    expect(readStatusRecord(JSON.parse(JSON.stringify({ ...one, mood: 'calm' })))).toEqual(one);
  });

  test.each([undefined, null, 7, 'x', [], {}, { incidentId: 'i1' }])('is no record when it is %j', (data) => {
    expect(readStatusRecord(data)).toBeUndefined();
  });
});
