/**
 * The timeline of a review by days, with quiet stretches apart, so that thousands of entries can be read.
 *
 * Pure. It never drops an entry, and never folds away what was pinned or what a number of the incident begins or ends with.
 */
import type { BuiltReview, ReviewEntry, ReviewEntryKind } from '../../model/review.ts';
import { milestoneEntries } from './milestones.ts';
import type { ReviewClock } from './review-clock.ts';
import { counted } from './review-words.ts';

/** An entry, or several that are folded. */
export type Run = { readonly isFolded: boolean; readonly entries: readonly ReviewEntry[] };

/** What happened on one local day. */
export type TimelineDay = { readonly at: number; readonly runs: readonly Run[] };

/** So many can be read at once. */
const MOST_UNFOLDED = 60;
/** Fewer are not worth a click. */
const LEAST_FOLDED = 4;
/** Of a kind that is told apart as long as there are not more. */
const MOST_TURNS = 150;
const TURNS: ReadonlySet<ReviewEntryKind> = new Set(['phase', 'severity', 'acknowledgement', 'update']);

/** The days of a timeline. */
export function timelineDays(review: BuiltReview, clock: ReviewClock): readonly TimelineDay[] {
  const isShown = shownIn(review);
  const byDay = Map.groupBy(review.entries, ({ at }) => clock.date(at));
  return [...byDay.values()].map((entries) => ({ at: entries[0]?.at ?? 0, runs: runsOf(entries, isShown) }));
}

const NOUNS: { readonly [K in ReviewEntryKind]: readonly [one: string, many: string] } = {
  alert: ['alert', 'alerts'],
  page: ['page', 'pages'],
  delivery: ['delivery', 'deliveries'],
  acknowledgement: ['acknowledgement', 'acknowledgements'],
  phase: ['turn', 'turns'],
  severity: ['change of severity', 'changes of severity'],
  update: ['update', 'updates'],
  people: ['change of people', 'changes of people'],
  task: ['task', 'tasks'],
  note: ['note', 'notes'],
  chat: ['chat message', 'chat messages'],
  review: ['step of the review', 'steps of the review'],
  other: ['other', 'others'],
};

/** The most kinds that are named; of the rest there is a number. */
const MOST_NAMED = 3;

/** `12 entries: 7 alerts, 5 notes` */
export function runInWords({ entries }: Run): string {
  const byKind = [...Map.groupBy(entries, ({ kind }) => kind)].toSorted(([, a], [, b]) => b.length - a.length);
  const named = byKind.slice(0, MOST_NAMED).map(([kind, some]) => counted(some.length, ...NOUNS[kind]));
  const rest = byKind.slice(MOST_NAMED).reduce((sum, [, some]) => sum + some.length, 0);
  const kinds = rest === 0 ? named : [...named, counted(rest, ...NOUNS.other)];
  return `${counted(entries.length, 'entry', 'entries')}: ${kinds.join(', ')}`;
}

function shownIn(review: BuiltReview): (entry: ReviewEntry) => boolean {
  const { entries } = review;
  if (entries.length <= MOST_UNFOLDED) return () => true;
  const milestones = milestoneEntries(review);
  const areTurnsShown = entries.filter(({ kind }) => TURNS.has(kind)).length <= MOST_TURNS;
  const areAlarmsShown = entries.filter(({ isAlarming }) => isAlarming).length <= MOST_TURNS;
  return ({ seq, kind, isPinned, isAlarming }) =>
    isPinned ||
    (seq !== undefined && milestones.has(seq)) ||
    (areTurnsShown && TURNS.has(kind)) ||
    (areAlarmsShown && isAlarming);
}

function runsOf(entries: readonly ReviewEntry[], isShown: (entry: ReviewEntry) => boolean): readonly Run[] {
  const runs: { isFolded: boolean; entries: ReviewEntry[] }[] = [];
  for (const entry of entries) {
    const isFolded = !isShown(entry);
    const last = runs.at(-1);
    if (last === undefined || last.isFolded !== isFolded) runs.push({ isFolded, entries: [entry] });
    else last.entries.push(entry);
  }
  return runs.map((run) => ({ ...run, isFolded: run.isFolded && run.entries.length >= LEAST_FOLDED }));
}
