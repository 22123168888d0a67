/**
 * Order: the places of many whole numbers, ascending by the number.
 *
 * By their digits (radix sort): the time is that of reading the numbers a few times, and equal ones stay in their order. It never
 * touches the numbers themselves.
 */

const WORD = 2 ** 32;
const DIGITS = 2 ** 11;
/** Where the digits of a word begin, in bits. */
const SHIFTS = [0, 11, 22] as const;

/** The places of `values`, which are whole and not negative, ascending by value and then by place; NaN has no place. */
export function orderOf(values: Float64Array): Uint32Array {
  const places = placesOfNumbers(values);
  const low = byWord(
    places,
    wordsOf(values, (value) => value % WORD),
  );
  return byWord(
    low,
    wordsOf(values, (value) => value / WORD),
  );
}

function placesOfNumbers(values: Float64Array): Uint32Array {
  const places = new Uint32Array(values.length);
  let count = 0;
  for (let place = 0; place < values.length; place += 1) {
    if (Number.isNaN(values[place])) continue;
    places[count] = place;
    count += 1;
  }
  return places.subarray(0, count);
}

function wordsOf(values: Float64Array, wordOf: (value: number) => number): Uint32Array {
  const words = new Uint32Array(values.length);
  // What is no number becomes 0 here, and has no place.
  for (let place = 0; place < values.length; place += 1) words[place] = wordOf(values[place] ?? 0);
  return words;
}

function byWord(places: Uint32Array, words: Uint32Array): Uint32Array {
  let largest = 0;
  for (let index = 0; index < words.length; index += 1) largest = Math.max(largest, words[index] ?? 0);
  let sorted = places;
  for (const shift of SHIFTS) if (largest >>> shift > 0) sorted = byDigit(sorted, words, shift);
  return sorted;
}

function byDigit(places: Uint32Array, words: Uint32Array, shift: number): Uint32Array {
  const next = new Uint32Array(DIGITS + 1);
  // How many there are of each digit, one further on, so that the sums are where each digit begins.
  for (let index = 0; index < places.length; index += 1) {
    const after = (((words[places[index] ?? 0] ?? 0) >>> shift) & (DIGITS - 1)) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let digit = 1; digit <= DIGITS; digit += 1) next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0);
  const sorted = new Uint32Array(places.length);
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] ?? 0;
    const digit = ((words[place] ?? 0) >>> shift) & (DIGITS - 1);
    const at = next[digit] ?? 0;
    sorted[at] = place;
    next[digit] = at + 1;
  }
  return sorted;
}
