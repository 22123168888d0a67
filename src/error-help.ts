/**
 * What to do about each error: the catalogue that the documents are written from.
 *
 * Apart from errors.ts, so that an adapter carries the codes and not their explanations.
 */
import { ERROR_CODES, type ErrorCode, isRetryable } from './errors.ts';

const HELP: { readonly [code in ErrorCode]: string } = {
  CONFIG_INVALID: 'Mend every problem listed in `details.problems`; each has its JSON path.',
  INPUT_INVALID: 'Mend the argument named in `details.problems` and call again.',
  INSTANT_INVALID: 'Give a Date, epoch milliseconds, or an ISO string with an offset.',
  DURATION_INVALID: "Write durations as '30s', '5m', '1h30m', '1d' or ISO 8601 ('PT5M').",
  RULE_INVALID: 'Mend the condition at the path named in the message.',
  SCHEDULE_INVALID: 'Mend the schedule at the path named in the message.',
  WINDOW_INVALID: 'Ask for a window whose `from` lies before its `until`, of at most ten years.',
  PAYLOAD_INVALID: 'Check that the monitoring tool sends the format that this source reads.',
  INCIDENT_NOT_FOUND: 'Check the id and the tenant.',
  SCHEDULE_NOT_FOUND: 'Use the id of a schedule of the current configuration.',
  OVERRIDE_NOT_FOUND: 'Use the id of an override that was stored; one of the configuration is taken out there.',
  SWAP_NOT_FOUND: 'Use the id of a swap that was stored; one of the configuration is taken out there.',
  SILENCE_NOT_FOUND: 'Use the id of a silence that was stored; one of the configuration is taken out there.',
  MAINTENANCE_NOT_FOUND: 'Use the id of a window that was stored; one of the configuration is taken out there.',
  CONTACT_NOT_FOUND: 'Use the id of a contact that was added; one of the configuration is changed there.',
  CODE_REFUSED:
    'Enter the code of the latest message as it is written; `details.why` says whether a new one is needed.',
  TOO_MANY_CODES: 'Wait until `details.retryAt`: only so many codes are sent in an hour.',
  STATUS_PAGE_NOT_FOUND: 'Use the id of a page of `status.pages` of the current configuration.',
  HEARTBEAT_NOT_FOUND: 'Use the id of a heartbeat of the current configuration.',
  DELIVERY_NOT_FOUND: 'Check the id and the tenant.',
  REFERENCE_UNKNOWN: 'Use an id that the current configuration knows.',
  INVALID_TRANSITION: 'Ask `incidents.allowed(id)` what may be done now.',
  DELAY_INVALID: 'Every timer needs a finite delay of zero or more milliseconds.',
  TIMELINE_INVALID: 'A timeline starts with incident.opened and its `seq` has no gap.',
  SNAPSHOT_UNREADABLE: 'Run a version of Tocsin at least as new as the one that wrote it.',
  VERSION_CONFLICT: 'Somebody else wrote at the same moment, repeatedly: try again.',
  STORAGE_UNAVAILABLE: 'The storage failed; its error is the `cause`. Try again when it is back.',
  SCHEMA_TOO_NEW: 'Run a version of Tocsin at least as new as the one that migrated this database.',
  SCHEMA_OUTDATED: 'Run the migrations that `postgresMigrations()` prints, or let `start()` run them.',
  NOTIFY_FAILED: 'The notifier failed; its error is the `cause`. The delivery is tried again.',
  UNBOUNDED:
    'Something has no end within its bound: do what the message says; where it says nothing to do, it is a defect worth reporting with its `details`.',
  NOT_AUTHORIZED: 'The `authorize` function given to `createTocsin` refused this action.',
  STOPPED: 'This instance was stopped; create another one.',
  ACTION_REFUSED:
    'Use the latest message: `details.why` says whether the answer was forged, expired, used, or of nobody who is known here.',
  UPDATE_NEEDS_APPROVAL:
    'Draft the update with `draftUpdate` and let somebody else approve it; `details.why` says what stood in the way.',
  AUDIENCE_REFUSED: 'Say it to people inside: the public hears nothing of what is private, a test or a drill.',
  SUBSCRIBER_NOT_FOUND: 'Use an id that `subscribers.list()` answers.',
  REVIEW_INCOMPLETE: 'Write the sections named in `details.missing` with `reviews.edit`, then call again.',
  REVIEW_NEEDS_APPROVAL:
    'Hand the review in with `reviews.submit` and let somebody publish it who did not write it; `details.why` says what stood in the way.',
  ACTION_ITEM_NOT_FOUND: 'Use an id that `reviews.actionItems.list()` answers.',
};

/** Every code Tocsin can throw, whether trying again can help, and what to do about it. */
export const ERRORS = Object.fromEntries(
  ERROR_CODES.map((code) => [code, { retryable: isRetryable(code), help: HELP[code] }]),
) as { readonly [code in ErrorCode]: { readonly retryable: boolean; readonly help: string } };
