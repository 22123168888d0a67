/**
 * The record of an incident that has ended: its numbers, under a name that begins with the moment at which it was opened.
 *
 * So the incidents of a window are one stretch of names. A record outlives its incident, which is why it holds no words of a
 * private one. Nothing here reads or writes.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { incidentNumbers } from '../core/review/incident-numbers.ts';
import { type PackedNumbers, packNumbers } from '../core/review/packed-numbers.ts';
import { type IncidentNumbers, MEASUREMENT_NAMES, type Measurement } from '../model/measurement.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { DocumentKey } from '../ports/storage.ts';

/** The collection of the records. */
export const NUMBERS = 'numbers';

/**
 * Stands in the place of a record that could not be worked out, and of that of an incident that is open again: whoever reads
 * it asks the timeline.
 */
export const UNKNOWN_NUMBERS = { unknown: true };

/** As many digits as every moment until the year 33658 has, so that the order of the names is that of the moments. */
const DIGITS = 15;

/** Names the record of the incident `id`, which was opened at `openedAt` (epoch ms). */
export function numbersKey(id: string, openedAt: number): DocumentKey {
  return { collection: NUMBERS, id: `${openedName(openedAt)}:${id}` };
}

/** The name that comes before those of all records of incidents that were opened at `at` (epoch ms) or later. */
export function openedName(at: number): string {
  const bounded = Math.min(Math.max(0, Math.floor(at)), 10 ** DIGITS - 1);
  return String(bounded).padStart(DIGITS, '0');
}

/** The incident whose record has this name. */
export function incidentNamed(name: string): string {
  return name.slice(DIGITS + 1);
}

/**
 * The record of an incident with this timeline, and this context if it is known; the same whenever it is asked for, and
 * `undefined` of one that is open.
 *
 * @throws TocsinError TIMELINE_INVALID when the timeline is not whole.
 */
export function numbersRecord(
  timeline: readonly TimelineEvent[],
  context?: IncidentContext,
): PackedNumbers | undefined {
  const now = timeline.at(-1)?.at ?? 0;
  const numbers = incidentNumbers(timeline, { now, ...(context !== undefined && { context }) });
  return numbers.outcome === 'open' ? undefined : packNumbers(discreet(asOf(numbers, numbers.endedAt ?? now)));
}

/** What is read of a record at `now` (epoch ms): what is still to come has taken until then. */
export function asOf(numbers: IncidentNumbers, now: number): IncidentNumbers {
  const { measurements } = numbers;
  if (!MEASUREMENT_NAMES.some((name) => isRunning(measurements[name]))) return numbers;
  const entries = MEASUREMENT_NAMES.map((name) => [name, measuredAt(measurements[name], now)] as const);
  return { ...numbers, measurements: { ...measurements, ...Object.fromEntries(entries) } };
}

/** Without the words of a private incident: numbers are kept for longer, and shown to more people, than it is. */
export function discreet(numbers: IncidentNumbers): IncidentNumbers {
  if (numbers.visibility === 'public') return numbers;
  const { offender: _, ...rest } = numbers;
  return { ...rest, title: '' };
}

function measuredAt(measurement: Measurement, now: number): Measurement {
  if (measurement.status !== 'pending' || measurement.from === undefined) return measurement;
  const { elapsedMs: _, ...rest } = measurement;
  const elapsedMs = now - measurement.from.at;
  return elapsedMs < 0 ? rest : { ...rest, elapsedMs };
}

function isRunning(measurement: Measurement): boolean {
  return measurement.status === 'pending' && measurement.from !== undefined;
}
