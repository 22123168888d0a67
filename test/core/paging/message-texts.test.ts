/**
 * Languages: what is looked for where, and what a translation cannot break.
 */
import { describe, expect, test } from 'vitest';
import { GERMAN } from '../../../src/core/paging/message-german.ts';
import { countText, fillText, type GivenTexts, textsFor } from '../../../src/core/paging/message-texts.ts';
import { titleAbout } from '../../../src/core/paging/message-titles.ts';
import { ENGLISH, type PluralText } from '../../../src/core/paging/message-words.ts';

const nonsense = (texts: unknown) => texts as GivenTexts;

describe('German', () => {
  test('has every text that English has, none left in English by mistake', () => {
    expect(Object.keys(GERMAN).toSorted()).toEqual(Object.keys(ENGLISH).toSorted());
    const same = Object.entries(GERMAN).filter(([name, text]) => text === ENGLISH[name as keyof typeof ENGLISH]);
    expect(same.map(([name]) => name)).toEqual(['updateTitle', 'factsLine']);
  });

  test('keeps every placeholder, so that none of it falls back', () => {
    expect(textsFor('de', { de: GERMAN }).texts).toEqual(GERMAN);
    expect(textsFor('de').texts).toEqual(GERMAN);
  });
});

describe('a language', () => {
  test.each([
    [undefined, 'en'],
    ['en', 'en'],
    ['en-GB', 'en'],
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE_at', 'de'],
    ['de-Latn-AT', 'de'],
    ['fr', 'en'],
    ['', 'en'],
    ['-', 'en'],
    ['not a language!', 'en'],
    ['__proto__', 'en'],
    ['constructor', 'en'],
    [`de-${'x'.repeat(10_000)}`, 'de'],
  ])('asked for as %j is answered in %s', (asked, locale) => {
    expect(textsFor(asked).locale).toBe(locale);
    expect(textsFor(asked).texts.snooze).toBe(locale === 'de' ? 'Zurückstellen' : 'Snooze');
  });

  test('that is no text at all is English', () => {
    expect(textsFor(nonsense(42) as unknown as string).locale).toBe('en');
  });

  test('falls back from the region to the language to ours to English', () => {
    const given: GivenTexts = {
      'de-AT': { snooze: 'Aufschieben' },
      de: { snooze: 'Vertagen', escalate: 'Weiterreichen' },
      en: { decline: 'No' },
      fr: { accept: 'Rejoindre' },
    };
    const austrian = textsFor('de-AT', given);
    expect(austrian.locale).toBe('de-AT');
    expect(austrian.texts).toMatchObject({ snooze: 'Aufschieben', escalate: 'Weiterreichen', decline: 'Ablehnen' });
    expect(textsFor('de-CH', given)).toMatchObject({ locale: 'de', texts: { snooze: 'Vertagen' } });
    expect(textsFor('fr-CA', given)).toMatchObject({ locale: 'fr', texts: { accept: 'Rejoindre', decline: 'No' } });
    expect(textsFor('it', given)).toMatchObject({ locale: 'en', texts: { decline: 'No', accept: 'Join' } });
  });

  test('may be called by the host what it likes', () => {
    expect(textsFor('x!', { 'x!': { snooze: 'Zzz' } })).toMatchObject({ locale: 'en', texts: { snooze: 'Zzz' } });
    expect(textsFor('pt-br', { pt_BR: { snooze: 'Adiar' } })).toMatchObject({
      locale: 'pt-BR',
      texts: { snooze: 'Adiar' },
    });
  });

  test('is put together once', () => {
    const given = { de: {} };
    expect(textsFor('de', given)).toBe(textsFor('de', given));
    for (let n = 0; n < 600; n += 1) textsFor(`x${n}`, given);
    expect(textsFor('de', given).texts).toEqual(GERMAN);
  });
});

describe('a translation', () => {
  const used = (texts: unknown) => textsFor('xx', nonsense({ xx: texts })).texts;

  test.each([
    ['that lost its title', { reminderTitle: 'Toujours ouvert' }],
    ['that is empty', { reminderTitle: ' \n' }],
    ['that is no text', { reminderTitle: 42 }],
    ['that is not there', {}],
    ['that is undefined', { reminderTitle: undefined }],
  ])('%s is not used', (_, texts) => {
    expect(used(texts).reminderTitle).toBe('Still open: {title}');
  });

  test.each([null, 'texts', 42, []])('of a whole language that is %j is none', (texts) => {
    expect(used(texts)).toEqual(ENGLISH);
  });

  test('is cleaned and bounded', () => {
    const { snooze, escalate } = used({ snooze: 'a\r\n\u202eb\u0000', escalate: 'x'.repeat(1_000) });
    expect(snooze).toBe('a b');
    expect(escalate).toBe(`${'x'.repeat(239)}…`);
  });

  test('of a number may be one text, or forms of which the one may leave the number out', () => {
    expect(used({ alertsLine: '{n} x' }).alertsLine).toEqual({ other: '{n} x' });
    expect(used({ alertsLine: { one: 'seul', other: '{n} x', many: 7 } }).alertsLine).toEqual({
      one: 'seul',
      other: '{n} x',
    });
    expect(used({ alertsLine: { one: '{n}' } }).alertsLine).toEqual(ENGLISH.alertsLine);
    expect(used({ alertsLine: { other: 'some' } }).alertsLine).toEqual(ENGLISH.alertsLine);
  });
});

describe('numbers', () => {
  const forms: PluralText = { one: '{n} one', few: '{n} few', many: '{n} many', other: '{n} other' };
  test.each([
    ['en', [0, 1, 2, 5], ['0 other', '1 one', '2 other', '5 other']],
    ['pl', [0, 1, 2, 5], ['0 many', '1 one', '2 few', '5 many']],
    ['en', [1_000, 1.5], ['1000 other', '1.5 other']],
  ])('in %s %j are %j', (locale, numbers, texts) => {
    const local = textsFor(locale, { [locale]: { snooze: 'z' } });
    expect(numbers.map((n) => countText(local, forms, n))).toEqual(texts);
  });
});

describe('filling in', () => {
  test.each([
    ['{a} and {b}', { a: 1, b: '{a}' }, '1 and {a}'],
    ['{a}{a}', { a: 'x' }, 'xx'],
    ['{c} {', { a: 'x' }, '{c} {'],
    ['{{a}}', { a: 'x' }, '{x}'],
    ['{toString} {__proto__}', {}, '{toString} {__proto__}'],
    ['nothing', { a: 'x' }, 'nothing'],
  ])('%j with %j is %j', (text, values, filled) => {
    expect(fillText(text, values)).toBe(filled);
  });
});

describe('a title', () => {
  const incident = { title: 'Disk full', severity: 'SEV1' };
  test.each([
    ['reminder', 'Still open: Disk full'],
    ['monitoring', 'Monitoring: Disk full'],
    ['acknowledged', 'Acknowledged: Disk full'],
    ['resolved', 'Resolved: Disk full'],
    ['dismissed', 'Dismissed: Disk full'],
    ['reopened', 'Reopened: Disk full'],
    ['severity', 'Now SEV1: Disk full'],
    ['something', 'Disk full'],
    ['constructor', 'Disk full'],
    [undefined, 'Disk full'],
  ])('about %s is %j', (topic, title) => {
    expect(titleAbout(topic, incident, textsFor('en'))).toBe(title);
  });
});
