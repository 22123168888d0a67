/**
 * Issue tracker configuration: refuses one that names a tracker which nobody has handed over.
 *
 * It would be found out when nothing that was decided is in the tracker.
 */
import { TocsinError } from '../errors.ts';
import type { Config } from '../model/config.ts';
import type { IssueTracker } from '../ports/issue-tracker.ts';

/** @throws TocsinError CONFIG_INVALID with `details.problems`. */
export function refuseUnknownTracker({ reviews }: Config, known: ReadonlyMap<string, IssueTracker>): void {
  const { tracker } = reviews.actionItems;
  if (tracker === undefined || known.has(tracker)) return;
  const names = [...known.keys()].join(', ') || 'none';
  const path = 'reviews.actionItems.tracker';
  const message = `there is no issue tracker ${tracker}`;
  const hint = `Hand it to createTocsin({ issueTrackers }). Known: ${names}.`;
  throw new TocsinError(
    'CONFIG_INVALID',
    `Cannot use this configuration: it names an issue tracker that nobody has handed over.\n  ${path}: ${message}. ${hint}`,
    { details: { problems: [{ path, message, hint }] } },
  );
}
