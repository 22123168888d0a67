/**
 * Charts that compare: bars from left to right, each below what it is called.
 *
 * At most twelve; how many there are beyond is said. No two bars are added up because they are called the same.
 */
import type { NumbersReport, PersonLoad } from '../../../model/measurement.ts';
import { element, round } from '../../picture/xml.ts';
import { fitText, pixels } from '../../text-width.ts';
import { counted, heaviestFirst, interruptionsOf, LOAD_TIMES, shown } from '../facts.ts';
import { periodOf } from '../period.ts';
import { type Chart, drawNothing, label, labelWidth, listed, type Plot, TEXT } from './frame.ts';
import { type ChartPaint, charted } from './paints.ts';

type Part = { readonly value: number; readonly paint: ChartPaint; readonly edge?: ChartPaint };
type Row = { readonly name: string; readonly parts: readonly Part[]; readonly text: string };

const MOST_BARS = 12;
const ROW = 36;
const BAR = 13;
const LOAD_LOOKS: { readonly [K in (typeof LOAD_TIMES)[number]['key']]: Omit<Part, 'value'> } = {
  duringBusiness: { paint: 'business' },
  duringEvenings: { paint: 'evenings', edge: 'eveningsEdge' },
  duringWeekends: { paint: 'weekends' },
  duringSleep: { paint: 'sleep' },
};

/** Interruptions of each person, by the time at which they came. */
export function load({ people }: NumbersReport, nameOf: (user: string) => string): Chart {
  const { all, sleep } = interruptionsOf(people);
  const rows = heaviestFirst(people).map((person): Row => {
    const parts = LOAD_TIMES.map(({ key }) => ({ value: person[key], ...LOAD_LOOKS[key] }));
    return { name: nameOf(person.user), parts, text: String(person.interruptions) };
  });
  const inWords = (person: PersonLoad) =>
    `${nameOf(person.user)} ${LOAD_TIMES.map(({ key, title }) => `${person[key]} ${title}`).join(' ')}`;
  const chart = barsOf(rows, {
    title: 'Interruptions by person',
    subtitle: `${counted(all, 'interruption')}, ${sleep} of them in sleep hours, in each person's own time zone`,
    nothing: 'Nobody was paged.',
  });
  return {
    ...chart,
    description:
      people.length === 0
        ? 'Nobody was paged.'
        : `Interruptions: ${listed(heaviestFirst(people).map(inWords), MOST_BARS)}.`,
    legend: LOAD_TIMES.map(({ key, title }) => ({
      text: title,
      sample: (x, y) => barOf({ x, y: y - 6, width: 18, height: 12 }, LOAD_LOOKS[key]),
    })),
  };
}

/** What opened the most incidents. */
export function offenders({ noise }: NumbersReport): Chart {
  const rows = noise.offenders.map(({ name, service, incidents }): Row => {
    const called = `${shown(name) || '–'} · ${shown(service) || '–'}`;
    return { name: called, parts: [{ value: incidents, paint: 'orange' }], text: String(incidents) };
  });
  return barsOf(rows, {
    title: 'What fires most',
    subtitle: 'Incidents by the alert that opened them',
    nothing: 'No alert opened an incident.',
  });
}

/** How many incidents there were of each severity, as the report orders them. */
export function severities(report: NumbersReport): Chart {
  const rows = report.groups.severity.map(({ key, incidents }): Row => {
    return { name: shown(key) || '–', parts: [{ value: incidents, paint: 'blue' }], text: String(incidents) };
  });
  return barsOf(rows, {
    title: 'Incidents by severity',
    subtitle: periodOf(report).days,
    nothing: 'There was no incident.',
  });
}

function barsOf(
  rows: readonly Row[],
  words: { readonly title: string; readonly subtitle: string; readonly nothing: string },
): Chart {
  const shownRows = rows.slice(0, MOST_BARS);
  const totals = shownRows.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const most = Math.max(1, ...totals);
  const rest = rows.length - shownRows.length;
  return {
    title: words.title,
    subtitle: rest === 0 ? words.subtitle : `${words.subtitle}; the first ${MOST_BARS} of ${rows.length}`,
    description:
      rows.length === 0
        ? words.nothing
        : `${listed(
            rows.map(({ name, text }) => `${name}: ${text}`),
            MOST_BARS,
          )}.`,
    left: 0,
    height: Math.max(60, shownRows.length * ROW - 6),
    below: 10,
    draw: (plot) => {
      if (rows.length === 0) return drawNothing(plot, words.nothing);
      return shownRows.flatMap((row, place) => drawRow(row, { plot, most, top: plot.top + place * ROW }));
    },
  };
}

function drawRow({ name, parts, text }: Row, at: { plot: Plot; most: number; top: number }): readonly string[] {
  const { plot, most, top } = at;
  const room = plot.right - plot.left - labelWidth(text) - 12;
  let x = plot.left;
  const bars = parts.flatMap(({ value, ...look }) => {
    const width = (value / most) * room;
    if (value <= 0) return [];
    const bar = barOf({ x, y: top + 17, width: Math.max(1.5, width - 1.5), height: BAR }, look);
    x += Math.max(1.5, width);
    return [bar];
  });
  return [
    label(fitText(name, plot.right - plot.left, pixels(TEXT.label)), { x: plot.left, y: top + 12 }, { paint: 'ink' }),
    ...bars,
    label(text, { x: Number(round(x)) + 5, y: top + 28 }, { paint: 'ink', weight: 600 }),
  ];
}

function barOf(
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  { paint, edge }: Omit<Part, 'value'>,
): string {
  const rx = Math.min(2, box.width / 3);
  return element('rect', { ...box, rx, ...charted(edge === undefined ? { fill: paint } : { fill: paint, edge }) });
}
