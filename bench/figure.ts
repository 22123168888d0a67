/**
 * Figures: what was measured beside what was asked for, and the one table that says so.
 *
 * It never judges anything but a number against its target.
 */

/** One row of the table. Without a target it is there to be read beside the others. */
export type Figure = {
  readonly name: string;
  readonly measured: string;
  readonly target?: string;
  readonly isMet?: boolean;
};

/** The figures as lines of text, in columns. */
export function tableOf(figures: readonly Figure[]): string {
  const head = ['figure', 'measured', 'target', 'met'];
  const body = figures.map(({ name, measured, target, isMet }) => [
    name,
    measured,
    target ?? '',
    isMet === undefined ? '' : isMet ? 'yes' : 'NO',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ');
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(head), rule, ...body.map(line)].map((text) => text.trimEnd()).join('\n');
}

/** A whole number with its thousands apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A number with one or two digits after the point. */
export function fine(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** A figure that is met from `least` upwards, such as a ratio. */
export function atLeast(
  name: string,
  value: number,
  { least, unit = '', beside }: { readonly least: number; readonly unit?: string; readonly beside: string },
): Figure {
  const text = least >= 100 ? whole(value) : fine(value);
  const asked = least >= 100 ? whole(least) : String(least);
  return { name, measured: `${text}${unit} (${beside})`, target: `>= ${asked}${unit}`, isMet: value >= least };
}

/** A figure about durations in ms, met when both percentiles stay within theirs; a missing limit is not judged. */
export function within(
  name: string,
  samples: readonly number[],
  limits: { readonly p50?: number; readonly p99: number },
): Figure {
  const [p50, p99] = [percentile(samples, 50), percentile(samples, 99)];
  const asked = limits.p50 === undefined ? `p99 <= ${limits.p99} ms` : `p50 / p99 <= ${limits.p50} / ${limits.p99} ms`;
  return {
    name,
    measured: `p50 ${fine(p50)} ms, p99 ${fine(p99)} ms, worst ${fine(Math.max(...samples))} ms (${samples.length} samples)`,
    target: asked,
    isMet: p99 <= limits.p99 && p50 <= (limits.p50 ?? Number.POSITIVE_INFINITY),
  };
}

/** The value below which so many percent of the samples are. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const index = Math.ceil((percent / 100) * sorted.length) - 1;
  return sorted[Math.max(0, index)] ?? Number.NaN;
}

/** The middle of the samples. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
