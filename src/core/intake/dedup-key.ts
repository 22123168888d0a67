/**
 * Dedup keys: by what two events are known to speak of the same problem.
 *
 * Pure. Keys only meet within one route key; nothing here knows which keys are open.
 */
import type { Fact, FieldReader } from '../rules/field.ts';
import type { CleanEvent } from './clean-event.ts';
import { eventFact } from './event-fact.ts';

/** A key and where it comes from. */
export type DedupKey = { readonly key: string; readonly from: 'event' | 'fields' | 'title' };

const MAX_KEY = 1_024;

/**
 * The key of `event`: its own; else the values of the route's `dedupFields` as a JSON list (unless all of them are missing); else its
 * source and title as a JSON list. At most 1,024 characters: a longer one keeps its beginning and ends in a fingerprint.
 */
export function dedupKeyOf(
  event: CleanEvent,
  route: { readonly dedupFields?: readonly FieldReader[] | undefined },
): DedupKey {
  if (event.dedupKey !== undefined) return { key: event.dedupKey, from: 'event' };
  const values = valuesOf(eventFact(event), route.dedupFields ?? []);
  if (values.some((value) => value !== undefined)) return { key: bounded(values), from: 'fields' };
  return { key: bounded([event.source, event.title]), from: 'title' };
}

function valuesOf(fact: Fact, fields: readonly FieldReader[]): readonly unknown[] {
  return fields.map((read) => read(fact));
}

// A list in JSON is unambiguous: ['a', 'bc'] and ['ab', 'c'] differ. What is missing is null in it.
function bounded(values: readonly unknown[]): string {
  const key = JSON.stringify(values);
  if (key.length <= MAX_KEY) return key;
  const mark = `#${fingerprint(key, 1)}${fingerprint(key, 2)}`;
  // Half of a surrogate pair is no text for a database.
  return key.slice(0, MAX_KEY - mark.length).replace(/\p{Surrogate}$/u, '') + mark;
}

// cyrb53 by bryc (public domain): 53 bits of a text for each seed. It tells texts apart; it keeps nothing secret.
function fingerprint(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}
