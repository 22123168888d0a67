/** A small shop for tests of paging: its people, its schedule, and an incident as it may stand; never asserts anything. */
import { checkConfig } from '../../../src/core/config/check.ts';
import { type CompiledConfig, compileConfig } from '../../../src/core/config/compile.ts';
import { EMPTY_CONTEXT, type IncidentContext } from '../../../src/core/lifecycle/context.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import type { Ladder, Rung, Target } from '../../../src/model/escalation.ts';
import type { Recipient } from '../../../src/model/page.ts';

/** Monday, 5 January 2026, 09:00 UTC. */
export const T0 = Date.UTC(2026, 0, 5, 9);
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Ana and ben take turns from Monday 09:00 on; office hours are served by chi; mute has no contact. */
export function world(parts: Partial<ConfigInput> = {}): CompiledConfig {
  return compileConfig(
    checkConfig({
      users: [
        {
          id: 'ana',
          name: 'Ana',
          contacts: [
            { notifier: 'sms', address: '+1' },
            { notifier: 'voice', address: '+1' },
          ],
        },
        { id: 'ben', contacts: [{ notifier: 'sms', address: '+2' }] },
        { id: 'chi', contacts: [{ notifier: 'email', address: 'chi@example.com' }] },
        { id: 'mute' },
      ],
      teams: [
        { id: 'shop', members: ['chi', 'ana', 'mute'], schedule: 'primary' },
        { id: 'crowd', members: ['ben', 'chi'] },
        { id: 'empty' },
      ],
      channels: [{ id: 'room', notifier: 'chat', address: '#room' }],
      schedules: [
        {
          id: 'primary',
          timeZone: 'UTC',
          layers: [
            {
              id: 'weekly',
              rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['ana', 'ben'] },
            },
          ],
          overrides: [
            { id: 'o1', from: '2026-01-06T09:00:00Z', until: '2026-01-06T10:00:00Z', kind: 'add', user: 'chi' },
          ],
        },
        {
          id: 'office',
          timeZone: 'UTC',
          layers: [
            {
              id: 'day',
              rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['chi'] },
              restrictions: [
                { start: '2026-01-05T09:00:00', duration: '8h', rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' },
              ],
            },
          ],
        },
      ],
      escalationPolicies: [
        { id: 'default', steps: [{ targets: [{ schedule: 'primary' }] }], fallback: [{ user: 'ben' }] },
      ],
      services: [{ id: 'checkout', escalationPolicy: 'default', name: 'Checkout' }],
      ...parts,
    }),
    'c1',
  );
}

export function rung(targets: readonly Target[], more: Partial<Rung> = {}): Rung {
  return { targets: [...targets], waitMs: 5 * MINUTE, strategy: 'all', ...more };
}

export function ladder(...rungs: readonly Rung[]): Ladder {
  return {
    policyId: 'default',
    rungs,
    loops: 1,
    fallback: [{ user: 'ben' }],
    fallbackEveryMs: 15 * MINUTE,
    acknowledgeTimeoutMs: null,
    repageOn: [],
  };
}

/** A high-urgency incident at its first rung, at `T0`. */
export function incident(more: Partial<IncidentContext> = {}): IncidentContext {
  return {
    ...EMPTY_CONTEXT,
    at: T0,
    seq: 3,
    id: 'i1',
    title: 'Checkout fails',
    service: 'checkout',
    severity: 'SEV2',
    times: { openedAt: T0 - HOUR },
    position: { cycle: 1, loop: 1, step: 1 },
    ladder: ladder(rung([{ schedule: 'primary' }])),
    alerts: { a1: 'firing' },
    ...more,
  };
}

/** The users and channels asked, in order. */
export function names(recipients: readonly Recipient[] = []): readonly string[] {
  return recipients.map(({ user, channel }) => user ?? `#${channel}`);
}
