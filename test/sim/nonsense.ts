/**
 * Nonsense: what code of others rejects with, when it is no error that says what it means.
 *
 * Values only.
 */
import type { Random } from './prng.ts';

const unreadable = () => {
  throw new Error('this cannot be read');
};

const KINDS = [
  () => undefined,
  () => null,
  () => 'out of order',
  () => 42,
  () => Symbol('out of order'),
  () => ({}),
  () => Object.create(null) as unknown,
  () => new Proxy({}, { get: unreadable, has: unreadable, getPrototypeOf: unreadable }),
  () => Object.defineProperty(new Error('x'), 'message', { get: unreadable }),
  () => Object.defineProperty({}, 'permanent', { get: unreadable }),
  () => ({ permanent: 'yes', retryAfterMs: 'soon', toString: unreadable }),
  () => Object.assign(new Error(''), { cause: { cause: {} } }),
] as const;

/** Something that nobody expects. */
export function nonsense(chance: Random): unknown {
  return chance.pick(KINDS)();
}

/** What a notifier answers instead of a result. */
export function oddResult(chance: Random): unknown {
  return chance.pick<() => unknown>([
    () => null,
    () => 'ok',
    () => ({ externalId: 7 }),
    () => Object.defineProperty({}, 'externalId', { get: unreadable, enumerable: true }),
    () => Object.freeze(Object.create(null)) as unknown,
  ])();
}
