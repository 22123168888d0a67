/**
 * The review of an incident as Markdown: a draft that people complete.
 *
 * Blameless, and safe to publish: text from alerts is never markup.
 */
import { describeEntry, type TimelineItem } from '../core/text/describe-entry.ts';
import { markdownBlock, markdownLine } from '../core/text/markdown.ts';
import { formatDuration } from '../model/duration.ts';
import type { Incident } from '../model/incident.ts';
import type { IncidentNumbers, Measurement } from '../model/measurement.ts';
import { checkTimeZone, formatMoment, formatTime } from './moment.ts';

/** What a review is drawn from. */
export type ReviewInput = {
  readonly incident: Incident;
  readonly timeline: readonly TimelineItem[];
  /** The numbers, from `measure(timeline)`. */
  readonly measurements: IncidentNumbers;
  /** The zone in which moments are shown. Default: UTC. */
  readonly timeZone?: string;
};

/**
 * The draft of a review: summary, numbers, timeline, open tasks, and the questions that only people can answer.
 *
 * @throws TocsinError INPUT_INVALID when the time zone is not known.
 */
export function reviewMarkdown({ incident, timeline, measurements: numbers, timeZone = 'UTC' }: ReviewInput): string {
  checkTimeZone(timeZone);
  const row = (name: string, value: string) => `| ${name} | ${value} |`;
  const { acknowledge, engage, mitigate, resolve } = numbers.measurements;
  const people = peopleOf(incident, timeline);
  return [
    `# Review: ${markdownLine(incident.title)}`,
    '',
    `${markdownLine(incident.severity)} of service ${markdownLine(incident.service)}, opened ${formatMoment(incident.times.openedAt, timeZone)} (${timeZone}), now ${incident.phase}.`,
    ...(incident.body === undefined ? [] : ['', markdownBlock(incident.body)]),
    '',
    '## In numbers',
    '',
    '| measurement | value |',
    '|---|---|',
    row('Time to acknowledge', span(acknowledge)),
    row('Time to engage', span(engage)),
    row('Time to mitigate', span(mitigate)),
    row('Time to resolve', span(resolve)),
    row('People asked', String(numbers.people.filter(({ pagedAt }) => pagedAt.length > 0).length)),
    row('Times nobody answered in time', String(numbers.escalations)),
    '',
    '## Who took part',
    '',
    ...(people.length === 0
      ? ['- nobody yet']
      : people.map(({ part, user }) => `- ${markdownLine(part)}: ${markdownLine(user)}`)),
    '',
    '## Timeline',
    '',
    `All times in ${timeZone}.`,
    '',
    '| time | what happened |',
    '|---|---|',
    ...timeline.map((entry) => row(formatTime(entry.at, timeZone), markdownLine(describeEntry(entry)))),
    '',
    '## Follow-up',
    '',
    ...(incident.tasks.length === 0
      ? ['- none yet']
      : incident.tasks.map(
          ({ title, status, assignee }) =>
            `- [${status === 'done' ? 'x' : ' '}] ${markdownLine(title)}${assignee === undefined ? '' : ` (${markdownLine(assignee)})`}`,
        )),
    '',
    '## To be told by the people who were there',
    '',
    '- What did each of us know, and when?',
    '- What made sense at the time that looks different now?',
    '- What went well, and what was luck?',
    '- What would have made this shorter, or easier to answer at night?',
    '',
  ].join('\n');
}

function span(one: Measurement): string {
  if (one.status === 'recorded') return formatDuration(one.ms);
  return one.status === 'pending' ? 'not yet' : 'not known';
}

/** Roles, then responders, then everybody else who did something. */
function peopleOf(
  { roles, responders, acknowledgedBy }: Incident,
  timeline: readonly TimelineItem[],
): readonly { readonly part: string; readonly user: string }[] {
  const leading = Object.entries(roles).map(([part, user]) => ({ part, user }));
  const responding = new Set([...Object.keys(responders), ...acknowledgedBy]);
  const named = new Set([...responding, ...Object.values(roles)]);
  const acting = timeline.flatMap((entry) =>
    entry.kind === 'event' && entry.event.by.kind === 'user' ? [entry.event.by.id] : [],
  );
  return [
    ...leading,
    ...[...responding].map((user) => ({ part: 'responder', user })),
    ...[...new Set(acting)].filter((user) => !named.has(user)).map((user) => ({ part: 'took part', user })),
  ];
}
