/**
 * Patterns: the regular expressions of users, in RE2, which takes time linear in the text.
 *
 * JavaScript's own RegExp is never given a user's pattern.
 */
import { RE2JS } from 're2js';
import { quote, ruleInvalid } from './rule-invalid.ts';

/** A compiled pattern. */
export type Pattern = { readonly found: (text: string) => boolean; readonly whole: (text: string) => boolean };

const MAX_LENGTH = 4_096;
// Linear still means pattern times text: `(.?){999}{9}` is short to write and long to run.
const MAX_PROGRAM = 5_000;

/**
 * Compiles `pattern`; `found` looks for it anywhere in a text, `whole` wants the text to be it.
 *
 * @throws TocsinError RULE_INVALID when it is no text, too long, too large once repetitions are written out, or no RE2.
 */
export function compilePattern(pattern: unknown, path: string): Pattern {
  if (typeof pattern !== 'string')
    throw ruleInvalid(path, `found ${quote(pattern)}`, 'Give a regular expression as text.');
  if (pattern.length > MAX_LENGTH) {
    throw ruleInvalid(path, `the pattern has ${pattern.length} characters`, `Use at most ${MAX_LENGTH}.`);
  }
  const compiled = compile(pattern, path);
  const size = compiled.programSize();
  if (size > MAX_PROGRAM) {
    const problem = `the pattern ${quote(pattern)} becomes ${size} instructions`;
    throw ruleInvalid(path, problem, `Use fewer repetitions; at most ${MAX_PROGRAM} instructions are run.`);
  }
  return { found: (text) => compiled.test(text), whole: (text) => compiled.testExact(text) };
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
