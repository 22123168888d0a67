/**
 * What is over: incidents and maintenance by month, the newest first, each with all its updates to be unfolded.
 *
 * It is written in few bytes, since it is long; it never leaves out anything of a month that it shows.
 */
import type { Impact, PictureUpdate } from '../../../model/status.ts';
import { apart, dirOf, line, TITLE } from './markup.ts';
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

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** What is over: all of it, or of one month (`2026-11`) only, which is then unfolded. */
export function past(sheet: Sheet, month: string | undefined): string {
  const { words, times } = sheet;
  const only = month !== undefined && MONTH.test(month) ? month : undefined;
  const byMonth = Map.groupBy(entriesOf(sheet), ({ from }) => times.monthOf(from));
  const months = [...byMonth].filter(([of]) => only === undefined || of === only);
  const parts = months.map(([of, entries]) => {
    const written = entries.map((one) => entry(one, sheet, only !== undefined)).join('\n');
    return `<h3 class=month>${times.monthTitle(of)}</h3><div class=past>${written}</div>`;
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
  const { words, times, nameOf, anchor } = sheet;
  const hit = one.components.flatMap((id) => nameOf(id) ?? []).map(apart);
  const facts = [one.word, times.span(one.from, one.until), ...(hit.length === 0 ? [] : [hit.join(', ')])].join(' · ');
  const title = line(one.title, TITLE, words.untitled);
  return `<details${anchor(one.id)}${isOpen ? ' open' : ''}><summary class=s${PLACE[one.impact]}><b${dirOf(title)}>${title}</b>${facts}</summary>${pastUpdates(one.updates, one.from, sheet)}</details>`;
}
