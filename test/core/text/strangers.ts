/** Texts as strangers write them: markup of every channel, mentions, controls, emoji; never asserts anything. */
import fc from 'fast-check';

const FRAGMENTS = [
  ...'*_~`|<>[]()#+-=.!\\&"\';:@{}^$%\n\r\t\u0000 ',
  ...[
    '\r\n',
    '\n\n',
    '  ',
    '```',
    '**',
    '__',
    '||',
    '-# ',
    '> ',
    '>>> ',
    '1. ',
    '9) ',
    '- ',
    '    ',
    '\u200b',
    '\u2028',
    '\u2029',
  ],
  ...[
    '\u202e',
    '\u2066',
    '\u2069',
    '\u001b[31m',
    '\ud800',
    '\udc00',
    '\u0301',
    '\ufe0f',
    '\u200d',
    '…',
    'ａ',
    '＝',
    'é',
  ],
  ...[
    '@everyone',
    '@here',
    '@channel',
    '@EVERYONE',
    '<!channel>',
    '<!here|x>',
    '<@U123>',
    '<#C1|x>',
    '<@42>',
    '<@!42>',
    '<@&42>',
  ],
  ...[
    '<#42>',
    '<t:1:R>',
    '</a:1>',
    '<a:b:42>',
    '<id:home>',
    '<at>all</at>',
    '@42',
    ':fire:',
    ':+1:',
    '@\u0000everyone',
  ],
  ...[
    'https://evil.example/',
    'http://',
    '://',
    'javascript:alert(1)',
    '[a](https://b.c)',
    '![a](b)',
    '<https://a.b|c>',
    '</a>',
  ],
  ...['<script>', '<img src=x onerror=y>', '<!--', ']]>', '&amp;', '&lt;', '&#x', '{n}', '{title}', '=1+1', '|cmd'],
  ...[
    'a',
    'Z',
    '0',
    '42',
    'snake_case',
    'Ärger',
    'диск',
    '磁盘',
    '한국',
    'नमस्ते',
    '👩‍👩‍👧‍👦',
    '🔥',
    '🇩🇪',
    '🇩',
    '1️⃣',
    '👋🏽',
  ],
];

/** What strangers send, and now and then anything at all. */
export const strangers: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...FRAGMENTS) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
      { weight: 1, arbitrary: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) },
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** What must be left of nothing: controls but newline and tab, bidirectional overrides and isolates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what the tests are about
export const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Where the characters of a text begin and end, as the platform sees them. */
export function bordersOf(text: string): ReadonlySet<number> {
  return new Set([...Array.from(segmenter.segment(text), ({ index }) => index), text.length]);
}
