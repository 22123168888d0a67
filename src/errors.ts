/**
 * Errors: the codes and the one error class.
 *
 * A code is API and keeps its meaning; a message is prose that says what was asked, what was found and
 * what to do. Nothing here ever hides a cause or edits a stack.
 */

/** Every code that Tocsin can throw. What to do about each stands in error-help.ts. */
export const ERROR_CODES = [
  'CONFIG_INVALID',
  'INPUT_INVALID',
  'INSTANT_INVALID',
  'DURATION_INVALID',
  'RULE_INVALID',
  'SCHEDULE_INVALID',
  'WINDOW_INVALID',
  'PAYLOAD_INVALID',
  'INCIDENT_NOT_FOUND',
  'SCHEDULE_NOT_FOUND',
  'OVERRIDE_NOT_FOUND',
  'SWAP_NOT_FOUND',
  'SILENCE_NOT_FOUND',
  'MAINTENANCE_NOT_FOUND',
  'CONTACT_NOT_FOUND',
  'CODE_REFUSED',
  'TOO_MANY_CODES',
  'HEARTBEAT_NOT_FOUND',
  'STATUS_PAGE_NOT_FOUND',
  'DELIVERY_NOT_FOUND',
  'REFERENCE_UNKNOWN',
  'INVALID_TRANSITION',
  'DELAY_INVALID',
  'TIMELINE_INVALID',
  'SNAPSHOT_UNREADABLE',
  'VERSION_CONFLICT',
  'STORAGE_UNAVAILABLE',
  'SCHEMA_TOO_NEW',
  'SCHEMA_OUTDATED',
  'NOTIFY_FAILED',
  'UNBOUNDED',
  'NOT_AUTHORIZED',
  'STOPPED',
  'ACTION_REFUSED',
  'UPDATE_NEEDS_APPROVAL',
  'AUDIENCE_REFUSED',
  'SUBSCRIBER_NOT_FOUND',
  'REVIEW_INCOMPLETE',
  'REVIEW_NEEDS_APPROVAL',
  'ACTION_ITEM_NOT_FOUND',
] as const;

/** Those with which the same call can succeed later without being changed. */
const RETRYABLE: readonly ErrorCode[] = ['TOO_MANY_CODES', 'VERSION_CONFLICT', 'STORAGE_UNAVAILABLE', 'NOTIFY_FAILED'];

/** One of the codes that Tocsin can throw. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What an error carries besides its code and message. */
export type ErrorOptions = { readonly details?: Readonly<Record<string, unknown>>; readonly cause?: unknown };

/** The same in every copy of the library, and in no other error. */
const BRAND = Symbol.for('tocsin.error');

/**
 * The only error class Tocsin throws. Recognise it with {@link isTocsinError}, not with `instanceof`:
 * an ESM and a CommonJS copy of the library may meet in one process.
 */
export class TocsinError extends Error {
  override readonly name = 'TocsinError';
  /** The catalogue code: what went wrong, for programs. */
  readonly code: ErrorCode;
  /** Structured facts behind the message, such as `problems` with their JSON paths. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Whether the same call can succeed later without being changed. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryable = isRetryable(code);
  }

  /** Tells errors of every copy of the library from those of others. */
  get [BRAND](): true {
    return true;
  }
}

/**
 * Whether `error` is a Tocsin error, and, when `code` is given, one with that code.
 *
 * @example
 * ```ts
 * import { isTocsinError, TocsinError } from 'tocsin';
 * isTocsinError(new TocsinError('INCIDENT_NOT_FOUND', 'No such incident.'), 'INCIDENT_NOT_FOUND'); // => true
 * isTocsinError(new Error('other')); // => false
 * ```
 */
export function isTocsinError(error: unknown, code?: ErrorCode): error is TocsinError {
  if (!(error instanceof Error) || !(BRAND in error) || !('code' in error)) return false;
  return code === undefined || error.code === code;
}

/** Whether the same call can succeed later without being changed, when it failed with `code`. */
export function isRetryable(code: ErrorCode): boolean {
  return RETRYABLE.includes(code);
}
