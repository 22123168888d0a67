/**
 * Titles: the first line of a message, by what it is sent for.
 *
 * Pure. The incident's own title always stands in it, whatever a translation says.
 */
import { fillText, type LocalTexts } from './message-texts.ts';
import type { MessageTexts } from './message-words.ts';

const TITLES: { readonly [topic: string]: keyof MessageTexts } = {
  reminder: 'reminderTitle',
  monitoring: 'monitoringTitle',
  acknowledged: 'acknowledgedTitle',
  resolved: 'resolvedTitle',
  dismissed: 'dismissedTitle',
  reopened: 'reopenedTitle',
  severity: 'severityTitle',
  updateDue: 'updateDueTitle',
  reviewDue: 'reviewDueTitle',
};

/** `Resolved: Disk full` for the topic `resolved`; the title alone for a topic without words of its own. */
export function titleAbout(
  topic: string | undefined,
  { title, severity }: { readonly title: string; readonly severity: string },
  { texts }: LocalTexts,
): string {
  const name = topic !== undefined && Object.hasOwn(TITLES, topic) ? TITLES[topic] : undefined;
  const text = name === undefined ? undefined : texts[name];
  return typeof text === 'string' ? fillText(text, { title, severity }) : title;
}
