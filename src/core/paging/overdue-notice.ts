/**
 * Overdue notices: what whoever is to see to an action item reads when it should have been done.
 *
 * Pure. It says no more of the incident than the action item does.
 */
import type { StoredActionItem } from '../../model/action-item.ts';
import type { DeliveryContent } from '../../model/delivery.ts';
import { boundedLine, boundedText } from '../text/bounded.ts';
import { fillText, type LocalTexts } from './message-texts.ts';

/** What kind of news it is. */
export const OVERDUE = 'overdue';

/** The notice, in the words of its reader and by the clock of their zone. */
export function overdueContent(
  { id, title, body, owner, dueAt, external }: StoredActionItem,
  { local, timeZone }: { readonly local: LocalTexts; readonly timeZone: string },
): DeliveryContent {
  const { texts, locale } = local;
  const clock = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  const due = dueAt === undefined ? [] : [fillText(texts.dueSinceLine, { due: clock.format(dueAt) })];
  const text = [...due, ...(body === undefined ? [] : [body])].join('\n\n');
  const link = external?.url === undefined ? undefined : { href: external.url, text: external.tracker };
  return {
    topic: OVERDUE,
    subject: id,
    title: fillText(owner === undefined ? texts.unownedTitle : texts.overdueTitle, { title: boundedLine(title) }),
    ...(text !== '' && { body: boundedText(text) }),
    ...(link !== undefined && { links: [link] }),
  };
}
