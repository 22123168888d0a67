/**
 * What is stored of a schedule, as hosts see it: with dates, and with why a change does not count.
 *
 * It looks at what was read and reads nothing.
 */
import { TocsinError } from '../errors.ts';
import { dated } from '../model/dated.ts';
import type { CurrentSchedule, Decidable } from './current-config.ts';
import type { OverrideRow, SwapRow } from './on-call-document.ts';
import type { StoredOverride, StoredSwap } from './tocsin.ts';

/** An override as hosts see it; `why` it does not count, if so. */
export function overrideView(schedule: string, row: OverrideRow, why?: string): StoredOverride {
  const { id, kind, user, replaces } = row;
  return { id, schedule, kind, user, ...(replaces !== undefined && { replaces }), ...commonView(row, why) };
}

/** A swap as hosts see it; `why` it does not count, if so. */
export function swapView(schedule: string, row: SwapRow, why?: string): StoredSwap {
  return { id: row.id, schedule, give: row.give, take: row.take, ...commonView(row, why) };
}

/**
 * The schedule of that id, with everything that is stored about it.
 *
 * @throws TocsinError SCHEDULE_NOT_FOUND when the configuration has none.
 */
export function currentSchedule({ onCall }: Decidable, id: string, doing: string): CurrentSchedule {
  const found = onCall.schedules.get(id);
  if (found !== undefined) return found;
  const known = [...onCall.schedules.keys()];
  const some = known.slice(0, 8).join(', ') || 'none';
  throw new TocsinError(
    'SCHEDULE_NOT_FOUND',
    `Cannot ${doing} schedule ${String(id).slice(0, 200)}: there is none of that id. Known: ${some}.`,
    { details: { schedule: id } },
  );
}

function commonView(row: OverrideRow | SwapRow, why: string | undefined) {
  const { fromAt: from, untilAt: until, layer, createdAt, createdBy, cancelledAt, cancelledBy } = row;
  return {
    ...dated({ from, until, createdAt }, ['from', 'until', 'createdAt']),
    createdBy,
    ...(layer !== undefined && { layer }),
    ...(cancelledAt !== undefined && { cancelledAt: new Date(cancelledAt) }),
    ...(cancelledBy !== undefined && { cancelledBy }),
    isApplied: why === undefined,
    ...(why !== undefined && { why }),
  };
}
