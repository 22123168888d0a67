/**
 * Text in XML: nothing of it is markup, and a strict reader finds it again.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../src/core/text/clean.ts';
import { xmlText } from '../../../src/core/text/xml.ts';
import { strangers } from './strangers.ts';
import { parseXml } from './xml-parser.ts';

describe('text in XML', () => {
  test.each([
    ['a < b & "c" > \'d\'', 'a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;'],
    ['</Say><Hangup/>', '&lt;/Say&gt;&lt;Hangup/&gt;'],
    ['a\u0000b\u0008c\u001bd\u007f', 'abcd'],
    ['a\ufffeb\uffffc', 'abc'],
    ['\ud800', '\ufffd'],
    ['two\nlines\t', 'two\nlines\t'],
    ['größer 🔥', 'größer 🔥'],
  ])('%j becomes %j', (text, expected) => {
    expect(xmlText(text)).toBe(expected);
  });

  test('is read as the same text without what XML forbids, in an element and in an attribute', () => {
    const anything = fc.oneof(
      strangers,
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\ufffe', '\uffff', ']', '>', 'a') }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const written = xmlText(text);
        const clean = cleanText(text).replace(/[\ufffe\uffff]/g, '');
        expect(parseXml(`<A b="${written}">${written}</A>`)).toEqual({
          name: 'A',
          attributes: { b: clean },
          children: [],
          text: clean,
        });
      }),
    );
  });

  test.each([
    '<A>&</A>',
    '<A>&bad;</A>',
    '<A b="<">x</A>',
    '<A>]]></A>',
    '<A>\u0001</A>',
    '<A>\uffff</A>',
    '<A><!-- x --></A>',
    '<A>',
    '<A></B>',
    '<A></A>x',
    '<A b="1" b="2"></A>',
  ])('the reader of these tests refuses %s', (xml) => {
    expect(() => parseXml(xml)).toThrow();
  });
});
