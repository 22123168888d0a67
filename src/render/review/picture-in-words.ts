/**
 * The picture of an incident in words, for people who do not see it.
 *
 * It says what the picture shows, and is never longer than somebody can listen to.
 */
import { boundedLine } from '../../core/text/bounded.ts';
import { formatDuration } from '../../model/duration.ts';
import type { BuiltReview, ReviewSpan } from '../../model/review.ts';
import { type MilestoneName, milestonesOf } from './milestones.ts';
import type { ReviewClock } from './review-clock.ts';
import { counted } from './review-words.ts';

const WORDS: { readonly [M in MilestoneName]: string } = {
  began: 'It began to hurt',
  detected: 'It was detected',
  acknowledged: 'It was acknowledged',
  mitigated: 'It was mitigated',
  resolved: 'It was resolved',
};
const MOST_TOLD = 6;
const MOST_NAME = 60;

/** What the picture of a review shows, in a few sentences. */
export function pictureInWords(review: BuiltReview, clock: ReviewClock): string {
  const { alerts, severities, pages, acknowledged, snoozed, phases, updates, fromAt, untilAt } = review.picture;
  const open = updates.filter(({ isPublic }) => isPublic).length;
  const sentences = [
    `From ${clock.moment(fromAt)} to ${clock.moment(untilAt)}, in ${clock.zone}`,
    ...milestonesOf(review).map(({ name, at }) => `${WORDS[name]} at ${clock.moment(at)}`),
    alerts.length === 0 ? '' : `${counted(alerts.length, 'alert')} fired: ${namesOf(alerts)}`,
    severities.length === 0
      ? ''
      : `Its severity was ${listed(
          severities.map(({ label }) => label),
          ', then ',
        )}`,
    pagesInWords(pages),
    acknowledged.length === 0 ? 'Nobody acknowledged it' : `Acknowledged by ${namesOf(acknowledged)}`,
    snoozed.length === 0 ? '' : `Snoozed by ${namesOf(snoozed)}`,
    phases.length === 0 ? '' : `Its phases were ${listed(phases.map(phaseInWords), ', then ')}`,
    updates.length === 0
      ? ''
      : `${counted(open, 'public update')} and ${counted(updates.length - open, 'internal update')}`,
  ];
  return sentences
    .filter((sentence) => sentence !== '')
    .map((sentence) => `${sentence}.`)
    .join(' ');
}

function pagesInWords(pages: BuiltReview['picture']['pages']): string {
  const failed = pages.filter(({ isAlarming }) => isAlarming).length;
  if (pages.length === 0) return 'Nobody was paged';
  const all = counted(pages.length, 'page');
  if (failed === 0) return all;
  return failed === pages.length ? `${all}; nobody was reached` : `${all}, ${failed} of which reached nobody`;
}

function phaseInWords({ label, fromAt, untilAt }: ReviewSpan): string {
  return untilAt === undefined ? `${label} ever since` : `${label} for ${formatDuration(untilAt - fromAt)}`;
}

function namesOf(spans: readonly ReviewSpan[]): string {
  return listed([...new Set(spans.map(({ label }) => label))], ', ');
}

function listed(all: readonly string[], between: string): string {
  const told = all.slice(0, MOST_TOLD).map((text) => boundedLine(text, MOST_NAME));
  return told.join(between) + (all.length > told.length ? ` and ${all.length - told.length} more` : '');
}
