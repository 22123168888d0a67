/** What a refused rule says: its code, its path and the whole message. */
import { isTocsinError } from '../../../src/errors.ts';

export function refusal(attempt: () => unknown): {
  readonly code: string;
  readonly path: unknown;
  readonly message: string;
} {
  try {
    attempt();
  } catch (error) {
    if (isTocsinError(error)) return { code: error.code, path: error.details.path, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}
