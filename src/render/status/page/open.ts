/**
 * What is going on: open incidents with their updates, and maintenance under way or to come.
 *
 * It shows only components of the page, and never an incident without a word for its state.
 */
import type { PictureIncident, PictureMaintenance } from '../../../model/status.ts';
import { apart, dirOf, line, TITLE } from './markup.ts';
import { PLACE } from './palette.ts';
import type { Sheet } from './sheet.ts';
import { openUpdates } from './updates.ts';

/** The open incidents, or nothing. */
export function openIncidents(sheet: Sheet): string {
  const { picture, words } = sheet;
  if (picture.incidents.length === 0) return '';
  const cards = picture.incidents.map((one) => incident(one, sheet)).join('');
  return `<section aria-labelledby=open><h2 id=open>${words.openIncidents}</h2>${cards}</section>`;
}

/** Maintenance that is not over, or nothing. */
export function maintenance(sheet: Sheet): string {
  const { picture, words } = sheet;
  if (picture.maintenance.length === 0) return '';
  const cards = picture.maintenance.map((one) => work(one, sheet)).join('');
  return `<section aria-labelledby=work><h2 id=work>${words.maintenance}</h2>${cards}</section>`;
}

function incident(one: PictureIncident, sheet: Sheet): string {
  const { words, times, picture, nameOf, anchor } = sheet;
  const place = PLACE[one.impact];
  const since = words.since(times.short(one.startedAt), times.length(picture.at - one.startedAt));
  const hit = Object.entries(one.components).flatMap(([id, impact]) => {
    const name = nameOf(id);
    return name === undefined
      ? []
      : [`<li>${apart(name)}: <span class=k${PLACE[impact]}>${words.impact[impact]}</span></li>`];
  });
  return [
    `<article class="card c${place}"${anchor(one.id)}><h3 class=s${place}${dirOf(one.title)}>${line(one.title, TITLE, words.untitled)}</h3>`,
    `<p class=meta>${words.status[one.status]} · ${words.impact[one.impact]} · ${since}</p>`,
    hit.length === 0 ? '' : `<ul class=hit aria-label="${words.affects}">${hit.join('')}</ul>`,
    `${openUpdates(one.updates, sheet)}</article>\n`,
  ].join('');
}

function work(one: PictureMaintenance, sheet: Sheet): string {
  const { words, times, nameOf, anchor } = sheet;
  const hit = one.components.flatMap((id) => nameOf(id) ?? []).map(apart);
  return [
    `<article class=card${anchor(one.id)}><h3 class=s1${dirOf(one.title)}>${line(one.title, TITLE, words.untitled)}</h3>`,
    `<p class=meta>${words.status[one.status]} · ${words.span(times.moment(one.startsAt), times.beside(one.endsAt, one.startsAt))}</p>`,
    hit.length === 0 ? '' : `<p class=hit>${words.affects}: ${hit.join(', ')}</p>`,
    `${openUpdates(one.updates, sheet)}</article>\n`,
  ].join('');
}
