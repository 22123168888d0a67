/**
 * Incidents for the tests of their numbers: a line for each event, `'10:05:00'` of Monday, 5 January 2026 (UTC), who, and what.
 */
import { type Actor, SYSTEM } from '../../../src/model/identity.ts';
import type { EventDraft, EventOf, TimelineEvent } from '../../../src/model/timeline.ts';
import { alert, ladder, type Opened, opened, settings } from '../lifecycle/support.ts';

/** A moment of that Monday. */
export const at = (time: string): number => Date.parse(`2026-01-05T${time}Z`);

/** When, who, and what: an event without anything beside it by its name alone. */
export type Line = readonly [time: string, by: string, what: EventDraft | EventDraft['type']];

/** The timeline of these lines; 'tocsin' and 'alertmanager' are no people. */
export function told(...lines: readonly Line[]): readonly TimelineEvent[] {
  return lines.map(([time, by, what], index) => {
    const draft = typeof what === 'string' ? { type: what } : what;
    return { ...draft, seq: index + 1, at: at(time), by: actor(by) } as TimelineEvent;
  });
}

/** An incident that an alert opened. */
export const fires = (more: Partial<Opened> = {}): Opened =>
  opened({ ladder: ladder({ rungs: [] }), settings: settings(), alerts: [alert('a1')], ...more });

/** A page to these people. */
export const page = (...users: readonly string[]): EventDraft => ({
  type: 'page.requested',
  purpose: 'step',
  position: { cycle: 1, loop: 1, step: 1 },
  recipients: users.map((user) => ({ user, reason: { target: { user } }, contacts: [] })),
  configVersion: 'c1',
});

type Corrected = keyof EventOf<'times.corrected'>['times'];

/** People say when it was. */
export const corrected = (times: { readonly [T in Corrected]?: string }): EventDraft => ({
  type: 'times.corrected',
  times: Object.fromEntries(Object.entries(times).map(([name, time]) => [name, { to: at(time) }])),
});

function actor(name: string): Actor {
  if (name === 'tocsin') return SYSTEM;
  return name === 'alertmanager' ? { kind: 'source', id: name } : { kind: 'user', id: name };
}
