/**
 * Folded codes: one code for the two cases of an ASCII letter, as RE2 takes them for one.
 *
 * Beyond ASCII it folds only the two characters that Unicode folds onto ASCII letters.
 */

const NEAR = 128;
const KELVIN_SIGN = 0x212a;
const LONG_S = 0x17f;
const FOLDED = Uint8Array.from({ length: NEAR }, (_, code) => (code >= 65 && code <= 90 ? code + 32 : code));

/** The code unit of `text` at `at`, capital letters as small ones. */
export function foldedCodeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < NEAR) return FOLDED[code] ?? code;
  return code === KELVIN_SIGN ? 107 : code === LONG_S ? 115 : code;
}

/** The folded codes of the first characters of `text`, at most `most`. */
export function foldedCodes(text: string, most: number): readonly number[] {
  return Array.from({ length: Math.min(most, text.length) }, (_, at) => foldedCodeAt(text, at));
}
