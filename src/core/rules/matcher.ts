/**
 * Matchers: the short form of conditions that Alertmanager made popular, such as `env="prod", severity=~"critical|page"`.
 *
 * This file reads the text; it never judges anything (see condition.ts).
 */
import { isReservedKey } from './field.ts';
import { quote, ruleInvalid } from './rule-invalid.ts';

/** One comparison of a label. */
export type Matcher = { readonly name: string; readonly op: '=' | '!=' | '=~' | '!~'; readonly value: string };

type Token = { readonly text: string; readonly next: number };

const OPERATORS = ['!=', '=~', '!~', '='] as const;
const BARE = /[^\s{}!=~,"'`\\]+/y;
const SPACE = /\s*/y;
const MAX_LENGTH = 4_096;

/**
 * Reads a list of matchers: `name="value"`, with `=`, `!=`, `=~` or `!~`, separated by commas, in braces or not.
 *
 * Names and values stand in double quotes or bare; bare ones have no white space and none of ``{}!=~,"'`\``.
 * In quotes `\"`, `\\` and `\n` are escapes; any other backslash stays, so that `=~"\d+"` means what it says.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#matcher
 * @throws TocsinError RULE_INVALID when the text is not of that form, naming the position.
 */
export function parseMatchers(text: string, path: string): readonly Matcher[] {
  if (text.length > MAX_LENGTH)
    throw ruleInvalid(path, `the matcher has ${text.length} characters`, `Use at most ${MAX_LENGTH}.`);
  const inner = withoutBraces(text, path);
  const matchers: Matcher[] = [];
  let at = skipSpace(text, inner.start);
  while (at < inner.end) {
    const { matcher, next } = readMatcher(text, at, path);
    matchers.push(matcher);
    at = skipSpace(text, next);
    if (at < inner.end) at = skipSpace(text, expect(text, at, ',', path));
  }
  if (matchers.length === 0) throw refuse(text, inner.start, 'a matcher', path);
  return matchers;
}

function withoutBraces(text: string, path: string): { readonly start: number; readonly end: number } {
  const start = skipSpace(text, 0);
  const end = text.trimEnd().length;
  if (text[start] !== '{') return { start, end };
  if (end - 1 === start || text[end - 1] !== '}') throw refuse(text, end, "'}'", path);
  return { start: start + 1, end: end - 1 };
}

function readMatcher(text: string, start: number, path: string): { readonly matcher: Matcher; readonly next: number } {
  const name = readToken(text, start, 'a label name', path);
  if (isReservedKey(name.text) || name.text === '') {
    throw ruleInvalid(path, `${quote(name.text)} cannot be the name of a label`, 'Name a label of the event.');
  }
  const opAt = skipSpace(text, name.next);
  const op = OPERATORS.find((candidate) => text.startsWith(candidate, opAt));
  if (op === undefined) throw refuse(text, opAt, '=, !=, =~ or !~', path);
  const value = readToken(text, skipSpace(text, opAt + op.length), 'a value (an empty one is "")', path);
  return { matcher: { name: name.text, op, value: value.text }, next: value.next };
}

function readToken(text: string, start: number, wanted: string, path: string): Token {
  if (text[start] === '"') return readQuoted(text, start, path);
  BARE.lastIndex = start;
  const bare = BARE.exec(text)?.[0];
  if (bare === undefined) throw refuse(text, start, wanted, path);
  return { text: bare, next: start + bare.length };
}

function readQuoted(text: string, start: number, path: string): Token {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') return { text: value, next: at + 1 };
    const escaped = char === '\\' ? readEscape(text[at + 1]) : undefined;
    value += escaped ?? char;
    if (escaped !== undefined) at += 1;
  }
  throw refuse(text, text.length, 'a closing double quote', path);
}

function readEscape(char: string | undefined): string | undefined {
  if (char === 'n') return '\n';
  return char === '"' || char === '\\' ? char : undefined;
}

function expect(text: string, at: number, wanted: string, path: string): number {
  if (!text.startsWith(wanted, at)) throw refuse(text, at, `'${wanted}'`, path);
  return at + wanted.length;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

function refuse(text: string, at: number, wanted: string, path: string): Error {
  const found = at < text.length ? quote(text.slice(at, at + 20)) : 'the end';
  const advice = 'Write matchers as name="value", with =, !=, =~ or !~ and commas between them.';
  return ruleInvalid(path, `expected ${wanted} at position ${at + 1} of ${quote(text)}, found ${found}`, advice);
}
