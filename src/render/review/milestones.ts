/**
 * The milestones of an incident: the moments that its numbers begin and end with.
 *
 * Pure. A moment that nobody knows is left out, and never guessed.
 */
import type { Measurement, Milestone } from '../../model/measurement.ts';
import type { BuiltReview } from '../../model/review.ts';

/** What can be a milestone. */
export type MilestoneName = 'began' | 'detected' | 'acknowledged' | 'mitigated' | 'resolved';

/** A milestone with its moment. */
export type NamedMilestone = { readonly name: MilestoneName; readonly at: number };

/** The milestones that are known, in the order of what they mean. */
export function milestonesOf({ incident, impact, numbers }: BuiltReview): readonly NamedMilestone[] {
  const { detect, acknowledge, mitigate, resolve } = numbers.measurements;
  // Of what was written down later it may be known when it was resolved, and not when it was detected.
  const isResolved = incident.phase === 'resolved' || incident.phase === 'closed';
  const isKnown = isResolved && resolve.status === 'notApplicable' && resolve.why === 'unknown';
  const all: readonly (readonly [MilestoneName, number | undefined])[] = [
    ['began', impact.startedAt],
    ['detected', ends(detect).to?.at ?? ends(acknowledge).from?.at],
    ['acknowledged', ends(acknowledge).to?.at],
    ['mitigated', ends(mitigate).to?.at],
    ['resolved', ends(resolve).to?.at ?? (isKnown ? incident.endedAt : undefined)],
  ];
  return all.flatMap(([name, at]) => (at === undefined ? [] : [{ name, at }]));
}

/** The numbers of the entries that the numbers of the incident begin or end with. */
export function milestoneEntries({ numbers }: BuiltReview): ReadonlySet<number> {
  const found = Object.values(numbers.measurements).flatMap((measurement) => Object.values(ends(measurement)));
  return new Set(found.map(({ seq }) => seq));
}

function ends(measurement: Measurement): { readonly from?: Milestone; readonly to?: Milestone } {
  switch (measurement.status) {
    case 'recorded':
    case 'invalid':
      return { from: measurement.from, to: measurement.to };
    case 'pending':
    case 'notApplicable':
      return measurement.from === undefined ? {} : { from: measurement.from };
  }
}
