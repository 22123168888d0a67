/**
 * The bounds of a status record: so much is kept of an incident that goes on and on.
 *
 * Pure. The oldest goes first, the newest always stays, and the record says that it is cut.
 */
import type { StatusRecord } from './stored-record.ts';

/** UTF-16 code units of a title and of one text. */
export const MOST_TITLE = 1_024;
export const MOST_TEXT = 65_536;

const MOST_PHASES = 1_000;
const MOST_SPANS = 1_000;
const MOST_UPDATES = 500;
/** Components named by all spans together. */
const MOST_IMPACTS = 20_000;
/** UTF-16 code units of all updates together, what they name included. */
const MOST_WRITTEN = 1_000_000;
const NAME_SIZE = 50;

/** The record with its oldest parts let go where there are too many, and its fields in the order in which they are stored. */
export function boundedRecord(record: StatusRecord): StatusRecord {
  const phases = newest(record.phases, { most: MOST_PHASES, total: MOST_PHASES, sizeOf: () => 1 });
  const spans = newest(record.spans, {
    most: MOST_SPANS,
    total: MOST_IMPACTS,
    sizeOf: ({ impacts }) => sizeOf(impacts),
  });
  const updates = newest(record.updates, {
    most: MOST_UPDATES,
    total: MOST_WRITTEN,
    sizeOf: ({ text, components = {} }) => text.length + NAME_SIZE * sizeOf(components),
  });
  const isCut = phases !== record.phases || spans !== record.spans || updates !== record.updates || record.isCut;
  const { incidentId, seq, kind, visibility, service, severity, openedAt, title, publicTitle, impactStartedAt } =
    record;
  const { byHand, firstPublicAt, outcome, endedAt, mergedInto, expiresAt } = record;
  return {
    ...{ incidentId, seq, kind, visibility, service, severity, openedAt, title },
    ...(publicTitle !== undefined && { publicTitle }),
    ...(impactStartedAt !== undefined && { impactStartedAt }),
    ...{ phases, spans, updates, byHand },
    ...(firstPublicAt !== undefined && { firstPublicAt }),
    outcome,
    ...(endedAt !== undefined && { endedAt }),
    ...(mergedInto !== undefined && { mergedInto }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(isCut && { isCut }),
  };
}

type Bounds<T> = { readonly most: number; readonly total: number; readonly sizeOf: (item: T) => number };

/** The last of `items` that stay within the bounds, the very last in any case; `items` itself when all do. */
function newest<T>(items: T[], { most, total, sizeOf: size }: Bounds<T>): T[] {
  let left = total;
  let from = items.length;
  while (from > 0 && items.length - from < most) {
    const item = items[from - 1];
    left -= item === undefined ? 0 : size(item);
    if (left < 0 && from < items.length) break;
    from -= 1;
  }
  return from === 0 ? items : items.slice(from);
}

function sizeOf(impacts: object): number {
  return Object.keys(impacts).length;
}
