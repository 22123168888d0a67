/**
 * measure: the numbers of one incident for hosts that have its timeline at hand.
 *
 * Pure, and the same numbers as `measurements.of(id)` answers.
 */
import type { IncidentNumbers } from '../../model/measurement.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import { incidentNumbers } from './incident-numbers.ts';

/** An entry of a timeline; only events are measured. */
export type MeasuredEntry = { readonly kind: 'event'; readonly event: TimelineEvent } | { readonly kind: 'delivery' };

/**
 * The numbers of the incident whose timeline, as `incidents.timeline(id)` answers it, this is.
 *
 * Durations are in ms. `now` (epoch ms) is the moment up to which anything that has not happened yet has been waited for;
 * without it that is the moment of the last event.
 *
 * @throws TocsinError TIMELINE_INVALID when the timeline does not begin with incident.opened.
 *
 * @example
 * ```ts
 * import { createTocsin, measure } from 'tocsin';
 *
 * const tocsin = createTocsin({
 *   config: {
 *     users: [{ id: 'ana', contacts: [{ notifier: 'console', address: 'ana' }] }],
 *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
 *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
 *   },
 * });
 * const { id } = await tocsin.incidents.open({ title: 'Checkout fails', service: 'checkout', by: 'ana' });
 * await tocsin.incidents.acknowledge(id, { by: 'ana' });
 * const { measurements } = measure(await tocsin.incidents.timeline(id));
 * measurements.acknowledge.status; // => 'recorded'
 * measurements.detect; // => { status: 'pending', why: 'noImpactStart' }
 * ```
 */
export function measure(
  entries: readonly MeasuredEntry[],
  options: { readonly now?: number | undefined } = {},
): IncidentNumbers {
  const timeline = entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  return incidentNumbers(timeline, { now: options.now ?? timeline.at(-1)?.at ?? 0 });
}
