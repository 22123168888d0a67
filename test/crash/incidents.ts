/**
 * The incidents of these tests: whom an incident asks, and how soon it climbs.
 *
 * The same text for the processes that page and for those who judge them.
 */
import type { AlertEvent, ConfigInput } from '../../src/index.ts';

/** Whom each rung asks; the last is the fallback. */
export const LADDER = [
  { purpose: 'step', step: 1, users: ['ana', 'ben'] },
  { purpose: 'step', step: 2, users: ['chi'] },
  { purpose: 'fallback', step: 2, users: ['dan'] },
] as const;

/** A whole ladder is climbed in two seconds; then nothing is due for a day. */
export const CONFIG: ConfigInput = {
  users: ['ana', 'ben', 'chi', 'dan'].map((id) => ({ id, contacts: [{ notifier: 'phone', address: `tel:${id}` }] })),
  escalationPolicies: [
    {
      id: 'default',
      steps: LADDER.slice(0, 2).map(({ users }) => ({
        targets: users.map((user) => ({ user })),
        escalateAfter: '1s',
      })),
      fallback: LADDER[2].users.map((user) => ({ user })),
      fallbackEvery: '24h',
      acknowledgeTimeout: 'off',
    },
  ],
  services: [{ id: 'shop', escalationPolicy: 'default' }],
};

/** The alert of one key; asked again it is the same delivery of its source. */
export function triggerOf(key: string): AlertEvent {
  return { action: 'trigger', title: `Problem ${key}`, severity: 'critical', dedupKey: key, deliveryId: key };
}
