/**
 * Worlds in which messages can be answered: their secrets, the tokens that were sent, and why an answer is refused.
 */
import type { Message } from '../../src/index.ts';
import { mintActionToken } from '../../src/interactions/action-token.ts';
import type { AnswerRefusal, TokenAction } from '../../src/model/action.ts';
import { DAY, opened, refusal, T0, trigger, type World, type WorldOptions, world } from './world.ts';

export const SECRET = 'only this test knows the first secret';
export const BASE_URL = 'https://ops.example.com/tocsin';

/** A world with secrets and a place for links. */
export function answering(options: WorldOptions = {}): World {
  return world({ secrets: [SECRET], baseUrl: BASE_URL, ...options });
}

/** An incident whose first page was sent, and the message. */
export async function paged(w: World, key = 'disk'): Promise<{ readonly id: string; readonly message: Message }> {
  const id = await opened(w.tocsin, trigger(key));
  await w.tocsin.tick();
  const sent = w.sms.sent.find(({ message }) => message.incidentId === id);
  if (sent === undefined) throw new Error(`nothing was sent of ${id}`);
  return { id, message: sent.message };
}

/** The token of an action of a message. */
export function tokenOf({ actions }: Pick<Message, 'actions'>, action: TokenAction = 'acknowledge'): string {
  const token = actions.find(({ id }) => id === action)?.token;
  if (token === undefined) throw new Error(`the message offers no ${action}`);
  return token;
}

/** A token that no message offers, signed all the same. */
export function minted(
  incident: string,
  action: TokenAction,
  more: { readonly user?: string } = { user: 'ana' },
): string {
  const claims = { id: `own:${action}`, tenant: 'default', incident, action, ...more, expiresAt: T0 + DAY };
  return mintActionToken(claims, [SECRET]);
}

/** Why an answer was refused. */
export async function whyOf(work: () => Promise<unknown>): Promise<AnswerRefusal> {
  const { details } = await refusal(work, 'ACTION_REFUSED');
  return details.why as AnswerRefusal;
}
