/**
 * Patterns: the regular expressions of users, in RE2, which takes time linear in the text.
 *
 * JavaScript's own RegExp is never given a user's pattern.
 */
import { RE2JS } from 're2js';
import { neededBy, type Outline } from './outline.ts';
import { readOutline } from './read-outline.ts';
import { quote, ruleInvalid } from './rule-invalid.ts';
import type { Want } from './want.ts';

/** Whether a pattern is found anywhere in a text, or has to be the whole of it. */
export type PatternMode = 'found' | 'whole';

/** A compiled pattern. */
export type Pattern = {
  readonly test: (text: string) => boolean;
  /** How many characters of a text it looks at, from the start. */
  readonly reach: number;
  /** What a text must have for it to match; each by itself. */
  readonly wants: readonly Want[];
};

const MAX_LENGTH = 4_096;
// Linear still means pattern times text: `(.?){999}{9}` is short to write and long to run.
const MAX_PROGRAM = 1_000;
const MAX_STEPS = 400_000;
const REACH = { least: 1_024, most: 16_384 };

/**
 * Compiles `pattern`: `found` looks for it anywhere in a text, `whole` wants the text to be it.
 *
 * A pattern that is a text, or one of several, looks at the whole of any text. Others look at its first 16,384 characters, those of more
 * than 24 instructions at fewer, yet never at fewer than 1,024: no text takes longer than some milliseconds.
 *
 * @throws TocsinError RULE_INVALID when it is no text, too long, too large once repetitions are written out, or no RE2.
 */
export function compilePattern(pattern: unknown, mode: PatternMode, path: string): Pattern {
  if (typeof pattern !== 'string')
    throw ruleInvalid(path, `found ${quote(pattern)}`, 'Give a regular expression as text.');
  if (pattern.length > MAX_LENGTH) {
    throw ruleInvalid(path, `the pattern has ${pattern.length} characters`, `Use at most ${MAX_LENGTH}.`);
  }
  const compiled = compile(pattern, path);
  const size = compiled.programSize();
  const outline = outlineOf(pattern, mode);
  const plain = plainTest(outline);
  if (plain) return { test: plain, reach: Number.POSITIVE_INFINITY, wants: wantsOf(outline) };
  if (size > MAX_PROGRAM) {
    const problem = `the pattern ${quote(pattern)} becomes ${size} instructions`;
    const advice = `Use fewer repetitions, or several patterns in { any: [...] }; at most ${MAX_PROGRAM} instructions are run.`;
    throw ruleInvalid(path, problem, advice);
  }
  const reach = Math.min(REACH.most, Math.max(REACH.least, Math.floor(MAX_STEPS / size)));
  const test = mode === 'whole' ? (text: string) => compiled.testExact(text) : (text: string) => compiled.test(text);
  return {
    test: (text) => test(text.length > reach ? text.slice(0, reach) : text),
    reach,
    wants: [...wantsOf(outline), ...together(pattern, mode, size)],
  };
}

function compile(pattern: string, path: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown reason';
    const advice = 'Write it in RE2 syntax, which has no lookaround and no backreferences.';
    throw ruleInvalid(path, `RE2 refuses the pattern ${quote(pattern)} (${reason})`, advice, cause);
  }
}

function outlineOf(pattern: string, mode: PatternMode): Outline {
  const outline = readOutline(pattern);
  return mode === 'whole' ? { ...outline, startsAnchored: true, endsAnchored: true } : outline;
}

/** The test of a pattern that stands for texts and nothing more. */
function plainTest(outline: Outline): ((text: string) => boolean) | undefined {
  const { exact, isFolded, isLoose, startsAnchored, endsAnchored } = outline;
  if (exact === undefined || isFolded || isLoose) return undefined;
  if (startsAnchored && endsAnchored) {
    const texts = new Set(exact);
    return (text) => texts.has(text);
  }
  if (startsAnchored) return (text) => exact.some((part) => text.startsWith(part));
  if (endsAnchored) return (text) => exact.some((part) => text.endsWith(part));
  return (text) => exact.some((part) => text.includes(part));
}

function wantsOf(outline: Outline): readonly Want[] {
  const { exact, starts, isFolded, isLoose, startsAnchored, endsAnchored } = outline;
  const wants: Want[] = [];
  if (exact && !isFolded && startsAnchored && endsAnchored)
    wants.push({ kind: 'value', values: exact, ...(!isLoose && { isEnough: true }) });
  if (startsAnchored && starts.every((text) => text !== '')) wants.push({ kind: 'start', texts: starts });
  const needed = neededBy(outline);
  if (needed) wants.push({ kind: 'part', texts: needed });
  return wants;
}

/** What it is among the other patterns of its field; nothing when it cannot be put in parentheses as it is. */
function together(pattern: string, mode: PatternMode, size: number): readonly Want[] {
  if (pattern.includes('\\Q')) return [];
  return [{ kind: 'pattern', pattern: mode === 'whole' ? `\\A(?:${pattern})\\z` : pattern, size }];
}
