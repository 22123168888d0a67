/**
 * Matchers: the short form of conditions that Alertmanager made popular, such as `env="prod", severity=~"critical|page"`.
 *
 * This file reads the text; it never judges anything (see condition.ts).
 */
import { isReservedKey } from './field.ts';
import { readClassicMatchers } from './matcher-classic.ts';
import type { Matcher, Refused } from './matcher-text.ts';
import { readUtf8Matchers } from './matcher-utf8.ts';
import { quote, ruleInvalid } from './rule-invalid.ts';

const MAX_LENGTH = 4_096;
const ADVICE = 'Write matchers as name="value", with =, !=, =~ or !~ and commas between them.';

/**
 * Reads a list of matchers: `name="value"`, with `=`, `!=`, `=~` or `!~`, separated by commas, in braces or not.
 *
 * As in Alertmanager a text is first read the classic way, and when that fails the UTF-8 way; one text never mixes them.
 *
 * - Classic: names have only `a-z`, `A-Z`, `0-9`, `_` and `:`. A value in quotes knows the escapes `\\"`, `\\\\` and `\\n`; any other backslash stays,
 *   so that `=~"\\d+"` means what it says. A bare value goes to the comma, may be empty, and has inner spaces; the same escapes hold.
 * - UTF-8: names and values stand in quotes, or bare without white space and ``{}!=~,"'`\\``. Escapes are those of Go: `\\n`, `\\t`, `\\\\`, `\\"`,
 *   `\\xf0\\x9f\\x99\\x82`, `\\u00e9` and so on; any other backslash is refused.
 *
 * What Alertmanager takes and nobody means is refused: a brace without its other one, and bare values that start with `=`, `~`, `'` or a backtick.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#matcher
 * @throws TocsinError RULE_INVALID when the text is not of that form, naming the position.
 */
export function parseMatchers(text: string, path: string): readonly Matcher[] {
  if (text.length > MAX_LENGTH)
    throw ruleInvalid(path, `the matcher has ${text.length} characters`, `Use at most ${MAX_LENGTH}.`);
  const matchers = read(text, path);
  for (const { name } of matchers) {
    if (isReservedKey(name) || name === '')
      throw ruleInvalid(path, `${quote(name)} cannot be the name of a label`, 'Name a label of the event.');
  }
  return matchers;
}

function read(text: string, path: string): readonly Matcher[] {
  const classic = readClassicMatchers(text);
  if (!('wanted' in classic)) return classic;
  const utf8 = readUtf8Matchers(text);
  if (!('wanted' in utf8)) return utf8;
  // Whichever came further is what was meant.
  throw refusal(text, utf8.at > classic.at ? utf8 : classic, path);
}

function refusal(text: string, { at, wanted }: Refused, path: string): Error {
  const found = at < text.length ? quote(text.slice(at, at + 20)) : 'the end';
  return ruleInvalid(path, `expected ${wanted} at position ${at + 1} of ${quote(text)}, found ${found}`, ADVICE);
}
