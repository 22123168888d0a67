/**
 * The numbers of an incident as a table: each with the two entries that it came from, or with why there is none.
 *
 * What is not known is said in words, and never written as zero.
 */
import { formatDuration } from '../../model/duration.ts';
import { MEASUREMENT_NAMES, type Measurement, type Milestone } from '../../model/measurement.ts';
import type { BuiltReview } from '../../model/review.ts';
import { type Block, type Inline, type Line, plain } from './document.ts';
import { INVALID_WORDS, NOT_APPLICABLE_WORDS, NUMBER_WORDS, PENDING_WORDS, thousands } from './review-words.ts';

/** How long everything took, and how much there was of it. */
export function numberBlocks({ numbers }: BuiltReview): readonly Block[] {
  const { measurements, alerts, pages, escalations, reopenings, isAutoResolved } = numbers;
  const counts: readonly (readonly [string, Line])[] = [
    ['Alerts', plain(thousands(alerts))],
    ['Pages', plain(thousands(pages))],
    ['Times nobody answered in time', plain(thousands(escalations))],
    ['Times it was reopened', plain(thousands(reopenings))],
    ['Ended by itself', plain(isAutoResolved ? 'yes: nobody had done anything about it' : 'no')],
  ];
  return [
    {
      kind: 'table',
      label: 'How long it took',
      head: ['What', 'How long', 'Entries'],
      numbers: [],
      rows: MEASUREMENT_NAMES.map((name) => [plain(NUMBER_WORDS[name]), ...measurementLines(measurements[name])]),
    },
    { kind: 'facts', label: 'How much there was', rows: counts },
  ];
}

/** A number, and the entries that it came from. */
export function measurementLines(measurement: Measurement): readonly [value: Line, entries: Line] {
  switch (measurement.status) {
    case 'recorded': {
      const { from, to, ms } = measurement;
      const isCorrected = from.isCorrected || to.isCorrected;
      const value: Inline = { kind: 'strong', text: formatDuration(ms) };
      return [isCorrected ? [value, { kind: 'soft', text: ' as corrected' }] : [value], entries(from, to)];
    }
    case 'pending': {
      const { why, from, elapsedMs } = measurement;
      const so = elapsedMs === undefined ? '' : `, ${formatDuration(elapsedMs)} so far`;
      return [[{ kind: 'soft', text: `${PENDING_WORDS[why]}${so}` }], entries(from)];
    }
    case 'notApplicable': {
      const { why, from, observedMs } = measurement;
      const watched = observedMs === undefined ? '' : `, after ${formatDuration(observedMs)}`;
      return [[{ kind: 'soft', text: `${NOT_APPLICABLE_WORDS[why]}${watched}` }], entries(from)];
    }
    case 'invalid':
      return [[{ kind: 'alarm', text: INVALID_WORDS[measurement.why] }], entries(measurement.from, measurement.to)];
  }
}

function entries(...milestones: readonly (Milestone | undefined)[]): Line {
  const seqs = milestones.flatMap((milestone) => milestone?.seq ?? []);
  return seqs.length === 0 ? [] : [{ kind: 'entries', seqs }];
}
