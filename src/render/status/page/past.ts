/**
 * What is over: incidents and maintenance by month, the newest first, each with all its updates to be unfolded.
 *
 * It is written in few bytes, since it is long. Where a month has a page of its own, what is older than the newest entries
 * is one line there, and what is older still is on the page of its month; without one, everything is here.
 */
import type { Impact, PictureUpdate } from '../../../model/status.ts';
import { apart, dirOf, hostLink, line, TITLE } from './markup.ts';
import { PLACE } from './palette.ts';
import type { Sheet } from './sheet.ts';
import { pastUpdates } from './updates.ts';

type Entry = {
  readonly id: string;
  readonly title: string;
  readonly impact: Impact;
  readonly word: string;
  readonly components: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly updates: readonly PictureUpdate[];
};

/** So many of the newest have everything, where the rest is elsewhere: as many as a feed has. */
const MOST_WHOLE = 50;
/** So many after them have a line; what is older is found on the page of its month. */
const MOST_LINES = 300;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** What is over: all of it, or of one month (`2026-11`) only, which is then unfolded. */
export function past(sheet: Sheet, month: string | undefined, history?: string): string {
  const { words, times } = sheet;
  const only = month !== undefined && MONTH.test(month) ? month : undefined;
  const entries = entriesOf(sheet);
  const byMonth = Map.groupBy(entries, ({ from }) => times.monthOf(from));
  const wholeSince = only === undefined && history !== undefined ? entries[MOST_WHOLE]?.from : undefined;
  const lineSince = wholeSince === undefined ? undefined : entries[MOST_WHOLE + MOST_LINES]?.from;
  const isLine = ({ from }: Entry) => lineSince === undefined || from > lineSince;
  const isWhole = ({ from }: Entry) => wholeSince === undefined || from > wholeSince;
  const months = [...byMonth].filter(([of]) => only === undefined || of === only);
  const parts = months.map(([of, some]) => {
    const whole = some.filter(isWhole).map((one) => entry(one, sheet, only !== undefined));
    const others = some.filter((one) => !isWhole(one));
    const brief = others.filter(isLine).map((one) => `<li>${summary(one, sheet)}`);
    const list = brief.length === 0 ? '' : `<ul>${brief.join('')}</ul>`;
    const address = hostLink(`${history}?month=${of}`);
    const more =
      others.length === 0 ? '' : `${list}<a href="${address}">${words.monthInFull(times.monthTitle(of))}</a>`;
    return `<h3 class=month>${times.monthTitle(of)}</h3><div class=past>${whole.join('\n')}${more}</div>`;
  });
  const nothing = only === undefined ? words.nothingPast : words.nothingIn(times.monthTitle(only));
  return `<section aria-labelledby=past><h2 id=past>${words.past}</h2>${parts.length > 0 ? parts.join('') : `<p class=soft>${nothing}</p>`}</section>`;
}

function entriesOf({ picture, words }: Sheet): readonly Entry[] {
  const incidents = picture.past.map((one) => ({
    ...one,
    word: words.impact[one.impact],
    components: Object.keys(one.components),
    from: one.startedAt,
    until: one.resolvedAt ?? one.updatedAt,
  }));
  const works = picture.pastMaintenance.map((one) => ({
    ...one,
    impact: 'under_maintenance' as const,
    word: words.maintenance,
    from: one.startsAt,
    until: one.endsAt,
  }));
  return [...incidents, ...works].toSorted((a, b) => b.from - a.from);
}

function entry(one: Entry, sheet: Sheet, isOpen: boolean): string {
  return `<details${sheet.anchor(one.id)}${isOpen ? ' open' : ''}><summary class=s${PLACE[one.impact]}>${summary(one, sheet)}</summary>${pastUpdates(one.updates, one.from, sheet)}</details>`;
}

function summary(one: Entry, { words, times, nameOf }: Sheet): string {
  const hit = one.components.flatMap((id) => nameOf(id) ?? []).map(apart);
  const facts = [one.word, times.span(one.from, one.until), ...(hit.length === 0 ? [] : [hit.join(', ')])].join(' · ');
  const title = line(one.title, TITLE, words.untitled);
  return `<b${dirOf(title)}>${title}</b>${facts}`;
}
