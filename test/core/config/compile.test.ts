import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { compileConfig } from '../../../src/core/config/compile.ts';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import { caught } from '../on-call/caught.ts';
import { policy, smallest } from './smallest.ts';

const compiled = (parts: Partial<ConfigInput> = {}) => compileConfig(checkConfig({ ...smallest(), ...parts }), 'c7');

describe('a compiled configuration', () => {
  test('finds everything by its id', () => {
    const config = compiled({
      teams: [{ id: 'shop', schedule: 'primary' }],
      channels: [{ id: 'room', notifier: 'chat', address: '#room' }],
    });
    expect(config.version).toBe('c7');
    expect(config.config.services).toHaveLength(1);
    expect([...config.users.keys()]).toEqual(['ana', 'ben']);
    expect(config.users.get('ben')?.contacts).toEqual([{ notifier: 'sms', address: '+15550101' }]);
    expect(config.teams.get('shop')?.schedule).toBe('primary');
    expect(config.channels.get('room')?.address).toBe('#room');
    expect(config.services.get('checkout')?.escalationPolicy).toBe('default');
    expect(config.policies.get('default')?.fallback).toEqual([{ user: 'ben' }]);
    expect(config.schedules.get('primary')?.onCallAt('2026-01-13T12:00:00Z')[0]?.user).toBe('ben');
  });

  test('decides severities and routes', () => {
    const config = compiled({ routes: [{ id: 'all', service: 'checkout' }] });
    expect(config.severity.decide({ severity: 'critical' }, 0).severity).toBe('SEV1');
    expect(config.route(cleanEvent({ action: 'trigger' }), 0).routeId).toBe('all');
  });
});

describe('a ladder', () => {
  test('is a copy of its policy in milliseconds', () => {
    const gate = { field: 'severity', op: 'equals', value: 'SEV1' } as const;
    const config = compiled({
      escalationPolicies: [
        policy({
          steps: [
            { targets: [{ user: 'ana' }] },
            { targets: [{ schedule: 'primary' }], escalateAfter: '90s', when: gate },
          ],
          repeat: 2,
          fallbackEvery: '1h',
          acknowledgeTimeout: 'off',
          repageOn: ['newAlert'],
        }),
      ],
    });
    expect(config.ladder('default')).toEqual({
      policyId: 'default',
      rungs: [
        { targets: [{ user: 'ana' }], waitMs: 300_000, strategy: 'all' },
        { targets: [{ schedule: 'primary' }], waitMs: 90_000, strategy: 'all', when: gate },
      ],
      loops: 3,
      fallback: [{ user: 'ben' }],
      fallbackEveryMs: 3_600_000,
      acknowledgeTimeoutMs: null,
      repageOn: ['newAlert'],
    });
  });

  test('takes the policies that follow along', () => {
    const config = compiled({
      escalationPolicies: [
        policy({ onExhausted: { policy: 'second' } }),
        policy({ id: 'second', acknowledgeTimeout: '1h' }),
      ],
    });
    const ladder = config.ladder('default');
    expect(ladder.acknowledgeTimeoutMs).toBe(1_800_000);
    expect(ladder.next).toMatchObject({ policyId: 'second', acknowledgeTimeoutMs: 3_600_000 });
    expect(ladder.next).not.toHaveProperty('next');
  });

  test('of an unknown policy is refused', () => {
    expect(caught(() => compiled().ladder('gone'))).toMatchObject({
      code: 'REFERENCE_UNKNOWN',
      details: { policyId: 'gone' },
    });
  });
});

describe('what an incident keeps from the configuration', () => {
  const DEFAULTS = { holdMs: 0, clearForMs: 300_000, reopenWindowMs: 604_800_000, reminderMs: 86_400_000 };

  test('the defaults: no review is owed, and no updates', () => {
    const config = compiled();
    expect(config.carriedSettings('SEV1')).toEqual({ ...DEFAULTS, updateEveryMs: null, reviewWithinMs: null });
    expect(config.carriedSettings('SEV2')).toEqual({ ...DEFAULTS, updateEveryMs: null, reviewWithinMs: null });
    expect(config.carriedSettings('SEV3')).toEqual({ ...DEFAULTS, updateEveryMs: null, reviewWithinMs: null });
  });

  test('the waits of all incidents', () => {
    const config = compiled({ incidents: { resolveAfterClear: '1m', reopenWindow: '2m', reminderEvery: '3m' } });
    expect(config.carriedSettings('SEV2')).toEqual({
      holdMs: 0,
      clearForMs: 60_000,
      reopenWindowMs: 120_000,
      reminderMs: 180_000,
      updateEveryMs: null,
      reviewWithinMs: null,
    });
  });

  test('the updates and the review of its severity', () => {
    const config = compiled({
      severity: {
        levels: [
          { id: 'P1', updateEvery: '30m', review: 'required', reviewWithin: '3d' },
          { id: 'P2', updateEvery: '1h', review: 'optional', reviewWithin: '3d' },
        ],
      },
    });
    expect(config.carriedSettings('P1')).toEqual({
      ...DEFAULTS,
      updateEveryMs: 1_800_000,
      reviewWithinMs: 259_200_000,
    });
    expect(config.carriedSettings('P2')).toEqual({ ...DEFAULTS, updateEveryMs: 3_600_000, reviewWithinMs: null });
  });

  test('a severity that is no level any more asks for nothing', () => {
    expect(compiled().carriedSettings('gone')).toEqual({ ...DEFAULTS, updateEveryMs: null, reviewWithinMs: null });
  });

  test('the hold of its route, and how long its alerts must stay clear there', () => {
    const config = compiled({
      incidents: { resolveAfterClear: '1m' },
      routes: [
        { id: 'slow', when: 'a=b', service: 'checkout', holdFor: '2m', resolveAfterClear: '0s' },
        { id: 'rest', service: 'checkout' },
      ],
    });
    const routed = (labels: Record<string, string>) => config.route(cleanEvent({ action: 'trigger', labels }), 0);
    expect(config.carriedSettings('SEV2', routed({ a: 'b' }))).toMatchObject({ holdMs: 120_000, clearForMs: 0 });
    expect(config.carriedSettings('SEV2', routed({}))).toMatchObject({ holdMs: 0, clearForMs: 60_000 });
  });
});

describe('a change of severity', () => {
  const at = Date.parse('2026-01-06T22:00:00Z');
  const config = compiled({
    severity: {
      levels: [
        { id: 'SEV1', repage: true, updateEvery: '1h', review: 'required' },
        { id: 'SEV2', urgency: 'supportHours', repage: false },
        { id: 'SEV3', urgency: 'low' },
      ],
      supportHours: [{ timeZone: 'UTC', from: '09:00', until: '17:00' }],
    },
    services: [
      { id: 'checkout', escalationPolicy: 'default' },
      { id: 'early', escalationPolicy: 'default', supportHours: [{ timeZone: 'UTC', from: '06:00', until: '14:00' }] },
    ],
  });

  test('brings everything that follows from the level', () => {
    expect(config.severityChanged('SEV1', { severity: 'SEV3', service: 'checkout' }, at, 'it grew')).toEqual({
      type: 'severity.changed',
      severity: 'SEV1',
      urgency: 'high',
      direction: 'raised',
      repage: true,
      updateEveryMs: 3_600_000,
      reviewWithinMs: 5 * 86_400_000,
      reason: 'it grew',
    });
  });

  test('brings how long the urgency waits for the support hours of the service', () => {
    expect(config.severityChanged('SEV2', { severity: 'SEV1', service: 'early' }, at)).toEqual({
      type: 'severity.changed',
      severity: 'SEV2',
      urgency: 'low',
      urgencyRisesInMs: 8 * 3_600_000,
      direction: 'lowered',
      updateEveryMs: null,
      reviewWithinMs: null,
    });
  });

  test('is worked out anew for what is reopened, where the level follows support hours', () => {
    const again = (severity: string, service = 'checkout') => config.urgencyOnReturn({ severity, service }, at);
    expect(again('SEV2')).toEqual({ urgency: 'low', urgencyRisesInMs: 11 * 3_600_000 });
    expect(again('SEV2', 'early')).toEqual({ urgency: 'low', urgencyRisesInMs: 8 * 3_600_000 });
    expect([again('SEV1'), again('SEV3'), again('GONE')]).toEqual([{}, {}, {}]);
  });
});
