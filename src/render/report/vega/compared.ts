/**
 * Charts that compare: people by when they were interrupted, what fires most, and severities.
 *
 * No two people, and no two alerts, share a bar because they are called the same.
 */
import type { NumbersReport } from '../../../model/measurement.ts';
import { counted, distinct, heaviestFirst, interruptionsOf, LOAD_TIMES, type namesOf, shown } from '../facts.ts';
import { periodOf } from '../period.ts';
import { COLOURS, countAxis, specOf, type VegaLiteSpec } from './spec.ts';

const LOAD_COLOURS = [COLOURS.blue, COLOURS.mild, COLOURS.green, COLOURS.purple];
const MOST_BARS = 50;
const STEP = { step: 24 };

/** Interruptions of each person, by the time at which they came. */
export function load({ people }: NumbersReport, nameOf: ReturnType<typeof namesOf>): VegaLiteSpec {
  const heaviest = heaviestFirst(people).slice(0, MOST_BARS);
  const labels = distinct(heaviest.map(({ user }) => nameOf(user)));
  const values = heaviest.flatMap((person, place) =>
    LOAD_TIMES.map(({ key, title }, order) => {
      return { person: labels[place] ?? '', when: title, interruptions: person[key], order };
    }),
  );
  const { all, sleep } = interruptionsOf(people);
  return specOf(
    {
      title: 'Interruptions by person',
      subtitle: [`${counted(all, 'interruption')}, ${sleep} of them in sleep hours, in each person's own time zone`],
      values,
    },
    {
      width: 480,
      height: STEP,
      mark: { type: 'bar' },
      encoding: {
        y: { field: 'person', type: 'nominal', sort: null, axis: { title: null } },
        x: countAxis(
          'interruptions',
          heaviest.map(({ interruptions }) => interruptions),
        ),
        color: {
          field: 'when',
          type: 'nominal',
          sort: null,
          scale: { domain: LOAD_TIMES.map(({ title }) => title), range: LOAD_COLOURS },
          legend: { title: null, orient: 'top' },
        },
        order: { field: 'order', type: 'quantitative' },
      },
    },
  );
}

/** What opened the most incidents. */
export function offenders({ noise }: NumbersReport): VegaLiteSpec {
  const top = noise.offenders.slice(0, MOST_BARS);
  const labels = distinct(top.map(({ name, service }) => `${shown(name) || '–'} (${shown(service) || '–'})`));
  const values = top.map(({ incidents, alerts, autoResolved }, place) => {
    return { offender: labels[place] ?? '', incidents, alerts, autoResolved };
  });
  return specOf(
    {
      title: 'What fires most',
      subtitle: [`${counted(noise.alerts, 'alert')}, ${counted(noise.autoResolved, 'incident')} over by themselves`],
      values,
    },
    {
      width: 480,
      height: STEP,
      mark: { type: 'bar', color: COLOURS.orange },
      encoding: {
        y: { field: 'offender', type: 'nominal', sort: null, axis: { title: null } },
        x: countAxis(
          'incidents',
          values.map(({ incidents }) => incidents),
        ),
      },
    },
  );
}

/** How many incidents there were of each severity, as the report orders them. */
export function severities(report: NumbersReport): VegaLiteSpec {
  const groups = report.groups.severity.slice(0, MOST_BARS);
  const labels = distinct(groups.map(({ key }) => shown(key) || '–'));
  const values = groups.map(({ incidents }, place) => ({ severity: labels[place] ?? '', incidents }));
  return specOf(
    { title: 'Incidents by severity', subtitle: [periodOf(report).days], values },
    {
      width: 480,
      height: STEP,
      mark: { type: 'bar', color: COLOURS.blue },
      encoding: {
        y: { field: 'severity', type: 'nominal', sort: null, axis: { title: null } },
        x: countAxis(
          'incidents',
          values.map(({ incidents }) => incidents),
        ),
      },
    },
  );
}
