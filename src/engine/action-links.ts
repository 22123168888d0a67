/**
 * Action links: gives what can be answered to a message its signed token, and the link that shows it.
 *
 * It never performs anything, and without secrets of the host it leaves a message as it is.
 */
import type { TokenAction } from '../model/action.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Message, MessageAction } from '../model/message.ts';
import type { Engine } from './engine.ts';

/** How long after its message an answer is taken. */
const ANSWERED_WITHIN_MS = 86_400_000;

/** Whom a token is for, and what it is about. */
type Bearer = { readonly incidentId: string; readonly deliveryId: string; readonly user: string | undefined };

/** `message` with a token for each of its actions, and for those of what it lists. */
export function withActionLinks(engine: Engine, { tenant, user }: StoredDelivery, message: Message): Message {
  if (engine.actionTokens === undefined) return message;
  const expiresAt = message.sentAt + ANSWERED_WITHIN_MS;
  const linked = (actions: readonly MessageAction[], incidentId: string | undefined, deliveryId: string) =>
    incidentId === undefined
      ? actions
      : actions.map((action) => linkedAction(engine, action, { tenant, incidentId, deliveryId, user, expiresAt }));
  const { bundle } = message;
  return {
    ...message,
    actions: linked(message.actions, message.incidentId, message.deliveryId),
    ...(bundle !== undefined && {
      bundle: bundle.map((item) => ({
        ...item,
        ...(item.actions !== undefined && { actions: linked(item.actions, item.incidentId, item.deliveryId) }),
      })),
    }),
  };
}

/** The link of a token. */
export function actionUrl(baseUrl: string, token: string): string {
  return `${baseUrl}/answer/${token}`;
}

function linkedAction(
  engine: Engine,
  action: MessageAction,
  bearer: Bearer & { readonly tenant: string; readonly expiresAt: number },
): MessageAction {
  const tokens = engine.actionTokens;
  if (tokens === undefined) return action;
  const { tenant, incidentId: incident, deliveryId, user, expiresAt } = bearer;
  try {
    const id = tokenId(deliveryId, incident, action.id);
    const token = tokens.mint({
      id,
      tenant,
      incident,
      action: action.id,
      ...(user !== undefined && { user }),
      expiresAt,
    });
    return { ...action, token, ...(tokens.baseUrl !== undefined && { url: actionUrl(tokens.baseUrl, token) }) };
  } catch (error) {
    // Ids that no token can hold keep no page back: it goes out without its buttons.
    engine.logger.error({ error, delivery: deliveryId }, 'A message goes out without an answer to press.');
    return action;
  }
}

/** Unique to what is answered: whoever presses twice, in two copies of one message, answers once. */
function tokenId(deliveryId: string, incident: string, action: TokenAction): string {
  const place = deliveryId.startsWith(`${incident}:`) ? deliveryId.slice(incident.length + 1) : deliveryId;
  return `${place}:${action}`;
}
