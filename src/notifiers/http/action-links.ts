/**
 * Action links: actions as what can be followed, for channels on which nothing can be pressed.
 *
 * Pure. It looks at no address: whoever shows one leaves out what cannot be followed.
 */
import type { MessageAction, MessageLink } from '../../model/message.ts';

/** Each of `actions` as a link to its page, under its label; without a page, as a link that leads nowhere. */
export function actionLinks(actions: readonly MessageAction[]): readonly MessageLink[] {
  return actions.map(({ url = '', label }) => ({ href: url, text: label }));
}
