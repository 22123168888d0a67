/**
 * Priorities of action items: those of the configuration, or the usual three.
 *
 * Pure. It says how long something may take; it never knows when it was decided.
 */
import type { Config } from '../../model/config.ts';
import type { ActionPriority } from '../../model/review.ts';

const USUAL: readonly ActionPriority[] = [
  { id: 'high', dueWithin: '30d' },
  { id: 'medium', dueWithin: '90d' },
  { id: 'low' },
];

/** The priorities that action items have, the most urgent first. */
export function actionPriorities({ reviews }: Pick<Config, 'reviews'>): readonly ActionPriority[] {
  const { priorities } = reviews.actionItems;
  return priorities.length === 0 ? USUAL : priorities;
}
