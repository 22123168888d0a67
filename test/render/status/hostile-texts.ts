/**
 * Texts that try to be more than text, for every format of the status page at once.
 */
import fc from 'fast-check';
import { HOSTILE } from '../schedules.ts';

const PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\t',
  ',',
  ';',
  ':',
  '\\',
  '\\n',
  '"',
  "'",
  '&',
  '&amp;',
  '&#0;',
  '<',
  '>',
  '</script>',
  '<![CDATA[',
  ']]>',
  '<!--',
  'END:VEVENT',
  '\u0000',
  '\u0085',
  '\u2028',
  '\u202e',
  '\ufffe',
  '\uffff',
  '\ud800',
  '👩‍👩‍👧‍👦',
  'é',
  '張',
  ' ',
];

/** Any text at all, most of them hostile. */
export const hostileTexts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 150 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(...HOSTILE),
);

/** What a picture says. */
export const hostileSayings = fc.record({ title: hostileTexts, text: hostileTexts, name: hostileTexts });
