/**
 * The report in short: what somebody should know who reads nothing else.
 */
import type { NumbersReport } from '../../../model/measurement.ts';
import { counted, grouped, interruptionsOf, knownUntil, pagesOf, percent } from '../facts.ts';
import { periodOf } from '../period.ts';
import { countChange, durationChange, shareChange } from './change.ts';
import { type Block, type Change, durationText, type Figure, NO_NUMBER } from './document.ts';

const A_SIXTH = 1 / 6;

/** The figures, each beside that of the period before. */
export function headline(report: NumbersReport, previous: NumbersReport | undefined): readonly Block[] {
  const { counts, durations, people, noise, actionItems } = report;
  const before = previous?.durations;
  const figures = [
    figure('Incidents', grouped(counts.incidents), countChange(counts.incidents, previous?.counts.incidents)),
    // What was open at the end of the period before has had time to end since.
    figure('Still open', grouped(counts.open)),
    figure(
      'Median time to acknowledge',
      durationText(durations.acknowledge.medianMs),
      durationChange(durations.acknowledge.medianMs, before?.acknowledge.medianMs),
    ),
    figure(
      'Median time to resolve',
      durationText(durations.resolve.medianMs),
      durationChange(durations.resolve.medianMs, before?.resolve.medianMs),
    ),
    figure('Pages', grouped(pagesOf(report)), countChange(pagesOf(report), previous && pagesOf(previous))),
    figure(
      'Interruptions in sleep hours',
      grouped(interruptionsOf(people).sleep),
      countChange(interruptionsOf(people).sleep, previous && interruptionsOf(previous.people).sleep),
    ),
    figure(
      'Ended by themselves',
      noise.autoResolvedShare === undefined ? NO_NUMBER : percent(noise.autoResolvedShare),
      shareChange(noise.autoResolvedShare, previous?.noise.autoResolvedShare),
    ),
    figure('Action items overdue', grouped(actionItems.overdue)),
  ];
  const texts = [outcomesOf(report), previous === undefined ? '' : comparedWith(report, previous), leftOutOf(report)];
  return [
    { kind: 'figures', figures },
    ...texts.filter((text) => text !== '').map((text): Block => ({ kind: 'text', text })),
  ];
}

function figure(name: string, value: string, change?: Change): Figure {
  return change === undefined ? { name, value } : { name, value, change };
}

function outcomesOf({ counts }: NumbersReport): string {
  if (counts.incidents === 0) return 'No incident was opened in this period.';
  const parts = [
    `${grouped(counts.resolved)} resolved`,
    `${grouped(counts.dismissed)} dismissed as ${counts.dismissed === 1 ? 'a false alarm' : 'false alarms'}`,
    `${grouped(counts.merged)} merged into ${counts.merged === 1 ? 'another' : 'others'}`,
    `${grouped(counts.open)} still open`,
  ];
  return `Of ${counted(counts.incidents, 'incident')}: ${parts.join(', ')}. ${grouped(counts.reopened)} had to be reopened.`;
}

function comparedWith(report: NumbersReport, previous: NumbersReport): string {
  // A month of which a week has passed is a week.
  const lengthOf = (one: NumbersReport) => knownUntil(one) - one.fromAt;
  const [own, other] = [lengthOf(report), lengthOf(previous)];
  const isAlike = Math.abs(own - other) <= other * A_SIXTH;
  const warning = isAlike ? '' : ` That period was ${other > own ? 'longer' : 'shorter'}: counts cannot be compared.`;
  return `Changes are against ${periodOf(previous).name}.${warning}`;
}

function leftOutOf({ counts }: NumbersReport): string {
  if (counts.leftOut === 0) return '';
  return `Left out: ${counted(counts.leftOut, 'incident')} of other kinds, such as tests, drills, and what was written down later.`;
}
