/**
 * Durations: how configuration writes a length of time, and its value in milliseconds.
 *
 * Days are always 24 hours; nothing here knows a calendar or a zone.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const SHORT = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
const SHORT_PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/g;
const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** The longest duration accepted anywhere: ten years. */
export const MAX_DURATION_MS = 3_653 * UNIT_MS.d;

/**
 * A duration as written in configuration: `'30s'`, `'5m'`, `'1h30m'`, `'2d'`, or ISO 8601 `'PT5M'`.
 * Years and months are refused because their length depends on the calendar.
 */
export const durationSchema = z
  .string()
  .max(64)
  .refine((text) => parse(text) !== undefined, {
    error: "expected a duration such as '30s', '5m', '1h30m' or 'PT5M', at most ten years",
  })
  .meta({ id: 'Duration', description: "A length of time: '30s', '5m', '1h30m', '1d', or ISO 8601 'PT5M'." });

/** A duration as written in configuration. */
export type Duration = z.infer<typeof durationSchema>;

/**
 * The milliseconds of a duration.
 *
 * @throws TocsinError DURATION_INVALID when `text` is not a duration or exceeds ten years.
 * @example
 * ```ts
 * import { durationMs } from 'tocsin';
 * durationMs('1h30m'); // => 5400000
 * ```
 */
export function durationMs(text: string): number {
  const ms = parse(text);
  if (ms === undefined) {
    throw new TocsinError(
      'DURATION_INVALID',
      `Cannot read ${JSON.stringify(text.slice(0, 80))} as a duration. Write '30s', '5m', '1h30m' or 'PT5M', at most ten years.`,
    );
  }
  return ms;
}

/** A duration for people, in the two largest units: `5400000` is `'1h 30m'`. */
export function formatDuration(ms: number): string {
  if (ms <= 0) return '0s';
  if (Math.round(ms) < 1_000) return `${Math.max(1, Math.round(ms))}ms`;
  const seconds = Math.round(ms / 1_000);
  const units: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'm'],
    [seconds % 60, 's'],
  ];
  const first = units.findIndex(([count]) => count > 0);
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

function parse(text: string): number | undefined {
  const ms = SHORT.test(text) ? parseShort(text) : parseIso(text);
  return ms === undefined || !Number.isFinite(ms) || ms > MAX_DURATION_MS ? undefined : Math.round(ms);
}

function parseShort(text: string): number {
  let total = 0;
  for (const [, count, unit] of text.matchAll(SHORT_PART)) {
    total += Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return total;
}

function parseIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match || text === 'P' || text.endsWith('T')) return undefined;
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  return (
    Number(weeks) * UNIT_MS.w +
    Number(days) * UNIT_MS.d +
    Number(hours) * UNIT_MS.h +
    Number(minutes) * UNIT_MS.m +
    Number(seconds) * UNIT_MS.s
  );
}
