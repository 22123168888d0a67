/**
 * Instants: the three ways a caller may name a moment, and the one way we keep it (epoch milliseconds).
 *
 * A local time without an offset is refused: it would mean something else on another machine.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';

/** A moment: a `Date`, epoch milliseconds, or an ISO 8601 string with an offset or `Z`. */
export type InstantInput = Date | number | string;

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const MAX_EPOCH_MS = 8_640_000_000_000_000;

/** An instant as text: ISO 8601 with an offset. */
export const instantSchema = z
  .string()
  .max(64)
  .refine((text) => parseIso(text) !== undefined, {
    error: "expected an ISO 8601 instant with an offset, such as '2026-01-05T09:00:00Z'",
  })
  .meta({ id: 'Instant', description: "An ISO 8601 instant with an offset, such as '2026-01-05T09:00:00Z'." });

/** A wall-clock time without an offset, such as `2026-01-05T09:00:00`; its zone is named beside it. */
export const localDateTimeSchema = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/,
    "expected a local time such as '2026-01-05T09:00:00', without an offset",
  )
  .meta({ id: 'LocalDateTime' });

/** A moment as text: an instant with an offset, or a local time whose zone is named beside it. */
export const momentSchema = z
  .string()
  .max(64)
  .refine((text) => isInstant(text) || localDateTimeSchema.safeParse(text).success, {
    error: "expected a moment such as '2026-01-05T09:00:00Z', or a local time such as '2026-01-05T09:00:00'",
  })
  .meta({
    id: 'Moment',
    description: 'An ISO 8601 instant with an offset, or a local time in the zone named beside it.',
  });

/** Whether `text` is an ISO 8601 instant with an offset. */
export function isInstant(text: string): boolean {
  return parseIso(text) !== undefined;
}

/**
 * Epoch milliseconds of `input`.
 *
 * @throws TocsinError INSTANT_INVALID when it is no moment, or a local time without an offset.
 */
export function toEpochMs(input: InstantInput, name = 'instant'): number {
  const ms = input instanceof Date ? input.getTime() : typeof input === 'string' ? parseIso(input) : input;
  if (typeof ms !== 'number' || !Number.isFinite(ms) || Math.abs(ms) > MAX_EPOCH_MS) {
    const found = typeof input === 'string' ? JSON.stringify(input.slice(0, 80)) : String(input);
    throw new TocsinError(
      'INSTANT_INVALID',
      `Cannot read ${name} ${found} as a moment. Give a Date, epoch milliseconds, or ISO 8601 with an offset.`,
    );
  }
  return Math.round(ms);
}

function parseIso(text: string): number | undefined {
  if (!WITH_OFFSET.test(text) || !hasDay(text)) return undefined;
  // Monitoring tools write up to nine fraction digits and offsets without a colon; Date reads neither reliably.
  const normal = text.replace(/(\.\d{3})\d+/, '$1').replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const ms = Date.parse(normal);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Date reads 30 February as 2 March; a moment that no calendar has is no moment. */
function hasDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  // Every month has these.
  if (day >= 1 && day <= 28) return true;
  const midnight = Date.parse(text.slice(0, 10));
  return !Number.isNaN(midnight) && new Date(midnight).getUTCDate() === day;
}
