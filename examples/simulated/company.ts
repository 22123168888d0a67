/**
 * A made-up company: two teams, three services, six people in two zones, and what its monitoring says.
 */
import { defineConfig } from 'tocsin';
import { weeklySchedule } from 'tocsin/on-call';

const BERLIN = 'Europe/Berlin';
const LONDON = 'Europe/London';
const person = (id: string, name: string, timeZone: string) => {
  return { id, name, timeZone, contacts: [{ notifier: 'push', address: id }] };
};
const turns = (id: string, participants: string[]) =>
  weeklySchedule(id, { timeZone: BERLIN, start: '2025-12-01T10:00:00', participants });
const policy = (id: string, second: string) => ({
  id,
  steps: [
    { targets: [{ schedule: id }], escalateAfter: '5m' },
    { targets: [{ user: second }], escalateAfter: '10m' },
  ],
  repeat: 1,
  acknowledgeTimeout: 'off',
  fallback: [{ user: second }],
});

/** Its configuration. */
export const company = defineConfig({
  users: [
    person('ana', 'Ana Lima', BERLIN),
    person('ben', 'Ben Okafor', LONDON),
    person('chi', 'Chi Nguyen', BERLIN),
    person('dee', 'Dee Novak', BERLIN),
    person('eli', 'Eli Haddad', LONDON),
    person('fay', 'Fay Olsen', BERLIN),
  ],
  teams: [
    { id: 'shop', name: 'Shop', schedule: 'shop', members: ['ana', 'ben', 'chi'] },
    { id: 'platform', name: 'Platform', schedule: 'platform', members: ['dee', 'eli', 'fay'] },
  ],
  schedules: [turns('shop', ['ana', 'ben', 'chi']), turns('platform', ['dee', 'eli', 'fay'])],
  escalationPolicies: [policy('shop', 'chi'), policy('platform', 'fay')],
  services: [
    { id: 'checkout', name: 'Checkout', team: 'shop', escalationPolicy: 'shop' },
    { id: 'search', name: 'Search', team: 'shop', escalationPolicy: 'shop' },
    { id: 'warehouse', name: 'Warehouse', team: 'platform', escalationPolicy: 'platform' },
  ],
  routes: [{ id: 'by-label', service: 'checkout', serviceFrom: 'labels.service' }],
  grouping: [{ id: 'together', by: ['labels.alertname'], window: '30m' }],
  severity: {
    levels: [
      { id: 'SEV1', urgency: 'high' },
      { id: 'SEV2', urgency: 'high' },
      { id: 'SEV3', urgency: 'high' },
    ],
    rules: ['SEV1', 'SEV2', 'SEV3'].map((id) => ({ id, when: `severity="${id}"`, severity: id })),
  },
});

/** What fires: how often, how bad, how often it goes away by itself, and how long it takes to mend (minutes). */
export type Fault = {
  readonly name: string;
  readonly service: string;
  readonly severity: string;
  readonly weight: number;
  readonly passes: number;
  readonly minutes: number;
};

/** Everything that fires there. */
export const FAULTS: readonly [Fault, ...Fault[]] = [
  { name: 'PaymentErrors', service: 'checkout', severity: 'SEV1', weight: 2, passes: 0.05, minutes: 45 },
  { name: 'CheckoutLatency', service: 'checkout', severity: 'SEV2', weight: 5, passes: 0.2, minutes: 55 },
  { name: 'IndexLag', service: 'search', severity: 'SEV3', weight: 9, passes: 0.55, minutes: 90 },
  { name: 'SearchErrors', service: 'search', severity: 'SEV2', weight: 3, passes: 0.1, minutes: 50 },
  { name: 'QueueDepth', service: 'warehouse', severity: 'SEV3', weight: 6, passes: 0.3, minutes: 120 },
  { name: 'ScannersOffline', service: 'warehouse', severity: 'SEV2', weight: 2, passes: 0, minutes: 150 },
];
