/**
 * Captures: the parts of a text that a pattern of a user names, in RE2.
 *
 * Unlike a test, a capture walks the text with every state of the pattern, so both are kept small here; it never looks at
 * more than the first 8,192 characters.
 */
import { RE2JS } from 're2js';
import { quote, ruleInvalid } from '../rules/rule-invalid.ts';

/** What was found: by the name of a group, and by its number from 1; `0` is all of it. */
export type Captured = ReadonlyMap<string, string>;

const MOST_INSTRUCTIONS = 500;
const MOST_CHARACTERS = 8_192;

/**
 * A function that finds the first match of `pattern` in a text; it answers `undefined` when there is none.
 *
 * @throws TocsinError RULE_INVALID when RE2 refuses the pattern, or it is too large once repetitions are written out.
 */
export function compileCapture(pattern: string, path: string): (text: string) => Captured | undefined {
  const compiled = compile(pattern, path);
  if (compiled.programSize() > MOST_INSTRUCTIONS) {
    const problem = `the pattern ${quote(pattern)} becomes ${compiled.programSize()} instructions`;
    throw ruleInvalid(path, problem, `Use fewer repetitions; at most ${MOST_INSTRUCTIONS} can be captured with.`);
  }
  const names = Object.entries(compiled.namedGroups()).map(([name, place]) => [name, Number(place)] as const);
  return (text) => {
    const matcher = compiled.matcher(text.slice(0, MOST_CHARACTERS));
    if (!matcher.find()) return undefined;
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, place) => [String(place), place] as const);
    return new Map(
      [...groups, ...names].flatMap(([name, place]) => {
        const found = matcher.group(place);
        return typeof found === 'string' ? [[name, found] as const] : [];
      }),
    );
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
