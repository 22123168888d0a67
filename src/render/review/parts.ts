/**
 * The parts of a review: each section of its template with what people wrote and what Tocsin knows.
 *
 * The order is that of the template. It never leaves a section out: what nobody has written is asked for.
 */
import { formatDuration } from '../../model/duration.ts';
import type { BuiltReview, BuiltSection, SectionKind } from '../../model/review.ts';
import { type Block, type Inline, type Line, type Part, plain } from './document.ts';
import { measurementLines, numberBlocks } from './number-lines.ts';
import { actionBlocks, factorBlocks, peopleBlocks, similarBlocks } from './part-tables.ts';
import type { ReviewClock } from './review-clock.ts';
import type { ReviewLinks } from './review-links.ts';
import { counted, IMPACT_WORDS, KIND_WORDS, PHASE_WORDS, STATE_WORDS } from './review-words.ts';

/** What parts are made with. */
export type Making = { readonly clock: ReviewClock; readonly links: ReviewLinks };

/** The sections of a review. */
export function partsOf(review: BuiltReview, making: Making): readonly Part[] {
  const missing = new Set(missingOf(review));
  return review.sections.map((section) => {
    const known = KNOWN[section.kind](review, making);
    const isMissing = missing.has(section.id);
    const asking = review.state === 'published' ? unasked(known) : asked(section, { isMissing, review, known });
    return { title: section.title, blocks: [...(answered(section) ?? asking), ...known] };
  });
}

/** The sections that have to be written still: of a review that nobody asks for there are none. */
export function missingOf({ state, missing }: BuiltReview): readonly string[] {
  return state === 'notNeeded' ? [] : missing;
}

/** What a reader has to know before anything else. */
export function factsOf(review: BuiltReview, { clock }: Making): Block {
  const { incident, state, revision, publishedAt, isBlameless } = review;
  const kind = KIND_WORDS[incident.kind];
  const publication = publishedAt === undefined ? '' : `, ${clock.moment(publishedAt)}`;
  const rows: readonly (readonly [string, Line | undefined])[] = [
    ['Service', plain(incident.serviceName ?? incident.service)],
    ['Severity', [{ kind: 'strong', text: incident.severity }]],
    ['Opened', plain(clock.moment(incident.openedAt))],
    ['Ended', plain(endOf(review, clock))],
    ['Phase', plain(PHASE_WORDS[incident.phase])],
    ['Kind', kind === '' ? undefined : [{ kind: 'strong', text: `This was ${kind}` }]],
    ['Review', plain(`${STATE_WORDS[state]}${revision === undefined ? '' : `, revision ${revision}`}${publication}`)],
    ['Times', plain(`in ${clock.zone} (UTC${clock.offset(incident.openedAt)})`)],
    ['Names', isBlameless ? plain('people are called by the part they had') : undefined],
    ['Visibility', incident.visibility === 'private' ? [{ kind: 'strong', text: 'private' }] : undefined],
  ];
  return {
    kind: 'facts',
    label: 'The incident',
    rows: rows.flatMap(([name, line]) => (line === undefined ? [] : [[name, line] as const])),
  };
}

function endOf({ incident: { openedAt, endedAt } }: BuiltReview, clock: ReviewClock): string {
  if (endedAt === undefined) return 'it goes on';
  // What was written down later was over before it was opened here: how long it took is said by its impact.
  return endedAt < openedAt
    ? clock.moment(endedAt)
    : `${clock.moment(endedAt)}, after ${formatDuration(endedAt - openedAt)}`;
}

function answered({ answer }: BuiltSection): readonly Block[] | undefined {
  return answer === undefined || answer.trim() === '' ? undefined : [{ kind: 'prose', text: answer }];
}

/** Of what is published nobody is asked any more. */
function unasked(known: readonly Block[]): readonly Block[] {
  return known.length > 0 ? [] : [{ kind: 'line', line: [{ kind: 'soft', text: 'Nothing was written here.' }] }];
}

type Asking = { readonly isMissing: boolean; readonly review: BuiltReview; readonly known: readonly Block[] };

/** What people are asked for: also beside what is known, when there is a question, but not beside what they have added. */
function asked({ kind, prompt, isRequired }: BuiltSection, { isMissing, review, known }: Asking): readonly Block[] {
  const added = kind === 'factors' ? review.factors : kind === 'actionItems' ? review.actionItems : [];
  if (!isMissing && (added.length > 0 || (prompt === undefined && known.length > 0))) return [];
  return [{ kind: 'asked', text: prompt ?? '', isRequired: isMissing || (isRequired && review.state !== 'notNeeded') }];
}

const nothing = () => [];

const KNOWN: { readonly [K in SectionKind]: (review: BuiltReview, making: Making) => readonly Block[] } = {
  summary: ({ incident: { body } }) =>
    body === undefined || body.trim() === ''
      ? []
      : [
          { kind: 'line', line: [{ kind: 'soft', text: 'What was reported:' }] },
          { kind: 'block', text: body },
        ],
  impact: impactBlocks,
  detection: detectionBlocks,
  measurements: numberBlocks,
  picture: () => [{ kind: 'picture' }],
  timeline: () => [{ kind: 'timeline' }],
  people: peopleBlocks,
  wentWell: nothing,
  wentBadly: nothing,
  luck: nothing,
  factors: factorBlocks,
  actionItems: actionBlocks,
  similar: similarBlocks,
  text: nothing,
};

function impactBlocks({ impact }: BuiltReview, { clock }: Making): readonly Block[] {
  const { startedAt, endedAt, durationMs, services, components, publicUpdates, fields } = impact;
  const unknown: Line = [{ kind: 'soft', text: 'nobody has said' }];
  const rows: readonly (readonly [string, Line])[] = [
    ['Began', startedAt === undefined ? unknown : plain(clock.moment(startedAt))],
    ['Ended', endedAt === undefined ? unknown : plain(clock.moment(endedAt))],
    ...(durationMs === undefined
      ? []
      : [['Lasted', [{ kind: 'strong', text: formatDuration(durationMs) } satisfies Inline]] as const]),
    ['Services', services.length === 0 ? [{ kind: 'soft', text: 'none' }] : plain(services.join(', '))],
    ...components.map(({ name, worst }) => [name, plain(IMPACT_WORDS[worst])] as const),
    ['Told the public', plain(counted(publicUpdates, 'update'))],
    ...fields.map(({ name, value }) => [name, plain(value)] as const),
  ];
  return [{ kind: 'facts', label: 'Impact', rows }];
}

const NOTICED = { alert: 'An alert noticed it', person: 'A person noticed it', system: 'It was noticed' } as const;

function detectionBlocks({ detection, numbers }: BuiltReview): readonly Block[] {
  const [value, entries] = measurementLines(numbers.measurements.detect);
  const rows: readonly (readonly [string, Line])[] = [
    [NOTICED[detection.by], plain(detection.what)],
    ['Time to detect', entries.length === 0 ? value : [...value, { kind: 'text', text: ' ' }, ...entries]],
  ];
  return [{ kind: 'facts', label: 'Detection', rows }];
}
