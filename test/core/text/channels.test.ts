/**
 * What each channel gets of a text, by example.
 */
import { describe, expect, test } from 'vitest';
import { csvCell } from '../../../src/core/text/csv.ts';
import { discordLink, discordText } from '../../../src/core/text/discord.ts';
import { headerLine } from '../../../src/core/text/header-line.ts';
import { htmlLink, htmlText } from '../../../src/core/text/html.ts';
import { markdownLink, markdownText } from '../../../src/core/text/markdown.ts';
import { slackLink, slackText } from '../../../src/core/text/slack.ts';
import { cutSms, smsLength, smsText } from '../../../src/core/text/sms.ts';
import { webAddress } from '../../../src/core/text/web-address.ts';

// Far above what it takes even on a busy machine, far below what a quadratic way would take.
const HANGS_MS = 10_000;

describe('Slack', () => {
  test.each([
    ['disk 99 % full', 'disk 99 % full'],
    ['a & b < c > d', 'a &amp; b &lt; c &gt; d'],
    ['<!channel> <@U1> <https://a.b|c>', '&lt;!channel&gt; &lt;@U1&gt; &lt;https://a.b|c&gt;'],
    ['@channel @Here @everyone @ana', '@\u200bchannel @\u200bHere @\u200beveryone @ana'],
    ['@\u0000channel', '@\u200bchannel'],
    ['> quoted\n \t>too\na > b', '› quoted\n \t›too\na &gt; b'],
    ['*bold* ~gone~ `code`', '∗bold∗ ∼gone∼ ˋcodeˋ'],
    ['_it_ snake_case_name __init__', 'ˍitˍ snake_case_name ˍˍinitˍˍ'],
    ['größe_ä', 'größe_ä'],
    [':fire: (:+1:) arn:aws:sns:eu 10:30:45', ':\u200bfire: (:+1:) arn:aws:sns:eu 10:30:45'],
    ['one\r\ntwo', 'one\ntwo'],
  ])('%j becomes %j', (text, expected) => {
    expect(slackText(text)).toBe(expected);
  });

  test.each([
    ['https://a.b/?c=1&d=2', 'Graph', '<https://a.b/?c=1&amp;d=2|Graph>'],
    ['https://a.b/|x>', 'a|b>\nc', '<https://a.b/%7Cx%3E|a∣b&gt; c>'],
    ['https://a.b', ' ', '<https://a.b>'],
    ['javascript:alert(1)', '<x>', '&lt;x&gt;'],
  ])('a link to %j called %j becomes %j', (href, text, expected) => {
    expect(slackLink(href, text)).toBe(expected);
  });
});

describe('Discord', () => {
  test.each([
    ['disk 99.5 % full - now (soon)', 'disk 99.5 % full - now (soon)'],
    ['*b* _i_ ~s~ `c` ||x||', '\\*b\\* \\_i\\_ \\~s\\~ \\`c\\` \\|\\|x\\|\\|'],
    ['# h\n-# s\n> q\n - l\n+ l\n1. n\n 2) n', '\\# h\n\\-\\# s\n\\> q\n \\- l\n\\+ l\n1\\. n\n 2\\) n'],
    ['a - b + c 1. d', 'a - b + c 1. d'],
    ['[a](https://b.c)', '\\[a\\](https\\://b.c)'],
    [
      '@everyone @HERE <@42> <@!42> <@&42> <#42> @ana',
      '@\u200beveryone @\u200bHERE \\<@\u200b42\\> \\<@\u200b!42\\> \\<@\u200b&42\\> \\<\\#42\\> @ana',
    ],
    ['back\\slash', 'back\\\\slash'],
    ['10:30', '10:30'],
  ])('%j becomes %j', (text, expected) => {
    expect(discordText(text)).toBe(expected);
  });

  test.each([
    ['https://a.b/(c)@everyone', '[x]', '[\\[x\\]](<https://a.b/%28c%29%40everyone>)'],
    ['https://a.b', ' ', ''],
    ['ftp://a.b', '*x*', '\\*x\\*'],
  ])('a link to %j called %j becomes %j', (href, text, expected) => {
    expect(discordLink(href, text)).toBe(expected);
  });
});

describe('HTML', () => {
  test('five characters are escaped, line breaks stay', () => {
    expect(htmlText(`<a href="x" id='y'>&\r\n`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;\n');
  });

  test('a link goes to http and https alone', () => {
    expect(htmlLink('https://a.b/"x', '<y>')).toBe('<a href="https://a.b/%22x">&lt;y&gt;</a>');
    expect(htmlLink('data:text/html,x', '<y>')).toBe('&lt;y&gt;');
  });
});

describe('Markdown', () => {
  test.each([
    ['one\n\n two\r\nthree', 'one\n\ntwo\n\nthree'],
    ['- a\n+ b\n1. c\n2) d\n# e', '\\- a\n\n\\+ b\n\n1\\. c\n\n2\\) d\n\n\\# e'],
    ['===', '\\==='],
    ['    code', 'code'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  test('a link goes to http and https alone', () => {
    expect(markdownLink('https://a.b/(c)', '[x]')).toBe('[\\[x\\]](<https://a.b/%28c%29>)');
    expect(markdownLink('vbscript:x', '[x]')).toBe('\\[x\\]');
    expect(markdownLink('https://a.b', '')).toBe('');
  });
});

describe('a header', () => {
  test('never becomes two', () => {
    expect(headerLine('a\r\nBcc: b\u0000\u2028c')).toBe('a Bcc: b c');
  });

  test('is bounded', () => {
    expect(headerLine('x'.repeat(500))).toHaveLength(240);
    expect(headerLine('x'.repeat(500), 10)).toBe('xxxxxxxxx…');
  });
});

describe('a cell', () => {
  test.each([
    ['a', '"a"'],
    ['', '""'],
    ['a "b", c\r\nd', '"a ""b"", c\nd"'],
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@x', `"'@x"`],
    ['\t=x', `"'\t=x"`],
    ['\tx', `"'\tx"`],
    ['\r=x', `"'=x"`],
    [' =x', `"' =x"`],
    ['\u0000=x', `"'=x"`],
    ['＝x', `"'＝x"`],
    ['a=b', '"a=b"'],
    [-1.5, '-1.5'],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, ''],
  ])('of %j is %j', (value, expected) => {
    expect(csvCell(value)).toBe(expected);
  });
});

describe('an SMS', () => {
  test.each([
    ['', 'gsm-7', 0, 1],
    ['x'.repeat(160), 'gsm-7', 160, 1],
    ['x'.repeat(161), 'gsm-7', 161, 2],
    ['x'.repeat(306), 'gsm-7', 306, 2],
    ['x'.repeat(307), 'gsm-7', 307, 3],
    ['€'.repeat(80), 'gsm-7', 160, 1],
    // 153 is odd: one septet of each message is left over, because both of a character stay together.
    ['€'.repeat(153), 'gsm-7', 306, 3],
    [`${'x'.repeat(152)}€${'x'.repeat(152)}`, 'gsm-7', 306, 3],
    ['äöüÄÖÜßñéà@£$¥\n', 'gsm-7', 15, 1],
    ['ç', 'ucs-2', 1, 1],
    ['д'.repeat(70), 'ucs-2', 70, 1],
    ['д'.repeat(71), 'ucs-2', 71, 2],
    ['д'.repeat(134), 'ucs-2', 134, 2],
    ['д'.repeat(135), 'ucs-2', 135, 3],
    ['🔥'.repeat(35), 'ucs-2', 70, 1],
    ['🔥'.repeat(67), 'ucs-2', 134, 3],
  ])('of %j is %s, %i units, %i messages', (text, encoding, units, segments) => {
    expect(smsLength(text)).toEqual({ encoding, units, segments });
  });

  test.each([
    ['“a” ‘b’ – c… • d\u200b', '"a" \'b\' - c... - d'],
    ['“диск”', '“диск”'],
    ['a\n b', 'a b'],
  ])('%j is written %j', (text, expected) => {
    expect(smsText(text)).toBe(expected);
  });

  test('is cut to so many messages, as long as they can be', () => {
    expect(cutSms('Disk full', 1)).toBe('Disk full');
    const one = cutSms('x'.repeat(1_000), 1);
    expect([one.length, one.endsWith('x...'), smsLength(one).segments]).toEqual([160, true, 1]);
    expect(smsLength(cutSms('🔥'.repeat(1_000), 2))).toEqual({ encoding: 'ucs-2', units: 133, segments: 2 });
    expect(cutSms('x', 0)).toBe('');
  });
});

describe('a web address', () => {
  test.each([
    ['https://a.b/c?d=e&f=(g)#h', 'https://a.b/c?d=e&f=(g)#h'],
    ['HTTP://A.b', 'HTTP://A.b'],
    ['https://ä.example/ü', 'https://ä.example/ü'],
    ['https://a.b/<c>"d\'e|f`g{h}^\\', 'https://a.b/%3Cc%3E%22d%27e%7Cf%60g%7Bh%7D%5E%5C'],
    ['https://a.b/\u202ec\u0000', 'https://a.b/c'],
    ['https://a.b/c d', undefined],
    ['https://a.b/\u2028c', undefined],
    ['https:///a', undefined],
    ['https://', undefined],
    [' https://a.b', undefined],
    ['javascript:alert(1)//https://a.b', undefined],
    ['mailto:a@b.c', undefined],
    ['//a.b', undefined],
    ['', undefined],
    [`https://a.b/${'x'.repeat(2_036)}`, `https://a.b/${'x'.repeat(2_036)}`],
    [`https://a.b/${'x'.repeat(2_037)}`, undefined],
  ])('%j is %j', (text, expected) => {
    expect(webAddress(text)).toBe(expected);
  });
});

test.each([
  '<',
  '@',
  ':a',
  '_',
  ' >',
  '\n',
  '\n ',
  '1',
  '1.',
  '- ',
  '\\',
  '`',
  '=',
  '…',
  '&',
  ': ',
  '\u2028',
  '\u0000',
  'a:',
])('a megabyte of %j is escaped in time', (part) => {
  const text = part.repeat(Math.ceil(1_000_000 / part.length));
  const before = performance.now();
  for (const written of [slackText, discordText, htmlText, markdownText, csvCell, headerLine, smsText, webAddress])
    written(text);
  expect(performance.now() - before).toBeLessThan(HANGS_MS);
});
