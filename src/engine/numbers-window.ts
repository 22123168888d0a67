/**
 * Which incidents are counted, and how: what a report or a list of numbers may be asked for, checked at the door.
 */
import * as z from 'zod';
import { toSpan } from '../core/on-call/window.ts';
import { isTimeZone } from '../core/on-call/zone.ts';
import { clockTimeSchema } from '../model/condition.ts';
import { durationMs, durationSchema } from '../model/duration.ts';
import { idSchema } from '../model/identity.ts';
import { type IncidentKind, incidentKindSchema } from '../model/timeline.ts';
import { checkShape } from './input.ts';
import { moment } from './input-parts.ts';

/** Hears how far a long read has come. */
export type OnProgress = (progress: { readonly incidents: number; readonly at: Date }) => void;

/** A window that was checked. Instants are epoch ms. */
export type CheckedWindow = {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly as: string | undefined;
  readonly kinds: readonly IncidentKind[];
  /** `undefined`: all. */
  readonly services: ReadonlySet<string> | undefined;
};

/** A report that was checked. */
export type CheckedReport = CheckedWindow & {
  readonly timeZone: string;
  readonly sleep: { readonly from: string; readonly until: string };
  readonly interruptionGapMs: number;
  readonly onProgress: OnProgress | undefined;
};

const WINDOW = {
  from: moment,
  until: moment,
  as: idSchema.optional(),
  kinds: z.array(incidentKindSchema).min(1).max(4).default(['real']),
  services: z.array(idSchema).min(1).max(10_000).optional(),
};

const progress = z.custom<OnProgress>((given) => typeof given === 'function', {
  error: '`onProgress` must be a function',
});

const REPORT = {
  ...WINDOW,
  timeZone: z.string().max(100).refine(isTimeZone, { error: '`timeZone` must be an IANA time zone' }).default('UTC'),
  sleep: z.strictObject({ from: clockTimeSchema, until: clockTimeSchema }).default({ from: '22:00', until: '08:00' }),
  interruptionGap: durationSchema.default('5m'),
  onProgress: progress.optional(),
};

const SCHEMAS = {
  incidents: z.strictObject(WINDOW),
  report: z.strictObject(REPORT),
  rebuild: z.strictObject({ onProgress: progress.optional() }),
};

/**
 * Checks the window of a list of numbers.
 *
 * @throws TocsinError WINDOW_INVALID, INSTANT_INVALID or INPUT_INVALID.
 */
export function checkWindow(window: unknown): CheckedWindow {
  return windowOf(checkShape('list numbers', SCHEMAS.incidents, window));
}

/**
 * Checks the options of a report.
 *
 * @throws TocsinError WINDOW_INVALID, INSTANT_INVALID or INPUT_INVALID.
 */
export function checkReport(options: unknown): CheckedReport {
  const { timeZone, sleep, interruptionGap, onProgress, ...window } = checkShape('report', SCHEMAS.report, options);
  return { ...windowOf(window), timeZone, sleep, interruptionGapMs: durationMs(interruptionGap), onProgress };
}

/** @throws TocsinError INPUT_INVALID. */
export function checkRebuild(options: unknown): { readonly onProgress?: OnProgress | undefined } {
  return checkShape('rebuild', SCHEMAS.rebuild, options);
}

function windowOf({ from, until, as, kinds, services }: z.output<typeof SCHEMAS.incidents>): CheckedWindow {
  const { startAt, endAt } = toSpan({ from, until });
  return {
    fromAt: startAt,
    untilAt: endAt,
    as,
    kinds,
    services: services === undefined ? undefined : new Set(services),
  };
}
