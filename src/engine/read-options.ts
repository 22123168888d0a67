/**
 * Read options: who reads.
 */

/** Who reads: what is private and not theirs is for them as if it were not there. Without it nothing is left out. */
export type ReadOptions = { readonly as?: string };
