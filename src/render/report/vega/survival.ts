/**
 * The survival curve: which share of incidents was not yet acknowledged, or not yet resolved, after how long.
 *
 * Incidents that are open are not left out: they count for as long as they were watched.
 */
import type { MeasurementName, NumbersReport } from '../../../model/measurement.ts';
import { counted, curveRows } from '../facts.ts';
import { COLOURS, specOf, type VegaLiteSpec } from './spec.ts';

const CURVES: readonly { readonly name: MeasurementName; readonly title: string }[] = [
  { name: 'acknowledge', title: 'not acknowledged yet' },
  { name: 'resolve', title: 'not resolved yet' },
];
const TICKS = [1 / 60, 1 / 6, 1, 5, 15, 60, 240, 1_440, 4_320, 10_080, 40_320];
// Of the value of an axis alone.
const TICK_LABEL =
  "datum.value < 1 ? round(datum.value * 60) + ' s' : datum.value < 60 ? datum.value + ' min' : datum.value < 1440 ? datum.value / 60 + ' h' : datum.value / 1440 + ' d'";

/** Kaplan-Meier curves with their 95% bands. */
export function survival({ durations }: NumbersReport): VegaLiteSpec {
  const values = CURVES.flatMap(({ name, title }) =>
    curveRows(durations[name].survival.curve).map(({ ms, survival: share, lower, upper }) => {
      return { state: title, minutes: ms / 60_000, survival: share, lower, upper };
    }),
  );
  const minutes = values.map((value) => value.minutes);
  const { censored } = durations.resolve.survival;
  const subtitle = [
    `Kaplan-Meier estimate with its 95% band; open incidents are censored (${counted(censored, 'incident')} never got to the end)`,
  ];
  const colour = {
    field: 'state',
    type: 'nominal',
    sort: null,
    scale: { domain: CURVES.map(({ title }) => title), range: [COLOURS.orange, COLOURS.blue] },
    legend: { title: null, orient: 'top' },
  };
  const x = {
    field: 'minutes',
    type: 'quantitative',
    scale: { type: 'log', nice: false, domain: [Math.min(1, ...minutes), Math.max(60, ...minutes)] },
    axis: { title: 'after', values: TICKS, labelExpr: TICK_LABEL, labelOverlap: true },
  };
  return specOf(
    { title: 'How long incidents last', subtitle, values },
    {
      width: 640,
      height: 300,
      layer: [
        {
          mark: { type: 'area', interpolate: 'step-after', opacity: 0.2 },
          encoding: {
            x,
            y: {
              field: 'lower',
              type: 'quantitative',
              scale: { domain: [0, 1] },
              axis: { title: null, format: '.0%' },
            },
            y2: { field: 'upper' },
            color: colour,
          },
        },
        {
          mark: { type: 'line', interpolate: 'step-after' },
          encoding: {
            x,
            y: { field: 'survival', type: 'quantitative' },
            color: colour,
            strokeDash: {
              ...colour,
              scale: {
                domain: colour.scale.domain,
                range: [
                  [5, 3],
                  [1, 0],
                ],
              },
            },
          },
        },
      ],
    },
  );
}
