/** The Tocsin error that `act` throws, as plain data; never swallows an act that succeeds. */
import { isTocsinError } from '../../../src/errors.ts';

export function caught(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (!isTocsinError(error)) throw error;
    return { code: error.code, message: error.message, details: error.details };
  }
  throw new Error('expected an error, but nothing was thrown');
}
