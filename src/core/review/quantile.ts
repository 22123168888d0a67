/**
 * Quantiles: the value below which a given share of many values lies.
 *
 * By linear interpolation between the closest ranks: type 7 of Hyndman and Fan, which R, NumPy and spreadsheets take. It never
 * sorts; an empty sample has no quantile.
 *
 * @see Hyndman, R. J. and Fan, Y. (1996), Sample Quantiles in Statistical Packages, The American Statistician 50(4)
 */

/** The quantile `share` (from 0 to 1) of values in ascending order. */
export function quantileOf(sorted: Float64Array, share: number): number | undefined {
  const rank = (sorted.length - 1) * share;
  const below = Math.floor(rank);
  const lower = sorted[below];
  if (lower === undefined) return undefined;
  const upper = sorted[below + 1] ?? lower;
  return lower + (rank - below) * (upper - lower);
}
