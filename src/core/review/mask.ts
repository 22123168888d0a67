/**
 * Masks: words of a text replaced by others, wherever they stand as whole words.
 *
 * Pure, and one pass: what was put in is never replaced again. It knows scripts, and no language: a name that is a word of
 * the language as well is replaced wherever that word stands.
 */

/** A word, or several, and what stands in its place. */
export type MaskedTerm = { readonly term: string; readonly by: string };

/** Puts what is to stand there in the place of terms. */
export type Mask = (text: string) => string;

/** What goes on in a word: before and after a term there is none of it. */
const WORD = '\\p{L}\\p{M}\\p{N}_';
/** Scripts that are written without spaces: there a term ends wherever it ends. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const IN_WORD = new RegExp(`[${WORD}]`, 'u');
const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;
const TOKEN = new RegExp(`[${WORD}]+`, 'gu');
/** Most texts have no others, and these are found ten times as fast. */
const ASCII = /^[\0-\x7f]*$/;
const ASCII_TOKEN = /[a-z0-9_]+/g;
const NOTHING: Mask = (text) => text;

/**
 * A mask of `terms`: case is ignored, white space in a term is any, accents may be written in either way, and of terms that
 * begin alike the longest is taken. Of equal terms with different words for them the first counts.
 */
export function maskOf(terms: readonly MaskedTerm[]): Mask {
  const instead = new Map<string, string>();
  const forms = new Set<string>();
  for (const { term, by } of terms) {
    const key = folded(term);
    if (key === '') continue;
    if (!instead.has(key)) instead.set(key, by);
    // As it is written, and as it is folded: of the flag `i` 'ß' is no 'SS'.
    for (const form of [spaced(term), key]) forms.add(form).add(form.normalize('NFC')).add(form.normalize('NFD'));
  }
  if (instead.size === 0) return NOTHING;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp(patternOf(longestFirst), 'giu');
  return (text) => text.replace(pattern, (found) => instead.get(folded(found)) ?? found);
}

/**
 * A mask of `terms` and of `others`, of which there may be thousands: of these a text is only asked for those of which it has
 * the first word. Of equal terms one of `terms` counts.
 */
export function maskAmong(terms: readonly MaskedTerm[], others: readonly MaskedTerm[]): Mask {
  const byToken = Map.groupBy(others, ({ term }) => firstTokenOf(term));
  const always = [...terms, ...(byToken.get('') ?? [])];
  byToken.delete('');
  const masks = new Map<string, Mask>();
  return (text) => {
    const found = byToken.size === 0 ? [] : tokensOf(text).filter((token) => byToken.has(token));
    const key = found.join(' ');
    const mask = masks.get(key) ?? maskOf([...always, ...found.flatMap((token) => byToken.get(token) ?? [])]);
    masks.set(key, mask);
    return mask(text);
  };
}

/** The first word of a term; '' when it may begin in the middle of one. */
function firstTokenOf(term: string): string {
  return UNSPACED.test(term) ? '' : (tokensOf(term)[0] ?? '');
}

/** The words of a text as they are folded, each once. */
function tokensOf(text: string): readonly string[] {
  if (ASCII.test(text)) return [...new Set(text.toLowerCase().match(ASCII_TOKEN))];
  return [...new Set((text.match(TOKEN) ?? []).map(folded))];
}

/** Equal for what is the same to a reader. */
function folded(text: string): string {
  return spaced(text.normalize('NFC').toUpperCase().toLowerCase());
}

function spaced(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** What ends alike shares its ends: they are what takes time to compile. */
function patternOf(terms: readonly string[]): string {
  const runs: { readonly before: string; readonly after: string; readonly terms: string[] }[] = [];
  for (const term of terms) {
    const { before, after } = endsOf(term);
    const literal = term.replace(SYNTAX, '\\$&').replace(/ /g, '\\s+');
    const run = runs.at(-1);
    if (run !== undefined && run.before === before && run.after === after) run.terms.push(literal);
    else runs.push({ before, after, terms: [literal] });
  }
  return runs.map((run) => `${run.before}(?:${run.terms.join('|')})${run.after}`).join('|');
}

function endsOf(term: string): { readonly before: string; readonly after: string } {
  const characters = [...term];
  const isClosed = (character: string | undefined) =>
    character !== undefined && IN_WORD.test(character) && !UNSPACED.test(character);
  return {
    before: isClosed(characters[0]) ? `(?<![${WORD}])` : '',
    after: isClosed(characters.at(-1)) ? `(?![${WORD}])` : '',
  };
}
