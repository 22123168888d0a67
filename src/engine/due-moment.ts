/**
 * Due moments: when something is due, as people say it: so long from now, or at a moment.
 */
import { isTocsinError } from '../errors.ts';
import { durationMs, durationSchema } from '../model/duration.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import { invalid } from './command-checks.ts';

/** Which field of which command says it, and what time it is (epoch ms). */
type Saying = { readonly command: string; readonly path: string; readonly now: number };

/**
 * Epoch ms of `due`.
 *
 * @throws TocsinError INPUT_INVALID when it is no duration and no moment.
 */
export function dueMoment(due: InstantInput, { command, path, now }: Saying): number {
  if (typeof due === 'string' && durationSchema.safeParse(due).success) return now + durationMs(due);
  try {
    return toEpochMs(due, path);
  } catch (error) {
    if (!isTocsinError(error, 'INSTANT_INVALID')) throw error;
    throw invalid(
      command,
      path,
      `${path} is no moment: give a Date, epoch ms, ISO 8601 with an offset, or a duration from now such as '14d'`,
    );
  }
}
