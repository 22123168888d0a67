/**
 * Maintenance as a calendar that anybody can subscribe to. Incidents are not in it: nobody plans them.
 *
 * Pure. The same maintenance has the same UID for ever, and a higher SEQUENCE after each change, so that calendars move
 * the event instead of adding one. It makes nobody busy.
 *
 * @see RFC 5545, RFC 7986
 */
import { oneLine } from '../../core/text/clean.ts';
import type { PictureMaintenance, StatusPicture } from '../../model/status.ts';
import { eventAddress } from './addresses.ts';
import { STATUS_WORDS } from './feed-words.ts';
import { icalLine, icalMoment, icalText } from './ical-lines.ts';

/**
 * The maintenance of the picture, past and to come, as an iCalendar document in UTC.
 *
 * An event is `CONFIRMED`; its description says how far the maintenance is, what it touches, and what was posted, the
 * newest first. `SEQUENCE` is the number of seconds from when it was announced to when it was last changed. An event of
 * less than a second lasts one.
 *
 * @throws RangeError when a moment of the picture is none.
 * @example
 * ```ts
 * import type { StatusPicture } from 'tocsin/model';
 * import { statusIcs } from 'tocsin/render';
 * const picture: StatusPicture = {
 *   page: { id: 'shop', name: 'Shop', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
 *   at: Date.UTC(2026, 0, 5, 9), updatedAt: Date.UTC(2026, 0, 5, 8), indicator: 'none',
 *   groups: [], components: [], incidents: [], past: [], pastMaintenance: [],
 *   maintenance: [{
 *     id: 'm1', title: 'New disks', status: 'scheduled', components: [], updates: [],
 *     startsAt: Date.UTC(2026, 0, 6, 3), endsAt: Date.UTC(2026, 0, 6, 4), createdAt: 0, updatedAt: 0,
 *   }],
 * };
 * statusIcs(picture).split('\r\n').filter((line) => /^(UID|DTSTART|SUMMARY)/.test(line));
 * // => ['UID:maintenance.shop.m1@tocsin', 'DTSTART:20260106T030000Z', 'SUMMARY:New disks']
 * ```
 */
export function statusIcs(picture: StatusPicture): string {
  const name = icalText(oneLine(picture.page.name) || picture.page.id);
  const names = new Map(picture.components.map((component) => [component.id, oneLine(component.name) || component.id]));
  const events = [...picture.pastMaintenance, ...picture.maintenance].toSorted(byStart);
  return [
    icalLine('BEGIN', 'VCALENDAR'),
    icalLine('VERSION', '2.0'),
    icalLine('PRODID', '-//tocsin//status//EN'),
    icalLine('METHOD', 'PUBLISH'),
    icalLine('NAME', name),
    icalLine('X-WR-CALNAME', name),
    icalLine('REFRESH-INTERVAL;VALUE=DURATION', REFRESH),
    icalLine('X-PUBLISHED-TTL', REFRESH),
    ...events.map((maintenance) => drawEvent(picture, maintenance, names)),
    icalLine('END', 'VCALENDAR'),
  ].join('');
}

const REFRESH = 'PT1H';
const SECOND_MS = 1_000;

function drawEvent(
  picture: StatusPicture,
  maintenance: PictureMaintenance,
  names: ReadonlyMap<string, string>,
): string {
  const { id, title, startsAt, endsAt, createdAt, updatedAt } = maintenance;
  const url = eventAddress(picture, id);
  return [
    icalLine('BEGIN', 'VEVENT'),
    icalLine('UID', `${['maintenance', picture.page.id, id].map(uidPart).join('.')}@tocsin`),
    icalLine('SEQUENCE', String(Math.max(0, Math.floor((updatedAt - createdAt) / SECOND_MS)))),
    icalLine('DTSTAMP', icalMoment(updatedAt)),
    icalLine('CREATED', icalMoment(createdAt)),
    icalLine('LAST-MODIFIED', icalMoment(updatedAt)),
    icalLine('DTSTART', icalMoment(startsAt)),
    // An event that ends when it begins is refused by calendars.
    icalLine('DTEND', icalMoment(Math.max(endsAt, startsAt + SECOND_MS))),
    icalLine('SUMMARY', icalText(oneLine(title) || id)),
    icalLine('DESCRIPTION', icalText(descriptionOf(maintenance, names))),
    icalLine('STATUS', 'CONFIRMED'),
    icalLine('TRANSP', 'TRANSPARENT'),
    ...(url === undefined ? [] : [icalLine('URL', url)]),
    icalLine('END', 'VEVENT'),
  ].join('');
}

function descriptionOf(maintenance: PictureMaintenance, names: ReadonlyMap<string, string>): string {
  const components = maintenance.components.flatMap((id) => names.get(id) ?? []).join(', ');
  return [
    [STATUS_WORDS[maintenance.status], ...(components === '' ? [] : [components])].join(': '),
    ...maintenance.updates.map(({ status, text }) => `${STATUS_WORDS[status]}\n${text}`),
  ].join('\n\n');
}

/** A point within an id must not look like one between two. */
function uidPart(id: string): string {
  return encodeURIComponent(id.toWellFormed()).replaceAll('.', '%2E');
}

function byStart(a: PictureMaintenance, b: PictureMaintenance): number {
  return a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1);
}
