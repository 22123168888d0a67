/**
 * The lanes of the picture of an incident: which there are, in which order, and what lies in them.
 *
 * A lane in which nothing happened is left out.
 */
import type { BuiltReview, ReviewSpan } from '../../../model/review.ts';
import { LOOKS, type Look, PHASES, severityLook } from './colours.ts';
import type { Lane, Lasting, Laying } from './lane.ts';
import { laneOfBars } from './lane-of-bars.ts';
import { laneOfChain } from './lane-of-chain.ts';
import { laneOfActivity, laneOfMarks, type MarkStyle } from './lane-of-marks.ts';

const PAGE: MarkStyle = { mark: 'circle', paint: 'page', plural: 'pages' };
const MISSED: MarkStyle = { mark: 'triangle', paint: 'alarm', plural: 'pages that reached nobody' };
const PUBLIC: MarkStyle = { mark: 'diamond', paint: 'told', plural: 'public updates' };
const INTERNAL: MarkStyle = { mark: 'square', paint: 'told', plural: 'internal updates' };

/** The lanes of a review, from top to bottom. */
export function lanesOf({ picture, entries }: BuiltReview, laying: Laying): readonly Lane[] {
  const { alerts, severities, pages, acknowledged, snoozed, phases, updates } = picture;
  const [reached, failed] = [pages.filter((page) => !page.isAlarming), pages.filter((page) => page.isAlarming)];
  const [open, inside] = [updates.filter((one) => one.isPublic), updates.filter((one) => !one.isPublic)];
  // What people wrote down after the end, such as the review itself, did not happen at the end.
  const meanwhile = entries.filter(({ at }) => at >= picture.fromAt && at <= picture.untilAt);
  const ranks = severities.flatMap(({ rank }) => rank ?? []);
  const lowest = Math.max(0, ...ranks);
  const lanes: readonly (Lane | undefined)[] = [
    some(alerts, (all) => laneOfBars('Alerts', looking(all, LOOKS.alert), laying)),
    some(severities, (all) =>
      laneOfChain(
        'Severity',
        all.map((one) => ({ ...one, look: severityLook(one.rank), share: shareOf(one.rank, lowest) })),
        laying,
      ),
    ),
    some(reached, (all) => laneOfMarks('Pages', all, { style: PAGE, laying })),
    some(failed, (all) => laneOfMarks('Missed pages', all, { style: MISSED, laying })),
    some(acknowledged, (all) => laneOfBars('Acknowledged', looking(all, LOOKS.acknowledged), laying)),
    some(snoozed, (all) => laneOfBars('Snoozed', looking(all, LOOKS.snoozed), laying)),
    some(phases, (all) =>
      laneOfChain(
        'Phase',
        all.map((one) => ({ ...one, look: PHASES[one.phase] })),
        laying,
      ),
    ),
    some(open, (all) => laneOfMarks('Public updates', all, { style: PUBLIC, laying })),
    some(inside, (all) => laneOfMarks('Internal updates', all, { style: INTERNAL, laying })),
    some(meanwhile, (all) =>
      laneOfActivity(
        'Timeline',
        all.map(({ at }) => at),
        laying.axis,
      ),
    ),
  ];
  return lanes.filter((lane) => lane !== undefined);
}

function some<T>(all: readonly T[], lane: (all: readonly T[]) => Lane): Lane | undefined {
  return all.length === 0 ? undefined : lane(all);
}

function looking(spans: readonly ReviewSpan[], look: Look): readonly Lasting[] {
  return spans.map((span) => ({ ...span, look }));
}

/** How high a severity is drawn: the worst is highest, and the mildest that occurred still has room for its name. */
function shareOf(rank: number | undefined, lowest: number): number {
  return rank === undefined || lowest === 0 ? 1 : 1 - (0.3 * rank) / lowest;
}
