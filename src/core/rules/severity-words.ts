/**
 * Severity words: what monitoring tools call a severity, and how far from the top of a host's levels that is.
 *
 * The table only. A host's own level id always goes before it (see severity.ts).
 */

const FIRST = ['critical', 'fatal', 'emergency', 'disaster', 'page', 'p1', 'sev1', 'sev0'];
const SECOND = ['error', 'high', 'major', 'p2', 'sev2'];
const THIRD = ['warning', 'warn', 'medium', 'average', 'minor', 'p3', 'sev3'];
const LAST = ['info', 'informational', 'notice', 'low', 'none', 'ok', 'p4', 'p5', 'sev4', 'sev5', 'debug'];

const POSITIONS: ReadonlyMap<string, number> = new Map([
  ...FIRST.map((word) => [word, 0] as const),
  ...SECOND.map((word) => [word, 1] as const),
  ...THIRD.map((word) => [word, 2] as const),
  ...LAST.map((word) => [word, Number.POSITIVE_INFINITY] as const),
]);

/** The position among `count` levels (0 is the most severe) that `word` stands for, or `undefined`. Case does not matter. */
export function positionOfWord(word: string, count: number): number | undefined {
  const position = POSITIONS.get(word.toLowerCase());
  return position === undefined ? undefined : Math.min(position, count - 1);
}
