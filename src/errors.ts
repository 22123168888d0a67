/**
 * Errors: the codes and the one error class.
 *
 * A code is API and keeps its meaning; a message is prose that says what was asked, what was found and
 * what to do. Nothing here ever hides a cause or edits a stack.
 */

/** Every code Tocsin can throw, and whether trying again can help. What to do about each stands in error-help.ts. */
export const ERROR_CODES = {
  CONFIG_INVALID: { retryable: false },
  INPUT_INVALID: { retryable: false },
  INSTANT_INVALID: { retryable: false },
  DURATION_INVALID: { retryable: false },
  RULE_INVALID: { retryable: false },
  SCHEDULE_INVALID: { retryable: false },
  WINDOW_INVALID: { retryable: false },
  PAYLOAD_INVALID: { retryable: false },
  INCIDENT_NOT_FOUND: { retryable: false },
  SCHEDULE_NOT_FOUND: { retryable: false },
  OVERRIDE_NOT_FOUND: { retryable: false },
  SWAP_NOT_FOUND: { retryable: false },
  SILENCE_NOT_FOUND: { retryable: false },
  MAINTENANCE_NOT_FOUND: { retryable: false },
  CONTACT_NOT_FOUND: { retryable: false },
  CODE_REFUSED: { retryable: false },
  TOO_MANY_CODES: { retryable: true },
  HEARTBEAT_NOT_FOUND: { retryable: false },
  DELIVERY_NOT_FOUND: { retryable: false },
  REFERENCE_UNKNOWN: { retryable: false },
  INVALID_TRANSITION: { retryable: false },
  DELAY_INVALID: { retryable: false },
  TIMELINE_INVALID: { retryable: false },
  SNAPSHOT_UNREADABLE: { retryable: false },
  VERSION_CONFLICT: { retryable: true },
  STORAGE_UNAVAILABLE: { retryable: true },
  SCHEMA_TOO_NEW: { retryable: false },
  SCHEMA_OUTDATED: { retryable: false },
  NOTIFY_FAILED: { retryable: true },
  UNBOUNDED: { retryable: false },
  NOT_AUTHORIZED: { retryable: false },
  STOPPED: { retryable: false },
  ACTION_REFUSED: { retryable: false },
} as const satisfies Record<string, { readonly retryable: boolean }>;

/** One of the codes that Tocsin can throw. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What an error carries besides its code and message. */
export type ErrorOptions = { readonly details?: Readonly<Record<string, unknown>>; readonly cause?: unknown };

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
    this.retryable = ERROR_CODES[code].retryable;
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
  if (!(error instanceof Error) || error.name !== 'TocsinError' || !('code' in error)) return false;
  return code === undefined ? Object.hasOwn(ERROR_CODES, String(error.code)) : error.code === code;
}
