import { expect, test } from 'vitest';
import { stepsOf, survivalOf, type Watched } from '../../../src/core/review/kaplan-meier.ts';

/** Times as they are published: '9+' was watched for 9 and then no more. */
function watched(text: string): Watched {
  const times = text.split(',');
  const numbers = (chosen: readonly string[]) => Float64Array.from(chosen, Number.parseFloat).sort();
  return {
    events: numbers(times.filter((time) => !time.endsWith('+'))),
    censored: numbers(times.filter((time) => time.endsWith('+'))),
  };
}

// Freireich, E. J. et al. (1963), The Effect of 6-Mercaptopurine on the Duration of Steroid-induced Remissions in Acute
// Leukemia, Blood 21(6); worked by Gehan (1965) and in every textbook since: weeks of remission.
const TREATED = watched('6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+');
const PLACEBO = watched('1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23');
// Miller, R. G. (1981), Survival Analysis: weeks of remission in acute myelogenous leukemia, with and without maintenance.
const MAINTAINED = watched('9,13,13+,18,23,28+,31,34,45+,48,161+');
const NOT_MAINTAINED = watched('5,5,8,8,12,16+,23,27,30,33,43,45');

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
const shares = (of: Watched, digits = 3) => stepsOf(of).map(({ survival }) => rounded(survival, digits));

test('remissions with 6-MP: shares, standard errors and numbers at risk as published', () => {
  const steps = stepsOf(TREATED);
  expect(steps.map(({ ms }) => ms)).toEqual([6, 7, 10, 13, 16, 22, 23]);
  expect(shares(TREATED)).toEqual([0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]);
  expect(steps.map(({ atRisk }) => atRisk)).toEqual([21, 17, 15, 12, 11, 7, 6]);
  expect(steps.map(({ events }) => events)).toEqual([3, 1, 1, 1, 1, 1, 1]);
  const errors = steps.map(({ survival, greenwood }) => rounded(survival * Math.sqrt(greenwood), 4));
  expect(errors).toEqual([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]);
});

test('medians as published, with and without treatment', () => {
  expect(survivalOf(TREATED, { points: 0 })).toEqual({ events: 9, censored: 12, medianMs: 23, curve: [] });
  expect(survivalOf(PLACEBO, { points: 0 })).toMatchObject({ events: 21, censored: 0, medianMs: 8 });
  expect(survivalOf(MAINTAINED, { points: 0 }).medianMs).toBe(31);
  expect(survivalOf(NOT_MAINTAINED, { points: 0 }).medianMs).toBe(23);
});

test('remissions with maintenance: shares as published', () => {
  expect(shares(MAINTAINED)).toEqual([0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184]);
});

test('log-log limits are those that R gives (survfit, conf.type = "log-log")', () => {
  const [first] = survivalOf(TREATED, { points: 200 }).curve;
  expect(rounded(first?.lower ?? 0, 3)).toBe(0.62);
  expect(rounded(first?.upper ?? 0, 3)).toBe(0.952);
});

test('where everybody has got there the estimate is the share of those who have not yet', () => {
  const { curve, p90Ms } = survivalOf(watched('1,2,3,4,5,6,7,8,9,10'), { points: 200 });
  expect(curve.map(({ survival }) => rounded(survival, 9))).toEqual([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0]);
  expect(p90Ms).toBe(9.5);
  const [before, last] = curve.slice(-2);
  expect(last).toMatchObject({ survival: 0, lower: 0, upper: before?.upper });
});

test('where everybody has got there the median is that of the sample, also of an even count', () => {
  const medianMs = (text: string) => survivalOf(watched(text), { points: 0 }).medianMs;
  expect(medianMs('1,2,3,4,5,6')).toBe(3.5);
  expect(medianMs('19,139')).toBe(79);
  expect(medianMs('1,2,3')).toBe(2);
  // In the middle only where it is a half exactly, whoever leaves in between.
  expect(medianMs('10,20,25+,40,50+')).toBe(40);
  expect(medianMs('10,20,30,40,35+,36+')).toBe(35);
});

test('a half that is exact on paper is a half, and the last one is where it was reached', () => {
  expect(survivalOf(watched('1,2,3,9+,9+,9+'), { points: 0 }).medianMs).toBe(3);
  expect(survivalOf(watched('0,0,7+,8'), { points: 0 }).medianMs).toBe(4);
});

test('what was censored at the moment of an event was still at risk then', () => {
  expect(stepsOf(watched('5,5+,6')).map(({ atRisk }) => atRisk)).toEqual([3, 1]);
});

test('what fewer than half have reached has no median, and nothing has nothing', () => {
  expect(survivalOf(watched('5,9+,9+'), { points: 200 }).medianMs).toBeUndefined();
  const none = { events: new Float64Array(), censored: new Float64Array() };
  expect(survivalOf(none, { points: 200 })).toEqual({ events: 0, censored: 0, curve: [] });
  expect(survivalOf({ ...none, censored: Float64Array.of(4) }, { points: 200 })).toEqual({
    events: 0,
    censored: 1,
    curve: [],
  });
});

test('the only one of all has limits that say nothing', () => {
  expect(survivalOf(watched('7'), { points: 200 }).curve).toEqual([
    { ms: 7, survival: 0, lower: 0, upper: 1, atRisk: 1, events: 1 },
  ]);
});

test('a long curve is thinned, its ends are kept', () => {
  const events = Float64Array.from({ length: 5_000 }, (_, index) => index);
  const { curve } = survivalOf({ events, censored: Float64Array.of(9_999) }, { points: 200 });
  expect(curve).toHaveLength(200);
  expect([curve[0]?.ms, curve.at(-1)?.ms]).toEqual([0, 4_999]);
  expect(curve.every(({ lower, survival, upper }) => lower <= survival && survival <= upper)).toBe(true);
});
