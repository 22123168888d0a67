/**
 * Uptime bars: the days of a component as one small picture, and in words the days that were not fine.
 *
 * Days alike that follow each other are one stroke of a path, parted by dashes: a quiet component costs one of them. It
 * never says anything by colour alone: what is worse is higher, and each such day is told in words.
 */
import { IMPACTS, type Uptime, type UptimeDay } from '../../../model/status.ts';
import { PLACE } from './palette.ts';
import type { Sheet } from './sheet.ts';
import { BAR } from './style.ts';

const UNKNOWN = 5;
const WORST_FIRST = IMPACTS.toReversed();

/** The bars of a component, what they are called, and the days that were not fine. */
export function uptimeBars({ days, ratio }: Uptime, { words, times }: Sheet): string {
  if (days.length === 0) return '';
  const bad = days.filter(({ worst }) => worst !== undefined && worst !== 'operational');
  const picture = `<svg aria-hidden=true viewBox="0 -${BAR.height} ${days.length * BAR.day - 1} ${BAR.height}" preserveAspectRatio=none>${strokesOf(days)}</svg>`;
  const figure = ratio === undefined ? words.noUptime : words.uptime(words.percent(percentOf(ratio, words.decimal)));
  const axis = `<p class=axis>${words.daysAgo(days.length)}<b>${figure}</b>${words.today}`;
  if (bad.length === 0) return picture + axis;
  const told = bad.map((day) => `<li>${times.date(day.date)}: ${minutesOf(day)}`).join('');
  return `${picture}${axis}<details><summary>${words.badDays(bad.length)}</summary><ul>${told}</ul></details>`;

  function minutesOf(day: UptimeDay): string {
    const parts = WORST_FIRST.flatMap((impact) => {
      const minutes = impact === 'operational' ? undefined : day.minutes[impact];
      if (minutes === undefined || !(minutes > 0)) return [];
      return [`${words.impact[impact]} ${times.length(minutes * 60_000)}`];
    });
    return parts.length > 0 ? parts.join(', ') : words.impact[day.worst ?? 'operational'];
  }
}

/** A sample of the bar of that place, for the legend. */
export function sampleBar(place: number): string {
  return `<svg viewBox="0 -${BAR.height} 3 ${BAR.height}" preserveAspectRatio=none aria-hidden=true><path class=b${place} d="M0 0h3"/></svg>`;
}

/** A share as percent, cut off so that it never looks better than it was: `99.90`, `100`. */
export function percentOf(share: number, decimal: string): string {
  const bounded = Math.min(Math.max(Number.isNaN(share) ? 0 : share, 0), 1);
  // A tiny bit more, since 0.9999 * 100 is less than 99.99 in binary.
  const hundredths = Math.floor(bounded * 10_000 + 1e-7);
  const [whole, rest] = [Math.floor(hundredths / 100), hundredths % 100];
  return rest === 0 ? String(whole) : `${whole}${decimal}${String(rest).padStart(2, '0')}`;
}

function strokesOf(days: readonly UptimeDay[]): string {
  const paths: string[] = ['', '', '', '', '', ''];
  for (let from = 0, until = 0; from < days.length; from = until) {
    const place = placeOf(days[from]);
    while (until < days.length && placeOf(days[until]) === place) until += 1;
    paths[place] += `M${from * BAR.day} 0h${(until - from) * BAR.day - 1}`;
  }
  return paths.map((d, place) => (d === '' ? '' : `<path class=b${place} d="${d}"/>`)).join('');
}

function placeOf(day: UptimeDay | undefined): number {
  return day?.worst === undefined ? UNKNOWN : PLACE[day.worst];
}
