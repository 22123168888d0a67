import { expect, test } from 'vitest';
import { incidentFact } from '../../../src/core/paging/incident-fact.ts';
import { incident } from './world.ts';

test('a gate sees the severity, urgency, service, visibility and number of alerts of an incident', () => {
  expect(incidentFact(incident({ alerts: { a1: 'firing', a2: 'cleared' } }))).toEqual({
    severity: 'SEV2',
    urgency: 'high',
    service: 'checkout',
    visibility: 'public',
    alertCount: 2,
    labels: {},
  });
});

test('and its impact and time pressure when a person gave them', () => {
  expect(incidentFact(incident({ impact: 'high', timePressure: 'low', alerts: {} }))).toEqual({
    severity: 'SEV2',
    urgency: 'high',
    service: 'checkout',
    visibility: 'public',
    impact: 'high',
    timePressure: 'low',
    alertCount: 0,
    labels: {},
  });
});
