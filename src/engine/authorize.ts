/**
 * Authorization: asks the host before anything is done.
 *
 * Whoever cannot be asked lets nobody in.
 */
import { TocsinError } from '../errors.ts';
import { type Actor, actorName } from '../model/identity.ts';
import type { Authorize, Engine } from './engine.ts';

/**
 * Resolves when `by` may do `action`.
 *
 * @throws TocsinError NOT_AUTHORIZED when the host refuses, or cannot be asked; then its error is the `cause`.
 */
export async function authorize(
  engine: Engine,
  by: Actor,
  action: string,
  resource: Parameters<Authorize>[2],
): Promise<void> {
  if (engine.authorize === undefined) return;
  const who = actorName(by);
  const details = { by, action, ...resource };
  let isAllowed: boolean;
  try {
    isAllowed = await engine.authorize(by, action, resource);
  } catch (cause) {
    const message = `Cannot ${action}: whether ${who} may do that could not be found out; \`authorize\` failed.`;
    throw new TocsinError('NOT_AUTHORIZED', message, { details, cause });
  }
  if (isAllowed) return;
  throw new TocsinError('NOT_AUTHORIZED', `Cannot ${action}: ${who} may not do that here.`, { details });
}
