/**
 * Field values: whether what people write into a field of an incident is what the field is for.
 *
 * Pure. Nothing is guessed: a number in quotes is no number.
 */
import { isTocsinError } from '../../errors.ts';
import { type InstantInput, toEpochMs } from '../../model/instant.ts';
import type { IncidentField } from '../../model/response.ts';
import type { FieldValue } from '../../model/response-events.ts';
import { cleanText, oneLine } from '../text/clean.ts';
import { webAddress } from '../text/web-address.ts';

/** What people may hand in for a field. */
export type FieldInput = FieldValue | Date;

/** The value to keep, or what is wrong with the one that was given. */
export type CheckedField = { readonly value: FieldValue } | { readonly problem: string };

const MOST_TEXT = 16_384;
const MOST_CHOICES = 1_000;

/** Checks `given` against the field; `isUser` says whether there is such a person. */
export function checkedField(
  { type, options = [] }: IncidentField,
  given: FieldInput,
  isUser: (id: string) => boolean,
): CheckedField {
  const isChoice = (choice: unknown) => typeof choice === 'string' && options.includes(choice);
  switch (type) {
    case 'text':
      return typeof given === 'string' && given.length <= MOST_TEXT
        ? valued(cleanText(given))
        : wrong(`a text of at most ${MOST_TEXT} characters`);
    case 'number':
      return typeof given === 'number' && Number.isFinite(given) ? valued(given) : wrong('a number');
    case 'boolean':
      return typeof given === 'boolean' ? valued(given) : wrong('true or false');
    case 'date':
      return dateOf(given);
    case 'user':
      return typeof given === 'string' && isUser(given) ? valued(given) : wrong('the id of a user');
    case 'select':
      return isChoice(given) ? valued(given as string) : wrong(`one of ${options.join(', ')}`);
    case 'multiSelect': {
      const isList = Array.isArray(given) && given.length <= MOST_CHOICES && given.every(isChoice);
      return isList ? valued([...new Set(given)]) : wrong(`a list of some of ${options.join(', ')}`);
    }
    case 'url': {
      const address = typeof given === 'string' ? webAddress(oneLine(given)) : undefined;
      return address === undefined ? wrong('a web address of http or https') : valued(address);
    }
  }
}

function dateOf(given: FieldInput): CheckedField {
  const expected = 'a Date, epoch milliseconds, or ISO 8601 with an offset';
  if (typeof given === 'boolean' || Array.isArray(given)) return wrong(expected);
  try {
    return valued(toEpochMs(given as InstantInput));
  } catch (error) {
    if (isTocsinError(error, 'INSTANT_INVALID')) return wrong(expected);
    throw error;
  }
}

const valued = (value: FieldValue): CheckedField => ({ value });
const wrong = (expected: string): CheckedField => ({ problem: `must be ${expected}` });
