/** Random regular expressions that RE2 takes, of few letters so that they are often found; every construct of the syntax is among them. */
import fc from 'fast-check';
import { RE2JS } from 're2js';

const ATOMS = [
  'a',
  'b',
  'A',
  '1',
  'k',
  'K',
  's',
  'é',
  '🙂',
  ' ',
  '-',
  'ab',
  'disk',
  '.',
  '\\.',
  '\\d',
  '\\w',
  '\\S',
  '\\n',
  '\\x61',
  '\\x{1F642}',
];
const CLASSES = [
  '[ab]',
  '[^a]',
  '[a-c1]',
  '[]a]',
  '[^]a]',
  '[a\\]b]',
  '[[:alpha:]]',
  '[a\\d]',
  '[-a]',
  '[a-]',
  '\\pL',
  '\\p{Greek}',
  '[k\\x73]',
];
const PLACES = ['^', '$', '\\b', '\\B', '\\A', '\\z', '(?i)', '(?m)', '(?s)', '(?-i)', '(?im-s)', '\\Qa.b\\E'];
const REPEATS = ['', '', '', '*', '+', '?', '*?', '{2}', '{0,1}', '{1,}', '{0}', '{2,3}?', '{,2}', '{'];

const part: fc.Arbitrary<string> = fc.letrec<{ sequence: string; group: string }>((tie) => ({
  sequence: fc
    .array(
      fc.tuple(tie('group'), fc.constantFrom(...REPEATS)).map((pair) => pair.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join('')),
  group: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...ATOMS),
    fc.constantFrom(...CLASSES),
    fc.constantFrom(...PLACES),
    fc
      .tuple(
        fc.constantFrom('(', '(?:', '(?i:', '(?P<name>', '(?-i:', '(?m:'),
        fc.array(tie('sequence'), { maxLength: 3 }),
      )
      .map(([open, inner]) => `${open}${inner.join('|')})`),
  ),
})).sequence;

/** Patterns, about one in four of them with alternatives at the top. */
export const patterns: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 3, arbitrary: part },
    fc.array(part, { maxLength: 3 }).map((parts) => parts.join('|')),
  )
  .filter((pattern) => {
    try {
      return RE2JS.compile(pattern).programSize() < 500;
    } catch {
      return false;
    }
  });

/** Texts in which such patterns are found. */
export const texts: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'B',
      '1',
      'k',
      'K',
      'K',
      's',
      'S',
      'ſ',
      'é',
      'É',
      '🙂',
      ' ',
      '-',
      '.',
      '\n',
      'disk',
      'DISK',
      'α',
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));
