import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { type CompiledConfig, compileConfig } from '../../../src/core/config/compile.ts';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { decideIntake } from '../../../src/core/intake/decide.ts';
import { type IntakeDecision, NO_WRITES } from '../../../src/core/intake/decision.ts';
import { routeEvent } from '../../../src/core/intake/routed.ts';
import type { IncidentSnapshot } from '../../../src/core/lifecycle/snapshot.ts';
import type { AlertEvent, AlertStatus, StoredAlert } from '../../../src/model/alert.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import {
  ana,
  ben,
  alert as facts,
  HOUR,
  MINUTE,
  opened,
  type Story,
  severity,
  source,
  story,
  T0,
} from '../lifecycle/support.ts';
import { type Known, storedOf } from './stored.ts';

const shop = (parts: Partial<ConfigInput> = {}): CompiledConfig =>
  compileConfig(
    checkConfig({
      users: [{ id: 'boss', contacts: [{ notifier: 'sms', address: '+1' }] }],
      escalationPolicies: [
        { id: 'default', steps: [{ targets: [{ user: 'boss' }] }], fallback: [{ user: 'boss' }] },
        { id: 'vip', steps: [{ targets: [{ user: 'boss' }], escalateAfter: '1m' }], fallback: [{ user: 'boss' }] },
      ],
      services: [{ id: 'checkout', escalationPolicy: 'default' }],
      ...parts,
    }),
    'c1',
  );
const plain = shop();
const holding = shop({ routes: [{ service: 'checkout', holdFor: '2m' }] });
const reopening = shop({ routes: [{ service: 'checkout', reopenWithin: '1h' }] });

const alert = (status: AlertStatus, more: Partial<StoredAlert> = {}): StoredAlert => ({
  id: 'a1',
  tenant: 'acme',
  routeKey: 'default',
  dedupKey: 'k1',
  service: 'checkout',
  incidentId: 'i1',
  status,
  severity: 'SEV2',
  title: 'Alert a1',
  labels: {},
  links: [],
  openedAt: T0,
  lastSeenAt: T0,
  count: 1,
  ...more,
});

type Asked = { readonly config?: CompiledConfig; readonly at?: number; readonly event?: Partial<AlertEvent> };
function decide(
  action: AlertEvent['action'],
  state: Known,
  { config = plain, at = T0, event = {} }: Asked = {},
): IntakeDecision {
  const clean = cleanEvent({ action, dedupKey: 'k1', title: 'Disk full', severity: 'SEV2', ...event });
  const moment = { at, tenant: 'acme', newIncidentId: 'i9', newAlertId: 'a9' };
  const decision = decideIntake(routeEvent(clean, config, at), storedOf(state), config, moment);
  expect(decision.writes).toEqual(NO_WRITES);
  return decision;
}
const known = (status: AlertStatus, at: Story): Known => ({ alert: alert(status), incident: at.snapshot() });
const resolved = () => story().does(ana, { type: 'incident.resolved' });
/** A decision in short: what became of it, of which incident, the drafts, and the changes of alerts. */
const short = ({ outcome, incident, drafts, alerts }: IntakeDecision) =>
  [outcome, incident, drafts.map(({ type }) => type).join(' + '), alerts.map(({ type }) => type).join(' + ')].join(
    ' | ',
  );

const STATES: Readonly<Record<string, () => Known>> = {
  'an unknown key': () => ({}),
  'an alert whose incident is gone': () => ({ alert: alert('firing') }),
  'a firing alert': () => known('firing', story()),
  'an acknowledged alert': () =>
    known('acknowledged', story().does(source, { type: 'alert.acknowledged', alert: 'a1' })),
  'a cleared alert of an open incident': () =>
    known('cleared', story().does(source, { type: 'alert.cleared', alert: 'a1' })),
  'a resolved incident': () => known('cleared', resolved()),
  'a closed incident': () => known('cleared', resolved().does(ana, { type: 'incident.closed' })),
  'a dismissed incident': () => known('cleared', story().does(ana, { type: 'incident.dismissed' })),
  'a merged incident': () => known('cleared', story().does(ana, { type: 'incident.merged', into: 'i2' })),
};

const OPENED = 'opened | new | incident.opened | open';
const MOVED = 'opened | new | incident.opened | repeat + set';
const MOVED_HELD = 'held | new | incident.opened | repeat + set';
const HELD = 'held | new | incident.opened | open';
const REPEATED = 'deduplicated | none |  | repeat';
const JOINED = 'joined | known | alert.joined | return';
const REOPENED = 'reopened | known | incident.reopened | open';
const DROPPED = 'dropped | none |  | ';

describe('a trigger', () => {
  test.each<[state: string, plain: string, holding: string, reopening: string]>([
    ['an unknown key', OPENED, HELD, OPENED],
    ['an alert whose incident is gone', MOVED, MOVED_HELD, MOVED],
    ['a firing alert', REPEATED, REPEATED, REPEATED],
    ['an acknowledged alert', REPEATED, REPEATED, REPEATED],
    ['a cleared alert of an open incident', JOINED, JOINED, JOINED],
    ['a resolved incident', OPENED, HELD, REOPENED],
    ['a closed incident', OPENED, HELD, OPENED],
    ['a dismissed incident', OPENED, HELD, OPENED],
    ['a merged incident', OPENED, HELD, OPENED],
  ])('of %s', (state, ...expected) => {
    const found = [plain, holding, reopening].map((config) => short(decide('trigger', STATES[state]!(), { config })));
    expect(found).toEqual(expected);
  });
});

describe('an acknowledge, a resolve and a change', () => {
  const WHOLE = 'acknowledged | known | alert.acknowledged + incident.acknowledged | ';
  const CLEARED = 'resolved | known | alert.cleared | ';

  test.each<[state: string, acknowledge: string, resolve: string]>([
    ['an unknown key', DROPPED, DROPPED],
    ['an alert whose incident is gone', DROPPED, DROPPED],
    ['a firing alert', WHOLE, CLEARED],
    ['an acknowledged alert', 'acknowledged | known | incident.acknowledged | ', CLEARED],
    ['a cleared alert of an open incident', DROPPED, DROPPED],
    ['a resolved incident', DROPPED, DROPPED],
    ['a closed incident', DROPPED, DROPPED],
    ['a dismissed incident', DROPPED, DROPPED],
    ['a merged incident', DROPPED, DROPPED],
  ])('of %s', (state, acknowledge, resolve) => {
    for (const config of [plain, holding, reopening]) {
      expect(short(decide('acknowledge', STATES[state]!(), { config }))).toBe(acknowledge);
      expect(short(decide('resolve', STATES[state]!(), { config }))).toBe(resolve);
      expect(short(decide('change', STATES[state]!(), { config }))).toBe(DROPPED);
    }
  });
});

describe('what is new', () => {
  const event = {
    body: 'No space left',
    source: 'alertmanager',
    routeKey: 'shop',
    labels: { host: 'db1' },
    links: [{ href: 'https://example.com/run', text: 'Runbook' }],
  };
  const stored: StoredAlert = {
    id: 'a9',
    tenant: 'acme',
    routeKey: 'shop',
    dedupKey: 'k1',
    service: 'checkout',
    incidentId: 'i9',
    status: 'firing',
    severity: 'SEV2',
    title: 'Disk full',
    body: 'No space left',
    source: 'alertmanager',
    labels: { host: 'db1' },
    links: [{ href: 'https://example.com/run', text: 'Runbook' }],
    openedAt: T0 + 5,
    lastSeenAt: T0 + 5,
    count: 1,
  };

  test('opens an incident that carries everything a replay needs', () => {
    const decision = decide('trigger', {}, { at: T0 + 5, event });
    expect(decision).toMatchObject({
      outcome: 'opened',
      reason: 'a new problem',
      incident: 'new',
      drafts: [
        {
          type: 'incident.opened',
          incidentId: 'i9',
          title: 'Disk full',
          body: 'No space left',
          service: 'checkout',
          routeKey: 'shop',
          severity: 'SEV2',
          urgency: 'high',
          labels: { host: 'db1' },
          visibility: 'public',
          alerts: [{ id: 'a9', severity: 'SEV2', title: 'Disk full' }],
          links: [{ href: 'https://example.com/run', text: 'Runbook' }],
          ladder: plain.ladder('default'),
          settings: plain.carriedSettings('SEV2'),
          configVersion: 'c1',
          explanation: {
            route: 'no route holds; the first service takes it',
            key: 'event',
            severity: 'the event says "SEV2", which is SEV2',
          },
        },
      ],
      alerts: [{ type: 'open', alert: stored }],
      alertId: 'a9',
      severity: expect.objectContaining({ severity: 'SEV2', urgency: 'high', decidedBy: { kind: 'event' } }),
    });
  });

  test('has no field for what the event does not say', () => {
    const { drafts, alerts } = decide('trigger', {});
    expect(drafts[0]).not.toHaveProperty('body');
    const [change] = alerts;
    expect(change?.type === 'open' && Object.keys(change.alert).sort()).toEqual(
      Object.keys(stored)
        .filter((key) => key !== 'body' && key !== 'source')
        .sort(),
    );
    expect(change).toMatchObject({ alert: { labels: {}, links: [], routeKey: 'default' } });
  });

  test('may be held before anyone is paged', () => {
    const decision = decide('trigger', {}, { config: holding });
    expect(decision.reason).toBe('a new problem, held before anyone is paged');
    expect(decision.drafts[0]).toMatchObject({ settings: { holdMs: 2 * MINUTE } });
  });

  test('climbs the policy of its route, and keeps the settings of its severity', () => {
    const config = shop({ routes: [{ service: 'checkout', escalationPolicy: 'vip', resolveAfterClear: '1m' }] });
    const [draft] = decide('trigger', {}, { config, event: { severity: 'SEV1' } }).drafts;
    expect(draft).toMatchObject({
      severity: 'SEV1',
      ladder: { policyId: 'vip' },
      settings: { clearForMs: MINUTE, reviewWithinMs: null },
      explanation: { route: 'route "routes[0]" holds' },
    });
  });

  test('has the urgency of its severity', () => {
    expect(decide('trigger', {}, { event: { severity: 'info' } }).drafts[0]).toMatchObject({
      severity: 'SEV3',
      urgency: 'low',
    });
  });

  test('is judged by its service, once that is known', () => {
    const config = shop({
      services: [{ id: 'checkout', escalationPolicy: 'default', tier: 1 }],
      severity: { rules: [{ when: { field: 'service.tier', op: 'equals', value: 1 }, severity: 'SEV1' }] },
    });
    expect(decide('trigger', {}, { config }).severity?.severity).toBe('SEV1');
  });

  test('follows the incident that the key had before', () => {
    const { drafts } = decide('trigger', STATES['a dismissed incident']!(), {
      event: { ...event, routeKey: 'default' },
    });
    expect(drafts[0]).toMatchObject({
      links: [
        { href: 'https://example.com/run', text: 'Runbook' },
        { incident: 'i1', relation: 'follows' },
      ],
    });
  });
});

describe('a repeat of an open key', () => {
  test('is counted, and pages nobody', () => {
    expect(decide('trigger', known('firing', story()), { at: T0 + 5 })).toMatchObject({
      outcome: 'deduplicated',
      reason: 'the key is open already',
      incident: 'none',
      drafts: [],
      alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 + 5 }],
      alertId: 'a1',
      severity: expect.objectContaining({ severity: 'SEV2' }),
    });
  });

  test('raises the severity of the incident and of the alert', () => {
    expect(decide('trigger', known('firing', story()), { at: T0 + 5, event: { severity: 'SEV1' } })).toMatchObject({
      outcome: 'deduplicated',
      reason: 'the key is open already; its severity rose',
      incident: 'known',
      drafts: [
        {
          type: 'severity.changed',
          severity: 'SEV1',
          urgency: 'high',
          direction: 'raised',
          updateEveryMs: null,
          reviewWithinMs: null,
          reason: 'the event says "SEV1", which is SEV1',
        },
      ],
      alerts: [
        { type: 'repeat', id: 'a1', seenAt: T0 + 5 },
        { type: 'set', id: 'a1', severity: 'SEV1' },
      ],
      alertId: 'a1',
      severity: expect.objectContaining({ severity: 'SEV1' }),
    });
  });

  test('never lowers it', () => {
    const decision = decide('trigger', known('acknowledged', story()), { event: { severity: 'SEV3' } });
    expect(short(decision)).toBe(REPEATED);
    expect(decision.reason).toBe('the key is open already');
  });

  test('raises a severity that is no level any more', () => {
    const gone = {
      alert: { ...alert('firing'), severity: 'P9' },
      incident: story(opened({ severity: 'P9' })).snapshot(),
    };
    expect(decide('trigger', gone, { event: { severity: 'SEV3' } }).drafts).toMatchObject([
      { type: 'severity.changed', severity: 'SEV3', urgency: 'low' },
    ]);
  });

  test('does not undo that a person lowered it, as long as it says what it has always said', () => {
    const lowered = story().does(ana, severity('lowered', 'low'));
    expect(short(decide('trigger', known('firing', lowered)))).toBe(REPEATED);
    const worse = decide('trigger', known('firing', lowered), { event: { severity: 'SEV1' } });
    expect(worse.drafts).toMatchObject([{ type: 'severity.changed', severity: 'SEV1' }]);
  });
});

describe('a key that fires again', () => {
  test('while its incident is open joins it', () => {
    const decision = decide('trigger', STATES['a cleared alert of an open incident']!());
    expect(decision).toMatchObject({
      reason: 'the key fires again while its incident is open',
      drafts: [{ type: 'alert.joined', alert: { id: 'a1', severity: 'SEV2', title: alert('cleared').title } }],
      alerts: [{ type: 'return', id: 'a1', seenAt: T0, severity: 'SEV2' }],
      alertId: 'a1',
      severity: { severity: 'SEV2' },
    });
  });

  test('joins and raises at once', () => {
    const decision = decide('trigger', STATES['a cleared alert of an open incident']!(), {
      event: { severity: 'SEV1' },
    });
    expect(short(decision)).toBe('joined | known | alert.joined + severity.changed | return');
  });

  test('soon after its incident was resolved reopens it, where the route says so', () => {
    const decision = decide('trigger', known('cleared', resolved()), {
      config: reopening,
      event: { severity: 'SEV1' },
    });
    expect(decision).toMatchObject({
      outcome: 'reopened',
      reason: 'the key fires again soon after its incident was resolved',
      incident: 'known',
      drafts: [
        {
          type: 'incident.reopened',
          reason: 'the alert fires again',
          alert: { id: 'a9', severity: 'SEV1', title: 'Disk full' },
        },
        { type: 'severity.changed', severity: 'SEV1', direction: 'raised' },
      ],
      alerts: [{ type: 'open', alert: { id: 'a9', incidentId: 'i1' } }],
      alertId: 'a9',
      severity: { severity: 'SEV1' },
    });
  });

  test('to the last millisecond of that time', () => {
    const at = (late: number) =>
      decide('trigger', known('cleared', resolved()), { config: reopening, at: T0 + HOUR + late }).outcome;
    expect([at(-1), at(0), at(1)]).toEqual(['reopened', 'reopened', 'opened']);
  });

  test('opens another incident when that was never resolved', () => {
    const before = resolved().snapshot();
    const { resolvedAt: _, ...times } = before.context.times;
    const incident: IncidentSnapshot = { ...before, context: { ...before.context, times } };
    expect(decide('trigger', { alert: alert('cleared'), incident }, { config: reopening }).outcome).toBe('opened');
  });
});

describe('an acknowledgement by the source', () => {
  const two = () => story().does(source, { type: 'alert.joined', alert: facts('a2') });
  const PART = 'acknowledged | known | alert.acknowledged | ';

  test('of the only open alert acknowledges the incident', () => {
    expect(decide('acknowledge', known('firing', story()))).toMatchObject({
      outcome: 'acknowledged',
      reason: 'every open alert of the incident is acknowledged',
      incident: 'known',
      drafts: [{ type: 'alert.acknowledged', alert: 'a1' }, { type: 'incident.acknowledged' }],
      alerts: [],
      alertId: 'a1',
    });
  });

  test('of one of several does not', () => {
    const decision = decide('acknowledge', known('firing', two()));
    expect(short(decision)).toBe(PART);
    expect(decision.reason).toBe('other alerts of the incident are not acknowledged');
  });

  test('of the last one does, when the others are acknowledged or clear', () => {
    const others = [
      two().does(source, { type: 'alert.acknowledged', alert: 'a2' }),
      two().does(source, { type: 'alert.cleared', alert: 'a2' }),
    ];
    for (const other of others)
      expect(decide('acknowledge', known('firing', other)).drafts).toContainEqual({ type: 'incident.acknowledged' });
  });

  test('never says what the statechart would refuse', () => {
    const { alert: open, incident } = known('firing', story());
    const stopped: IncidentSnapshot = { ...incident!, value: { ...incident!.value, paging: 'quiet' } };
    expect(short(decide('acknowledge', { alert: open, incident: stopped }))).toBe(PART);
  });

  test('repeated changes nothing, and says so', () => {
    const taken = story().does(source, { type: 'alert.acknowledged', alert: 'a1' }, { type: 'incident.acknowledged' });
    const other = story(
      opened({
        alerts: [
          { id: 'a1', severity: 'SEV2', title: 'x' },
          { id: 'a2', severity: 'SEV2', title: 'y' },
        ],
      }),
    );
    const half = other.does(source, { type: 'alert.acknowledged', alert: 'a1' });
    expect(decide('acknowledge', known('acknowledged', half))).toMatchObject({
      outcome: 'acknowledged',
      reason: 'the alert is acknowledged already',
      incident: 'none',
      drafts: [],
      alerts: [],
      alertId: 'a1',
    });
    expect(short(decide('acknowledge', known('acknowledged', taken)))).toBe('acknowledged | none |  | ');
  });

  test('said again after the acknowledgement has expired is an acknowledgement again', () => {
    const expired = story().does(
      source,
      { type: 'alert.acknowledged', alert: 'a1' },
      { type: 'incident.acknowledged' },
    );
    expired.passes(30 * MINUTE);
    expect(expired.stands()).toBe('triage / escalating');
    expect(short(decide('acknowledge', known('acknowledged', expired)))).toBe(
      'acknowledged | known | incident.acknowledged | ',
    );
  });

  test('after a person acknowledged is kept too', () => {
    const taken = story().does(ben, { type: 'incident.acknowledged' });
    expect(decide('acknowledge', known('firing', taken)).drafts[0]).toEqual({
      type: 'alert.acknowledged',
      alert: 'a1',
    });
  });
});

describe('a resolve', () => {
  test('clears the alert; the incident decides what follows', () => {
    expect(decide('resolve', known('firing', story()))).toMatchObject({
      outcome: 'resolved',
      reason: 'the source says that it is over',
      incident: 'known',
      drafts: [{ type: 'alert.cleared', alert: 'a1' }],
      alerts: [],
      alertId: 'a1',
    });
  });
});

describe('what is dropped', () => {
  test.each(['acknowledge', 'resolve'] as const)('an %s of a key that is not open names the key', (action) => {
    expect(decide(action, {})).toMatchObject({
      outcome: 'dropped',
      reason: 'no open alert has the key k1',
      incident: 'none',
      drafts: [],
      alerts: [],
    });
  });

  test('a change is context', () => {
    expect(decide('change', known('firing', story()))).toMatchObject({
      outcome: 'dropped',
      reason: 'a change is context and pages nobody',
      incident: 'none',
      drafts: [],
      alerts: [],
    });
  });
});

describe('where an event goes', () => {
  const config = shop({ routes: [{ id: 'hosts', service: 'checkout', dedupFields: ['labels.host'] }] });
  const routed = (event: Partial<AlertEvent>) =>
    routeEvent(cleanEvent({ action: 'trigger', title: 'Disk full', ...event }), config, T0);

  test('is told with its key', () => {
    const { event, route, key } = routed({ labels: { host: 'db1' } });
    expect(event.title).toBe('Disk full');
    expect(route).toMatchObject({ routeId: 'hosts', service: { id: 'checkout' } });
    expect(key).toEqual({ key: '["db1"]', from: 'fields' });
    expect(routed({ dedupKey: 'k1' }).key).toEqual({ key: 'k1', from: 'event' });
  });
});
