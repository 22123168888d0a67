/**
 * Pages: who is on call, worked out for a week at a time and kept.
 *
 * A page is a fact about the plan, not state: it holds what the sweep says, and what was asked before changes no answer.
 * It is worth its work for whoever asks again: the first question about its week is answered by itself.
 */
import { stintsAround } from './moment.ts';
import { clip, type Span } from './span.ts';
import { isSameReason, joined, type Plan, type Stint, sweep } from './sweep.ts';
import { countUpTo, WEEK_MS } from './wall-clock.ts';
import { TEN_YEARS_MS } from './window.ts';

/** Who is on call at `at`, with their whole shifts, ascending by user. */
export type StintsAt = (at: number) => readonly Stint[];

const PAGE_MS = WEEK_MS;
/** As far as any moment of a page looks. */
const FURTHEST_MS = TEN_YEARS_MS + PAGE_MS;
/** Five years. */
const KEPT_PAGES = 260;

type Page = { readonly startsAt: readonly number[]; readonly stints: readonly (readonly Stint[])[] };

/** Answers from pages of `plan`. */
export function pagesOf(plan: Plan): StintsAt {
  const pages = new Map<number, Page | 'asked once'>();
  return (at) => {
    const number = Math.floor(at / PAGE_MS);
    let page = pages.get(number);
    if (page === undefined) {
      const [oldest] = pages.keys();
      if (pages.size >= KEPT_PAGES && oldest !== undefined) pages.delete(oldest);
      pages.set(number, 'asked once');
      return stintsAround(at, plan);
    }
    if (page === 'asked once') {
      page = readPage({ startAt: number * PAGE_MS, endAt: (number + 1) * PAGE_MS }, plan);
      pages.set(number, page);
    }
    return (page.stints[countUpTo(page.startsAt, at) - 1] ?? []).map((stint) => cutAround(at, stint));
  };
}

/** An endless shift is cut around the moment that is asked about, not around the page. */
function cutAround(at: number, stint: Stint): Stint {
  const bounds: Span = { startAt: at - TEN_YEARS_MS, endAt: at + TEN_YEARS_MS };
  const isWithin = stint.startAt >= bounds.startAt && stint.endAt <= bounds.endAt;
  return isWithin ? stint : { ...stint, ...clip(stint, bounds) };
}

function readPage(span: Span, plan: Plan): Page {
  const segments = sweep(plan, span);
  const { stints, places } = joined(segments);
  // What touches an edge of the page goes on beyond it.
  const isCut = ({ startAt, endAt }: Stint) => startAt === span.startAt || endAt === span.endAt;
  const edges = stints.some(isCut)
    ? [stintsAround(span.startAt, plan, FURTHEST_MS), stintsAround(span.endAt - 1, plan, FURTHEST_MS)].flat()
    : [];
  const wholeOf = (stint: Stint) =>
    edges.find(
      ({ startAt, endAt, duty }) => startAt <= stint.startAt && endAt >= stint.endAt && isSameReason(duty, stint.duty),
    ) ?? stint;
  const whole = stints.map((stint) => (isCut(stint) ? wholeOf(stint) : stint));
  return {
    startsAt: segments.map(({ startAt }) => startAt),
    // The duties of a segment, and so its stints, come by user.
    stints: places.map((own) => own.flatMap((place) => whole[place] ?? [])),
  };
}
