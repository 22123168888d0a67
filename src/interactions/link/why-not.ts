/**
 * Why not: what whoever opened a link is told when nothing was done, and the status that says the same to programs.
 *
 * Pure. It repeats nothing of the link or the error, and never throws, whatever was thrown.
 */
import { isTocsinError } from '../../errors.ts';
import { isOver } from './incident-facts.ts';
import type { LinkTexts } from './words.ts';

/** The texts of each reason are named after it. */
export type WhyNot = {
  [Name in keyof LinkTexts]: Name extends `${infer Reason}Title` ? (Reason extends 'private' ? never : Reason) : never;
}[keyof LinkTexts];

type Told = { readonly why: WhyNot; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** How soon it is worth trying again. */
const RETRY_SECONDS = '5';

const ANSWERS: Readonly<Record<string, Told>> = {
  malformed: { why: 'malformed', status: 404 },
  forged: { why: 'forged', status: 403 },
  expired: { why: 'expired', status: 410 },
  used: { why: 'used', status: 409 },
  foreign: { why: 'foreign', status: 404 },
  'unknown-person': { why: 'unknownPerson', status: 403 },
  'nothing-open': { why: 'movedOn', status: 409 },
  ambiguous: { why: 'movedOn', status: 409 },
};

const REQUESTS: Readonly<Record<string, Told>> = {
  'not-found': { why: 'malformed', status: 404 },
  malformed: { why: 'request', status: 400 },
  'too-large': { why: 'request', status: 413 },
  'wrong-type': { why: 'request', status: 415 },
  'wrong-method': { why: 'request', status: 405 },
  duplicate: { why: 'request', status: 400 },
  unconfirmed: { why: 'request', status: 400 },
};

const FAILED: Told = { why: 'failed', status: 500 };

/** What is told of a refused request, or of what `peek` or `redeem` threw. */
export function whyNot(problem: unknown): Told {
  if (isTocsinError(problem)) return ofError(problem);
  const code = fieldOf(problem, 'code');
  const told = fieldOf(problem, 'ok') === false ? ownOf(REQUESTS, code) : undefined;
  const allow = fieldOf(problem, 'allow');
  return told?.status === 405 && typeof allow === 'string' ? { ...told, headers: { allow } } : (told ?? FAILED);
}

function ofError(error: { readonly code: string; readonly retryable: boolean; readonly details?: unknown }): Told {
  if (error.retryable) return { why: 'unavailable', status: 503, headers: { 'retry-after': RETRY_SECONDS } };
  switch (error.code) {
    case 'ACTION_REFUSED':
      return ownOf(ANSWERS, fieldOf(error.details, 'why')) ?? FAILED;
    case 'INVALID_TRANSITION':
      return { why: isOver(fieldOf(fieldOf(error.details, 'state'), 'phase')) ? 'over' : 'movedOn', status: 409 };
    case 'INCIDENT_NOT_FOUND':
      return { why: 'gone', status: 404 };
    case 'NOT_AUTHORIZED':
      return { why: 'notAllowed', status: 403 };
    default:
      return FAILED;
  }
}

function ownOf(told: Readonly<Record<string, Told>>, name: unknown): Told | undefined {
  return typeof name === 'string' && Object.hasOwn(told, name) ? told[name] : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
