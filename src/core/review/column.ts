/**
 * Columns: long lists of numbers that grow, a few bytes each, where objects would take a hundred; and codes for texts in them.
 *
 * They only grow, and hold nothing but numbers.
 */

/** A list of numbers that grows. */
export type Column = {
  push(value: number): void;
  /** What was pushed, in a view that the next push may make stale. */
  values(): Float64Array | Uint32Array;
};

/** An empty column of any numbers. */
export function column(): Column {
  return columnOf((length) => new Float64Array(length));
}

/** An empty column of whole numbers from 0 on, below four thousand million. */
export function wholeColumn(): Column {
  return columnOf((length) => new Uint32Array(length));
}

/** Texts and their codes, counted from 1 in the order in which they came; 0 stands for none. */
export type Codes = {
  readonly texts: readonly string[];
  codeOf(text: string | undefined): number;
};

/** An empty list of codes. */
export function codes(): Codes {
  const known = new Map<string, number>();
  const texts: string[] = [];
  return {
    texts,
    codeOf(text) {
      if (text === undefined || text === '') return 0;
      const found = known.get(text);
      if (found !== undefined) return found;
      const code = texts.push(text);
      known.set(text, code);
      return code;
    },
  };
}

const FIRST_LENGTH = 16;

function columnOf(make: (length: number) => Float64Array | Uint32Array): Column {
  let room = make(FIRST_LENGTH);
  let length = 0;
  return {
    push(value) {
      if (length === room.length) {
        const larger = make(length * 2);
        larger.set(room);
        room = larger;
      }
      room[length] = value;
      length += 1;
    },
    values: () => room.subarray(0, length),
  };
}
