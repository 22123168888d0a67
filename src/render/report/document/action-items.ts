/**
 * Action items: whether what was decided gets done.
 */
import type { NumbersReport } from '../../../model/measurement.ts';
import { counted, grouped, percent } from '../facts.ts';
import { countChange } from './change.ts';
import type { Block, Figure } from './document.ts';

/** What has become of the action items of the period. */
export function actionItems(
  { actionItems: found }: NumbersReport,
  previous: NumbersReport | undefined,
): readonly Block[] {
  if (found.created === 0) return [{ kind: 'text', text: 'No action item was created in this period.' }];
  const change = countChange(found.created, previous?.actionItems.created);
  const figures: readonly Figure[] = [
    { name: 'Created', value: grouped(found.created), ...(change === undefined ? {} : { change }) },
    { name: 'Closed in time', value: grouped(found.closedInTime) },
    { name: 'Closed late', value: grouped(found.closedLate) },
    { name: 'Closed without a due date', value: grouped(found.closedWithoutDue) },
    { name: 'Dropped', value: grouped(found.dropped) },
    { name: 'Open', value: grouped(found.open) },
    { name: 'Overdue', value: grouped(found.overdue) },
    { name: 'Owned by nobody', value: grouped(found.ownedByNobody) },
  ];
  const share =
    found.inTimeShare === undefined
      ? 'None of them has been due yet.'
      : `Of those that were due, ${percent(found.inTimeShare)} were closed in time.`;
  const text = `${counted(found.created, 'action item')} ${found.created === 1 ? 'was' : 'were'} created in this period. ${share}`;
  return [
    { kind: 'text', text },
    { kind: 'figures', figures },
  ];
}
