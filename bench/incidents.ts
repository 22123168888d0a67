/**
 * Incidents to measure with: the changes that the engine itself writes when an alert opens one and when somebody notes
 * something, under new ids as often as they are wanted.
 *
 * Nothing here is made up by hand: what is copied was committed by an engine.
 */
import { v7 } from 'uuid';
import { type AlertEvent, type ConfigInput, createTocsin, defineNotifier, type Logger } from '../src/index.ts';
import type { Change } from '../src/ports/storage.ts';
import { memoryStorage } from '../src/storage/memory.ts';

/** What the engine wrote: an alert that opened an incident, and a note on that incident. */
export type Samples = { readonly opening: string; readonly note: string; readonly names: readonly string[] };

/** When the rows of an incident are due, and what became of its first page. */
export type Situation = {
  readonly timerDueAt?: number;
  readonly firstPage?: 'pending' | 'sent';
  readonly pageDueAt?: number;
};

/** Two people, one after the other; the waits are far beyond any measurement. */
export const CONFIG: ConfigInput = {
  users: [
    { id: 'ana', name: 'Ana', contacts: [{ notifier: 'first', address: '+15550100' }] },
    { id: 'ben', name: 'Ben', contacts: [{ notifier: 'second', address: '+15550101' }] },
  ],
  escalationPolicies: [
    {
      id: 'default',
      steps: [
        { targets: [{ user: 'ana' }], escalateAfter: '2h' },
        { targets: [{ user: 'ben' }], escalateAfter: '2h' },
      ],
      fallback: [{ user: 'ben' }],
      fallbackEvery: '2h',
    },
  ],
  services: [{ id: 'checkout', name: 'Checkout', escalationPolicy: 'default' }],
};

/** Hears nothing. */
export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** An alert of a usual size. */
export function alertOf(dedupKey: string, service = 'checkout'): AlertEvent {
  return {
    action: 'trigger',
    dedupKey,
    service,
    title: `Error rate of checkout above 5 percent (${dedupKey})`,
    severity: 'critical',
    source: 'prometheus',
    labels: { alertname: 'HighErrorRate', env: 'production', region: 'eu-west-1', instance: '10.0.12.7:9100' },
    links: [{ href: 'https://grafana.example/d/checkout', text: 'Dashboard' }],
  };
}

/** Notifiers of the two people that do nothing. */
export const QUIET = ['first', 'second'].map((name) => defineNotifier({ name, async send() {} }));

/** Lets an engine write one of each. */
export async function takeSamples(): Promise<Samples> {
  const memory = memoryStorage();
  const seen: Change[] = [];
  const storage = {
    ...memory,
    commit(changes: readonly Change[]) {
      seen.push(...changes);
      return memory.commit(changes);
    },
  };
  const tocsin = createTocsin({ config: CONFIG, storage, notifiers: QUIET, logger: SILENT });
  const [result] = await tocsin.ingest(alertOf('sample-key'));
  const { incidentId, alertId } = result ?? {};
  if (incidentId === undefined || alertId === undefined) throw new Error('The sample opened no incident.');
  await tocsin.incidents.addNote(incidentId, { by: 'ana', text: 'The queue consumer has lost its lease.' });
  await tocsin.stop();
  const [opening, note] = seen;
  if (opening === undefined || note === undefined) throw new Error('The samples were not committed.');
  return {
    opening: JSON.stringify(opening),
    note: JSON.stringify(note),
    names: [incidentId, alertId, 'sample-key', opening.commitId, note.commitId],
  };
}

/** A copy of both samples for an incident of its own. */
export function newIncident({ opening, note, names }: Samples): { readonly opening: Change; readonly note: Change } {
  const fresh = names.map((name) => ({ name, id: v7() }));
  const copy = (text: string): Change =>
    JSON.parse(fresh.reduce((copied, { name, id }) => copied.replaceAll(name, id), text));
  return { opening: copy(opening), note: copy(note) };
}

/** So many openings. */
export function openings(samples: Samples, count: number, situation: Situation = {}): readonly Change[] {
  return Array.from({ length: count }, () => inSituation(newIncident(samples).opening, situation));
}

function inSituation(change: Change, { timerDueAt, firstPage = 'pending', pageDueAt }: Situation): Change {
  const due = (dueAt: number) => timerDueAt ?? dueAt;
  return {
    ...change,
    incidents: change.incidents.map((incident) => {
      const { step } = incident.snapshot.timers;
      const timers = step === undefined ? {} : { step: { ...step, dueAt: due(step.dueAt) } };
      return { ...incident, snapshot: { ...incident.snapshot, timers } };
    }),
    timers: change.timers.map((timer) => (timer.type === 'arm' ? { ...timer, dueAt: due(timer.dueAt) } : timer)),
    deliveries: change.deliveries.map((delivery) => ({
      ...delivery,
      state: firstPage,
      dueAt: pageDueAt ?? delivery.dueAt,
    })),
  };
}
