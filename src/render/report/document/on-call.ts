/**
 * What being on call asked of people: who was interrupted when, and for how long.
 *
 * A burden to be shared better, and never a measure of how good anybody is: it says so.
 */
import type { NumbersReport, PersonLoad } from '../../../model/measurement.ts';
import { grouped, heaviestFirst, LOAD_TIMES } from '../facts.ts';
import { type Block, durationText, NO_NUMBER } from './document.ts';

const MOST = 50;
const EXPLAINED =
  "Pages that come soon after each other are one interruption. Hours are those of each person's own time zone. This is what was asked of people, and no measure of how well they did.";

/** The load of each person, as a chart and a table. */
export function onCall({ people }: NumbersReport, nameOf: (user: string) => string): readonly Block[] {
  if (people.length === 0) return [{ kind: 'text', text: 'Nobody was paged.' }];
  const hasHours = people.some(({ onCallHours }) => onCallHours !== undefined);
  const all = heaviestFirst(people);
  const rest = all.slice(MOST);
  const rows = all.slice(0, MOST).map((person) => rowOf(nameOf(person.user), person, hasHours));
  if (rest.length > 0) rows.push(rowOf(`others (${rest.length})`, summed(rest), hasHours));
  const columns = [
    'Person',
    'Pages',
    'Interruptions',
    ...LOAD_TIMES.map(({ title }) => title.charAt(0).toUpperCase() + title.slice(1)),
    'Nights broken',
    'Acknowledged',
    'Engaged',
    ...(hasHours ? ['Hours on call'] : []),
  ];
  const note =
    rest.length === 0 ? EXPLAINED : `${EXPLAINED} The ${MOST} most interrupted people; the others are summed up.`;
  return [
    { kind: 'charts', charts: [{ chart: 'load' }] },
    { kind: 'table', table: { caption: 'By person', columns, rows, note } },
  ];
}

function rowOf(name: string, person: Omit<PersonLoad, 'user'>, hasHours: boolean): readonly string[] {
  const { pages, interruptions, nights, acknowledgements, engagedMs, onCallHours } = person;
  return [
    name,
    ...[pages, interruptions, ...LOAD_TIMES.map(({ key }) => person[key]), nights, acknowledgements].map(grouped),
    durationText(engagedMs),
    ...(hasHours ? [hoursText(onCallHours)] : []),
  ];
}

/** Less than half an hour is not none. */
function hoursText(hours: number | undefined): string {
  if (hours === undefined) return NO_NUMBER;
  return hours > 0 && hours < 1 ? '< 1' : grouped(hours);
}

function summed(people: readonly PersonLoad[]): Omit<PersonLoad, 'user'> {
  const sumOf = (key: Exclude<keyof PersonLoad, 'user' | 'onCallHours'>) =>
    people.reduce((sum, person) => sum + person[key], 0);
  return {
    pages: sumOf('pages'),
    interruptions: sumOf('interruptions'),
    duringBusiness: sumOf('duringBusiness'),
    duringEvenings: sumOf('duringEvenings'),
    duringWeekends: sumOf('duringWeekends'),
    duringSleep: sumOf('duringSleep'),
    nights: sumOf('nights'),
    acknowledgements: sumOf('acknowledgements'),
    engagedMs: sumOf('engagedMs'),
    onCallHours: people.reduce((sum, { onCallHours = 0 }) => sum + onCallHours, 0),
  };
}
