import { settle } from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { compileConfig } from '../../../src/core/config/compile.ts';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { decideIntake } from '../../../src/core/intake/decide.ts';
import { routeEvent } from '../../../src/core/intake/routed.ts';
import type { StoredAlert } from '../../../src/model/alert.ts';
import { STATES } from '../lifecycle/states.ts';
import { planOf, source, T0 } from '../lifecycle/support.ts';
import { storedOf } from './stored.ts';

const config = compileConfig(
  checkConfig({
    users: [{ id: 'boss', contacts: [{ notifier: 'sms', address: '+1' }] }],
    escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'boss' }] }], fallback: [{ user: 'boss' }] }],
    services: [{ id: 'checkout', escalationPolicy: 'default' }],
    routes: [{ when: 'again="yes"', service: 'checkout', reopenWithin: '7d' }],
  }),
  'c1',
);
const everyState = Object.entries(STATES).flatMap(([region, states]) =>
  Object.entries(states).map(([state, reach]) => [`${region}: ${state}`, reach] as const),
);
const EVENTS = (['trigger', 'acknowledge', 'resolve', 'change'] as const).flatMap((action) =>
  ['SEV1', 'SEV3'].flatMap((severity) =>
    ['yes', 'no'].map((again) => ({ action, severity, dedupKey: 'k1', labels: { again } })),
  ),
);

describe('whatever an event means, the statechart accepts it', () => {
  test.each(everyState)('%s', (_, reach) => {
    const before = reach().snapshot();
    const at = T0 + 86_400_000;
    const status = before.context.alerts.a1;
    const alert: StoredAlert | undefined = status && {
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
    };
    for (const event of EVENTS) {
      const routed = routeEvent(cleanEvent(event), config, at);
      const moment = { at, tenant: 'acme', newIncidentId: 'i9', newAlertId: 'a9' };
      const state = alert === undefined ? {} : { alert, incident: before };
      const { incident, drafts } = decideIntake(routed, storedOf(state), config, moment);
      expect(drafts.length > 0).toBe(incident !== 'none');
      if (drafts.length === 0) continue;
      const snapshot = incident === 'new' ? undefined : before;
      const settled = settle({ snapshot, drafts, at, by: source, plan: planOf({}) });
      expect(settled.events.map(({ type }) => type)).toEqual(expect.arrayContaining(drafts.map(({ type }) => type)));
    }
  });
});
