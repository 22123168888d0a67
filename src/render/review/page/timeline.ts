/**
 * The timeline on the page of a review: one line for each entry, with an anchor to which numbers link.
 *
 * It is written in few bytes, since there may be thousands.
 */
import type { BuiltReview, ReviewEntry } from '../../../model/review.ts';
import { dirOf, line } from '../../status/page/markup.ts';
import type { ReviewClock } from '../review-clock.ts';
import { runInWords, timelineDays } from '../timeline-runs.ts';

const MOST_TEXT = 2_000;

/** The entries of a review, by days. */
export function timeline(review: BuiltReview, clock: ReviewClock): string {
  const days = timelineDays(review, clock);
  if (days.length === 0) return '<p class=soft>Nothing is on the timeline yet.</p>';
  const written = days.map(({ at, runs }) => {
    const rows = runs.map((run) => {
      const items = run.entries.map((one) => entry(one, clock)).join('\n');
      if (!run.isFolded) return items;
      const [first, last] = [run.entries[0], run.entries.at(-1)];
      const span = `${clock.minute(first?.at ?? at)} – ${clock.minute(last?.at ?? at)}`;
      return `<li class=fold><details><summary>${span} <span>${runInWords(run)}</span></summary><ol>${items}</ol></details></li>`;
    });
    return `<h3>${clock.day(at)}</h3>\n<ol class=tl>${rows.join('\n')}</ol>`;
  });
  return written.join('\n');
}

/** The address of an entry on its page. */
export function entryAnchor(seq: number): string {
  return `entry-${seq}`;
}

function entry({ seq, at, kind, text, isPinned, isAlarming }: ReviewEntry, clock: ReviewClock): string {
  const looks = `${kind}${isPinned ? ' pin' : ''}${isAlarming ? ' bad' : ''}`;
  const number = seq === undefined ? '' : `<a href="#${entryAnchor(seq)}">#${seq}</a>`;
  const id = seq === undefined ? '' : ` id=${entryAnchor(seq)}`;
  const marks = `${isPinned ? '<b>Pinned</b> ' : ''}${isAlarming ? '<b>Failed or missed</b> ' : ''}`;
  const moment = `<time datetime=${machine(at)}>${clock.time(at)}</time>`;
  return `<li${id} class="${looks}">${moment}<i>${number}</i><p${dirOf(text)}>${marks}${line(text, MOST_TEXT)}</p></li>`;
}

/** `2026-11-26T01:31:20Z` */
function machine(at: number): string {
  return `${new Date(at).toISOString().slice(0, -5)}Z`;
}
