/**
 * Errors: the catalogue of codes and the one error class.
 *
 * A code is API and keeps its meaning; a message is prose that says what was asked, what was found and
 * what to do. Nothing here ever hides a cause or edits a stack.
 */

/** Every code Tocsin can throw, whether trying again can help, and what to do about it. */
export const ERRORS = {
  CONFIG_INVALID: {
    retryable: false,
    help: 'Mend every problem listed in `details.problems`; each has its JSON path.',
  },
  INPUT_INVALID: { retryable: false, help: 'Mend the argument named in `details.problems` and call again.' },
  INSTANT_INVALID: { retryable: false, help: 'Give a Date, epoch milliseconds, or an ISO string with an offset.' },
  DURATION_INVALID: { retryable: false, help: "Write durations as '30s', '5m', '1h30m', '1d' or ISO 8601 ('PT5M')." },
  RULE_INVALID: { retryable: false, help: 'Mend the condition at the path named in the message.' },
  SCHEDULE_INVALID: { retryable: false, help: 'Mend the schedule at the path named in the message.' },
  WINDOW_INVALID: {
    retryable: false,
    help: 'Ask for a window whose `from` lies before its `until`, of at most ten years.',
  },
  PAYLOAD_INVALID: {
    retryable: false,
    help: 'Check that the monitoring tool sends the format that this source reads.',
  },
  INCIDENT_NOT_FOUND: { retryable: false, help: 'Check the id and the tenant.' },
  SCHEDULE_NOT_FOUND: { retryable: false, help: 'Use the id of a schedule of the current configuration.' },
  OVERRIDE_NOT_FOUND: {
    retryable: false,
    help: 'Use the id of an override that was stored; one of the configuration is taken out there.',
  },
  SWAP_NOT_FOUND: {
    retryable: false,
    help: 'Use the id of a swap that was stored; one of the configuration is taken out there.',
  },
  SILENCE_NOT_FOUND: {
    retryable: false,
    help: 'Use the id of a silence that was stored; one of the configuration is taken out there.',
  },
  MAINTENANCE_NOT_FOUND: {
    retryable: false,
    help: 'Use the id of a window that was stored; one of the configuration is taken out there.',
  },
  CONTACT_NOT_FOUND: {
    retryable: false,
    help: 'Use the id of a contact that was added; one of the configuration is changed there.',
  },
  CODE_REFUSED: {
    retryable: false,
    help: 'Enter the code of the latest message as it is written; `details.why` says whether a new one is needed.',
  },
  TOO_MANY_CODES: { retryable: true, help: 'Wait until `details.retryAt`: only so many codes are sent in an hour.' },
  HEARTBEAT_NOT_FOUND: { retryable: false, help: 'Use the id of a heartbeat of the current configuration.' },
  DELIVERY_NOT_FOUND: { retryable: false, help: 'Check the id and the tenant.' },
  REFERENCE_UNKNOWN: { retryable: false, help: 'Use an id that the current configuration knows.' },
  INVALID_TRANSITION: { retryable: false, help: 'Ask `incidents.allowed(id)` what may be done now.' },
  DELAY_INVALID: { retryable: false, help: 'Every timer needs a finite delay of zero or more milliseconds.' },
  TIMELINE_INVALID: { retryable: false, help: 'A timeline starts with incident.opened and its `seq` has no gap.' },
  SNAPSHOT_UNREADABLE: { retryable: false, help: 'Run a version of Tocsin at least as new as the one that wrote it.' },
  VERSION_CONFLICT: { retryable: true, help: 'Somebody else wrote at the same moment, repeatedly: try again.' },
  STORAGE_UNAVAILABLE: {
    retryable: true,
    help: 'The storage failed; its error is the `cause`. Try again when it is back.',
  },
  SCHEMA_TOO_NEW: {
    retryable: false,
    help: 'Run a version of Tocsin at least as new as the one that migrated this database.',
  },
  SCHEMA_OUTDATED: {
    retryable: false,
    help: 'Run the migrations that `postgresMigrations()` prints, or let `start()` run them.',
  },
  NOTIFY_FAILED: {
    retryable: true,
    help: 'The notifier failed; its error is the `cause`. The delivery is tried again.',
  },
  UNBOUNDED: {
    retryable: false,
    help: 'Something has no end within its bound: do what the message says; where it says nothing to do, it is a defect worth reporting with its `details`.',
  },
  NOT_AUTHORIZED: { retryable: false, help: 'The `authorize` function given to `createTocsin` refused this action.' },
  STOPPED: { retryable: false, help: 'This instance was stopped; create another one.' },
} as const satisfies Record<string, { retryable: boolean; help: string }>;

/** One of the codes in {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

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
    this.retryable = ERRORS[code].retryable;
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
  return code === undefined ? Object.hasOwn(ERRORS, String(error.code)) : error.code === code;
}
