/**
 * Action item numbers: whether what was decided in reviews gets done.
 *
 * Pure. What was dropped was neither done in time nor late.
 */
import type { StoredActionItem } from '../../model/action-item.ts';
import type { ActionItemNumbers } from '../../model/measurement.ts';

/** The numbers of the action items of a window, as they stand at the moment `now` (epoch ms). */
export function actionItemNumbers(
  items: Iterable<StoredActionItem>,
  { now }: { readonly now: number },
): ActionItemNumbers {
  const counts: Record<Fate, number> = { inTime: 0, late: 0, withoutDue: 0, dropped: 0, overdue: 0, waiting: 0 };
  let created = 0;
  let ownedByNobody = 0;
  for (const item of items) {
    const fate = fateOf(item, now);
    created += 1;
    counts[fate] += 1;
    if ((fate === 'overdue' || fate === 'waiting') && item.owner === undefined) ownedByNobody += 1;
  }
  const judged = counts.inTime + counts.late + counts.overdue;
  return {
    created,
    closedInTime: counts.inTime,
    closedLate: counts.late,
    closedWithoutDue: counts.withoutDue,
    dropped: counts.dropped,
    open: counts.waiting + counts.overdue,
    overdue: counts.overdue,
    ownedByNobody,
    ...(judged > 0 && { inTimeShare: counts.inTime / judged }),
  };
}

type Fate = 'inTime' | 'late' | 'withoutDue' | 'dropped' | 'overdue' | 'waiting';

function fateOf({ status, dueAt, closedAt }: StoredActionItem, now: number): Fate {
  if (status === 'dropped') return 'dropped';
  if (status === 'done') {
    if (dueAt === undefined) return 'withoutDue';
    return (closedAt ?? now) <= dueAt ? 'inTime' : 'late';
  }
  return dueAt !== undefined && dueAt <= now ? 'overdue' : 'waiting';
}
