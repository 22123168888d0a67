/**
 * Survival curves: which share of incidents was not acknowledged, or not resolved, after how long.
 *
 * Steps, since nothing is known between two of them. The axis of time is logarithmic: minutes and days are both seen.
 */
import { formatDuration } from '../../../model/duration.ts';
import type { MeasurementName, NumbersReport, Survival, SurvivalPoint } from '../../../model/measurement.ts';
import { element, round } from '../../picture/xml.ts';
import { counted, curveRows } from '../facts.ts';
import { type Chart, drawBelow, drawLevels, drawNothing, type Plot } from './frame.ts';
import { leftOf, levelOf } from './over-time.ts';
import { type ChartPaint, charted } from './paints.ts';
import { MOMENTS } from './ticks.ts';

type Curve = {
  readonly name: MeasurementName;
  readonly text: string;
  readonly paint: ChartPaint;
  readonly dashes?: string;
};

const CURVES: readonly Curve[] = [
  { name: 'acknowledge', text: 'not acknowledged yet', paint: 'orange', dashes: '5 3' },
  { name: 'resolve', text: 'not resolved yet', paint: 'blue' },
];
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** Kaplan-Meier curves with their 95% bands. */
export function survival({ durations }: NumbersReport): Chart {
  const curves = CURVES.map((curve) => ({ ...curve, points: curveRows(durations[curve.name].survival.curve) }));
  const moments = curves.flatMap(({ points }) => points.map(({ ms }) => ms));
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const { censored } = durations.resolve.survival;
  const halves = curves.map(({ name, text }) => {
    return `${text}: ${halfInWords(durations[name].survival)}`;
  });
  return {
    title: 'How long incidents last',
    subtitle: `Kaplan-Meier estimate, 95% band; open incidents are censored (${counted(censored, 'incident')} never got to the end)`,
    description: `The share of incidents that is ${halves.join('; ')}.`,
    legend: curves.map((curve) => ({ text: curve.text, sample: (x, y) => strokeOf(`M${x} ${y}h18`, curve) })),
    left: leftOf(['100%']),
    height: 170,
    below: 26,
    draw: (plot) => {
      if (moments.length === 0) return drawNothing(plot, 'Nothing has happened in time yet.');
      const yOf = levelOf(plot, 1);
      const span = Math.max(0.5, Math.log(last) - Math.log(first));
      const xOf = (ms: number) => plot.left + ((Math.log(ms) - Math.log(first)) / span) * (plot.right - plot.left);
      const labels = MOMENTS.filter((ms) => ms >= first && xOf(ms) <= plot.right);
      return [
        ...drawLevels(
          plot,
          SHARES.map((share) => ({ y: yOf(share), text: `${share * 100}%` })),
        ),
        ...curves
          .filter(({ points }) => points.length > 0)
          .flatMap((curve) => [
            bandOf(curve, { xOf, yOf, plot }),
            strokeOf(
              stepsOf(curve.points, ({ survival: share }) => share, { xOf, yOf }),
              curve,
            ),
          ]),
        ...drawBelow(
          plot,
          labels.map((ms) => ({ x: xOf(ms), text: formatDuration(ms) })),
        ),
      ];
    },
  };
}

/** Of no incidents it is not known; it is not fewer than half of them. */
function halfInWords({ medianMs, events, censored }: Survival): string {
  if (events + censored === 0) return 'nothing is known';
  return medianMs === undefined ? 'fewer than half ever got there' : `half of them after ${formatDuration(medianMs)}`;
}

type Axes = { readonly xOf: (ms: number) => number; readonly yOf: (share: number) => number };

function strokeOf(d: string, { paint, dashes }: Curve): string {
  return element('path', { d, 'stroke-width': 2, 'stroke-dasharray': dashes, ...charted({ edge: paint }) });
}

/** From each point on its value holds, until the next one. */
function stepsOf(
  points: readonly SurvivalPoint[],
  shareOf: (point: SurvivalPoint) => number,
  { xOf, yOf }: Axes,
): string {
  return points
    .map((point, place) => {
      const [x, y] = [round(xOf(point.ms)), round(yOf(shareOf(point)))];
      return place === 0 ? `M${x} ${y}` : `H${x}V${y}`;
    })
    .join('');
}

function bandOf(
  { points, paint }: Curve & { readonly points: readonly SurvivalPoint[] },
  axes: Axes & { plot: Plot },
): string {
  const upper = stepsOf(points, (point) => point.upper, axes);
  const back = points
    .toReversed()
    .map((point, place, all) => {
      const earlier = all[place + 1];
      const down = place === 0 ? `L${round(axes.xOf(point.ms))} ${round(axes.yOf(point.lower))}` : '';
      // Backwards it is the earlier value that holds until this moment.
      return earlier === undefined ? down : `${down}V${round(axes.yOf(earlier.lower))}H${round(axes.xOf(earlier.ms))}`;
    })
    .join('');
  return element('path', { d: `${upper}${back}Z`, 'fill-opacity': 0.18, ...charted({ fill: paint }) });
}
