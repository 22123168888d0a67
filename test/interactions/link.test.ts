/**
 * Links: what a request asks for, and pages on which only our nodes exist, whatever the incident is called.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../src/errors.ts';
import { GERMAN } from '../../src/interactions/link/german.ts';
import { STYLE, STYLE_HASH } from '../../src/interactions/link/html-page.ts';
import { localLinkTexts } from '../../src/interactions/link/local-texts.ts';
import { ENGLISH } from '../../src/interactions/link/words.ts';
import {
  type LinkPage,
  type LinkQuestion,
  type LinkRequest,
  linkAnsweredPage,
  linkQuestionPage,
  linkRefusedPage,
  readLinkRequest,
  type ShownIncident,
} from '../../src/interactions/link.ts';
import { TOKEN_ACTIONS } from '../../src/model/action.ts';

const FORM = 'application/x-www-form-urlencoded';
const URL_PATH = '/tocsin/answer/t1.abc.def';
const read = (more: Partial<LinkRequest> = {}) => {
  const asked = readLinkRequest({ method: 'GET', url: URL_PATH, headers: { 'content-type': FORM }, ...more });
  return asked.ok ? `${asked.kind} ${asked.token}${asked.locale === undefined ? '' : ` ${asked.locale}`}` : asked.code;
};
const post = (body: LinkRequest['body'], headers: LinkRequest['headers'] = { 'content-type': FORM }) =>
  read({ method: 'POST', body, headers });

const MINUTE = 60_000;
const incident = (more: Partial<ShownIncident> = {}): ShownIncident => ({
  title: 'Checkout is down',
  severity: 'SEV1',
  urgency: 'high',
  service: 'checkout',
  visibility: 'public',
  phase: 'triage',
  paging: 'escalating',
  acknowledgedBy: [],
  times: { openedAt: new Date(0) },
  ...more,
});
const question = (more: Partial<LinkQuestion> = {}): LinkQuestion => ({
  action: 'acknowledge',
  user: 'ana',
  isOpen: true,
  incident: incident(),
  ...more,
});
const refused = (why: string) => new TocsinError('ACTION_REFUSED', 'Cannot.', { details: { why } });

type Node = DefaultTreeAdapterTypes.ChildNode;
const nodesOf = (node: DefaultTreeAdapterTypes.ParentNode): Node[] =>
  node.childNodes.flatMap((child) => [child, ...('childNodes' in child ? nodesOf(child) : [])]);
const elementsOf = ({ body }: LinkPage) =>
  nodesOf(parse(body)).filter((node): node is DefaultTreeAdapterTypes.Element => 'tagName' in node);
/** Every element with its attributes, without any text. */
const skeleton = (page: LinkPage) =>
  elementsOf(page).map(
    ({ tagName, attrs }) => `${tagName} ${attrs.map(({ name, value }) => `${name}=${value}`).join(' ')}`,
  );
const shownText = ({ body }: LinkPage) =>
  nodesOf(parse(body))
    .flatMap((node) => ('value' in node && node.parentNode?.nodeName !== 'style' ? [node.value] : []))
    .join('|');
const tagsOf = (page: LinkPage) => elementsOf(page).map(({ tagName }) => tagName);

describe('a request', () => {
  test('that only looks asks to be shown what the link does', () => {
    expect([read(), read({ method: 'HEAD' })]).toEqual(['show t1.abc.def', 'show t1.abc.def']);
  });

  test('acts only with the form of the page', () => {
    expect(post('confirm=yes')).toBe('act t1.abc.def');
    expect(post(Buffer.from('locale=de&confirm=yes'))).toBe('act t1.abc.def de');
    expect([post(''), post('confirm=no'), post('confirm=YES'), post('yes'), post('locale=de')]).toEqual(
      Array(5).fill('unconfirmed'),
    );
    expect(post('confirm=yes&confirm=yes')).toBe('duplicate');
    expect(post(undefined)).toBe('unconfirmed');
  });

  test.each([
    [undefined, {}],
    ['text/plain', { 'content-type': 'text/plain' }],
    ['JSON', { 'content-type': 'application/json' }],
    ['a form of parts', { 'content-type': 'multipart/form-data; boundary=x' }],
  ])('with a body of %s does nothing', (_, headers) => {
    expect(post('confirm=yes', headers)).toBe('wrong-type');
  });

  test('with a body that is too large or no text does nothing', () => {
    expect(post(`confirm=yes&x=${'a'.repeat(4_096)}`)).toBe('too-large');
    expect(post(Buffer.from([0xff, 0xfe]))).toBe('malformed');
    expect(post('confirm=%ff')).toBe('malformed');
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'get', '', undefined])(
    'by %s is refused, and says what is allowed',
    (method) => {
      expect(readLinkRequest({ method, url: URL_PATH })).toMatchObject({
        ok: false,
        code: 'wrong-method',
        allow: 'GET, HEAD, POST',
      });
    },
  );

  test('names its token behind the last /answer/ of the path, wherever the pages are served', () => {
    const of = (url: string | undefined) => read({ url });
    expect(
      ['/answer/t1.a.b', 'https://ops.example.com/x/answer/t1.a.b?utm_source=mail', '/answer/answer/t1.a.b#top'].map(
        of,
      ),
    ).toEqual(Array(3).fill('show t1.a.b'));
    expect(
      [
        '/answer/',
        '/answer/t1.a.b/',
        '/answers/t1.a.b',
        '/answer/t1%2ea.b',
        '/answer/a b',
        '/?next=/answer/t1.a.b',
        `/answer/${'a'.repeat(2_049)}`,
        undefined,
      ].map(of),
    ).toEqual(Array(8).fill('not-found'));
  });

  test('says in which language it is to be answered', () => {
    const of = (language: string) => read({ headers: { 'Accept-Language': language } });
    expect([of('de-AT,de;q=0.9'), of('*'), of('<script>'), of(`${'a-'.repeat(90)}`)]).toEqual([
      'show t1.abc.def de-AT',
      'show t1.abc.def',
      'show t1.abc.def',
      'show t1.abc.def',
    ]);
    expect(read({ headers: new Headers({ 'accept-language': 'de' }) })).toBe('show t1.abc.def de');
  });

  test('never throws, whatever it holds', () => {
    const anything = fc.record({
      method: fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD'), fc.string()),
      url: fc.oneof(
        fc.string(),
        fc.string().map((text) => `/answer/${text}`),
      ),
      body: fc.oneof(fc.string(), fc.uint8Array()),
      headers: fc.dictionary(fc.string(), fc.string()),
    });
    fc.assert(
      fc.property(anything, (request) => {
        const asked = readLinkRequest(request);
        // Without our field nothing is ever asked to be done.
        expect(asked.ok && asked.kind === 'act').toBe(false);
      }),
    );
  });
});

describe('the question', () => {
  test('says what is broken, how bad, where, since when, how it stands and who answers', () => {
    const page = linkQuestionPage(question(), {
      nowMs: 72 * MINUTE,
      names: { user: () => 'Ana Novak', service: () => 'Checkout' },
    });
    expect(page.status).toBe(200);
    for (const text of ['SEV1', 'Checkout is down', 'Checkout', '1 h 12 min', 'Nobody has answered yet', 'Ana Novak'])
      expect(shownText(page)).toContain(text);
  });

  test('has one button, which says what happens, in a form that leads to where it came from', () => {
    const page = linkQuestionPage(question(), { nowMs: 0 });
    const [form, ...others] = elementsOf(page).filter(({ tagName }) => tagName === 'form');
    expect([form?.attrs, others]).toEqual([[{ name: 'method', value: 'post' }], []]);
    expect(tagsOf(page).filter((tag) => tag === 'button' || tag === 'a')).toEqual(['button']);
    expect(shownText(page)).toContain('Acknowledge: I am on it');
  });

  test('sends what readLinkRequest takes', () => {
    const page = linkQuestionPage(question({ locale: 'de-AT' }), { nowMs: 0 });
    const fields = elementsOf(page)
      .filter(({ tagName }) => tagName === 'input')
      .map(({ attrs }) => Object.fromEntries(attrs.map(({ name, value }) => [name, value])));
    const body = new URLSearchParams(fields.map(({ name = '', value = '' }) => [name, value])).toString();
    expect(post(body)).toBe('act t1.abc.def de');
  });

  test('of what cannot be done any more has no button', () => {
    const page = linkQuestionPage(
      question({ isOpen: false, incident: incident({ phase: 'resolved', paging: 'quiet' }) }),
      {
        nowMs: 99 * MINUTE,
      },
    );
    expect(tagsOf(page).filter((tag) => ['form', 'button', 'input'].includes(tag))).toEqual([]);
    expect(shownText(page)).toContain('nothing left to do');
    expect(shownText(page)).toContain('Resolved');
    expect(shownText(page)).not.toContain('Open for');
  });

  test.each([
    ['drill', 'DRILL: Breach'],
    ['test', 'TEST: Breach'],
  ] as const)('of a %s says so before its title', (kind, title) => {
    const page = linkQuestionPage(question({ incident: incident({ kind, title: 'Breach' }) }), { nowMs: 12 * MINUTE });
    expect(shownText(page)).toContain(title);
  });

  test('of a private incident shows how severe it is, and nothing else of it', () => {
    const secret = incident({
      visibility: 'private',
      title: 'Breach',
      service: 'vault',
      acknowledgedBy: ['eve'],
      paging: 'acknowledged',
    });
    const pages = [
      linkQuestionPage(question({ incident: secret }), { nowMs: 12 * MINUTE }),
      linkQuestionPage(question({ incident: secret, isOpen: false }), { nowMs: 12 * MINUTE }),
      linkAnsweredPage({ action: 'acknowledge', user: 'ana', incident: secret }, { nowMs: 12 * MINUTE }),
    ];
    for (const page of pages) {
      expect(shownText(page)).toContain('SEV1');
      expect(page.body).not.toMatch(/Breach|vault|eve\b|12 min|\bana\b|Taken/);
    }
  });

  test('does not name the incident where previews of links would show it', () => {
    const [title] = elementsOf(linkQuestionPage(question(), { nowMs: 0 })).filter(({ tagName }) => tagName === 'title');
    expect(JSON.stringify(title?.childNodes.map((node) => 'value' in node && node.value))).toBe(
      '["Acknowledge: I am on it"]',
    );
  });

  test.each([
    [{ phase: 'triage', paging: 'escalating' }, 'Nobody has answered yet'],
    [{ phase: 'triage', paging: 'exhausted' }, 'Nobody has answered yet'],
    [{ phase: 'investigating', paging: 'acknowledged', acknowledgedBy: ['ana', 'ben'] }, 'Taken by ana, ben'],
    [{ phase: 'investigating', paging: 'acknowledged', acknowledgedBy: [...'abcdefg'] }, 'Taken by a, b, c, d, e, …'],
    [{ phase: 'investigating', paging: 'acknowledged' }, 'Nobody is being asked'],
    [{ phase: 'triage', paging: 'snoozed' }, 'Snoozed'],
    [{ phase: 'monitoring', paging: 'quiet' }, 'Nobody is being asked'],
    [{ phase: 'closed', paging: 'quiet' }, 'Resolved'],
    [{ phase: 'dismissed', paging: 'quiet' }, 'Dismissed'],
    [{ phase: 'merged', paging: 'quiet' }, 'Merged into another incident'],
  ] as const)('%j stands as "%s"', (more, text) => {
    expect(shownText(linkQuestionPage(question({ incident: incident(more) }), { nowMs: 0 }))).toContain(text);
  });

  test.each([
    [59_999, '0 min'],
    [MINUTE, '1 min'],
    [60 * MINUTE, '1 h'],
    [(2 * 1_440 + 3 * 60 + 4) * MINUTE, '2 d 3 h'],
    [-5 * MINUTE, '0 min'],
    [Number.NaN, '0 min'],
  ])('%s ms after it opened it is open for %s', (nowMs, age) => {
    expect(shownText(linkQuestionPage(question(), { nowMs }))).toContain(`Open for|${age}|`);
  });
});

describe('what was done', () => {
  test.each(TOKEN_ACTIONS)('%s is asked, named on its button and confirmed, in both languages', (action) => {
    for (const [locale, texts] of [
      ['en', ENGLISH],
      ['de', GERMAN],
    ] as const) {
      const asked = shownText(linkQuestionPage(question({ action, locale }), { nowMs: 0 }));
      expect(asked).toContain(texts[`${action}Question`]);
      expect(asked).toContain(texts[`${action}Button`]);
      const done = linkAnsweredPage({ action, user: 'ana', incident: incident() }, { nowMs: 0, locale });
      expect([done.status, shownText(done).includes(texts[`${action}Done`])]).toEqual([200, true]);
      expect(tagsOf(done)).not.toContain('button');
    }
  });
});

describe('what was not done', () => {
  test.each([
    [refused('malformed'), 404, 'This link is not complete'],
    [refused('forged'), 403, 'This link does not count'],
    [refused('expired'), 410, 'This link is too old'],
    [refused('used'), 409, 'This was already answered'],
    [refused('foreign'), 404, 'This link belongs elsewhere'],
    [refused('unknown-person'), 403, 'It is not clear who you are'],
    [refused('nothing-open'), 409, 'It has moved on'],
    [refused('ambiguous'), 409, 'It has moved on'],
    [refused('constructor'), 500, 'Something went wrong'],
    [
      new TocsinError('INVALID_TRANSITION', 'x', { details: { state: { phase: 'resolved' } } }),
      409,
      'It is over already',
    ],
    [
      new TocsinError('INVALID_TRANSITION', 'x', { details: { state: { phase: 'merged' } } }),
      409,
      'It is over already',
    ],
    [new TocsinError('INVALID_TRANSITION', 'x', { details: { state: { phase: 'triage' } } }), 409, 'It has moved on'],
    [new TocsinError('INVALID_TRANSITION', 'x'), 409, 'It has moved on'],
    [new TocsinError('INCIDENT_NOT_FOUND', 'x'), 404, 'It is not kept any more'],
    [new TocsinError('NOT_AUTHORIZED', 'x'), 403, 'You may not do this here'],
    [new TocsinError('STORAGE_UNAVAILABLE', 'x'), 503, 'This does not work right now'],
    [new TocsinError('VERSION_CONFLICT', 'x'), 503, 'This does not work right now'],
    [new TocsinError('SNAPSHOT_UNREADABLE', 'x'), 500, 'Something went wrong'],
    [new Error('secret'), 500, 'Something went wrong'],
    [undefined, 500, 'Something went wrong'],
    [{ code: 'unconfirmed' }, 500, 'Something went wrong'],
    [readLinkRequest({ method: 'GET', url: '/' }), 404, 'This link is not complete'],
    [readLinkRequest({ method: 'PUT', url: URL_PATH }), 405, 'Nothing was done'],
    [readLinkRequest({ method: 'POST', url: URL_PATH }), 415, 'Nothing was done'],
    [readLinkRequest({ method: 'POST', url: URL_PATH, headers: { 'content-type': FORM } }), 400, 'Nothing was done'],
  ])('%s is answered %i: %s', (problem, status, title) => {
    const page = linkRefusedPage(problem);
    expect([page.status, shownText(page).includes(title)]).toEqual([status, true]);
    expect(page.body).not.toContain('secret');
    expect(tagsOf(page).includes('a')).toBe(status >= 500);
  });

  test('what is worth trying again says when, and a wrong method what is right', () => {
    expect(linkRefusedPage(new TocsinError('STORAGE_UNAVAILABLE', 'x')).headers['retry-after']).toBe('5');
    const wrong = linkRefusedPage(readLinkRequest({ method: 'PUT', url: URL_PATH }));
    expect(wrong.headers.allow).toBe('GET, HEAD, POST');
  });
});

describe('every page', () => {
  const pages = [
    linkQuestionPage(question(), { nowMs: 0 }),
    linkAnsweredPage({ action: 'resolve', user: 'ana', incident: incident() }, { nowMs: 0 }),
    linkRefusedPage(refused('used')),
  ];

  test('may load nothing, run nothing, be framed nowhere, be kept nowhere, and tells nobody where it was', () => {
    for (const { headers } of pages) {
      expect(headers).toEqual({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; style-src '${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow',
      });
    }
  });

  test('has the one style that its policy allows, no other, and no script', () => {
    expect(STYLE_HASH).toBe(`sha256-${createHash('sha256').update(STYLE).digest('base64')}`);
    for (const page of pages) {
      const styles = elementsOf(page).filter(({ tagName }) => tagName === 'style');
      expect(styles.flatMap(({ childNodes }) => childNodes.map((node) => 'value' in node && node.value))).toEqual([
        STYLE,
      ]);
      expect(tagsOf(page)).not.toContain('script');
      expect(
        elementsOf(page).flatMap(({ attrs }) => attrs.filter(({ name }) => name === 'style' || name.startsWith('on'))),
      ).toEqual([]);
    }
  });

  test('is of a language, fits a phone, follows its light, and has one heading', () => {
    for (const page of pages) {
      expect(skeleton(page)).toEqual(
        expect.arrayContaining([
          'html lang=en',
          'meta name=viewport content=width=device-width,initial-scale=1',
          'meta name=color-scheme content=light dark',
        ]),
      );
      expect(tagsOf(page).filter((tag) => tag === 'h1' || tag === 'main')).toEqual(['main', 'h1']);
    }
  });

  test.each([
    ['light', 0],
    ['dark', 1],
  ] as const)('can be read: its colours are at least 4.5 to 1 apart when it is %s', (_, index) => {
    const [light = {}, dark = {}] = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(([, rules = '']) =>
      Object.fromEntries(
        [...rules.matchAll(/--([\w-]+):(#[0-9a-f]+)/g)].map(([, name = '', value = '']) => [name, value]),
      ),
    );
    const colours: Record<string, string> = index === 0 ? light : { ...light, ...dark };
    const pairs = [
      ['ink', 'page'],
      ['ink', 'card'],
      ['soft', 'page'],
      ['soft', 'card'],
      ['on-go', 'go'],
      ['on-badge', 'high'],
      ['on-badge', 'low'],
      ['card', 'good'],
    ];
    for (const [front = '', back = ''] of pairs)
      expect(contrast(colours[front]!, colours[back]!), `${front} on ${back}`).toBeGreaterThanOrEqual(4.5);
  });

  test('holds only our nodes, whatever a stranger wrote', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '</h1><script>alert(1)</script>',
        '"><img src=x onerror=y>',
        '</style><b>',
        '&lt;',
        '{people}',
        '<!--',
        '\u202e',
        '\ud800',
        ']]>',
        '{n}',
      ),
      fc
        .tuple(fc.constantFrom('</p>', '</title>', '<svg/onload=1>', "'onfocus='x"), fc.string())
        .map((parts) => parts.join('')),
    );
    const shape = skeleton(linkQuestionPage(question(), { nowMs: 0 }));
    const done = skeleton(linkAnsweredPage({ action: 'acknowledge', user: 'u', incident: incident() }, { nowMs: 0 }));
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (title, severity, service, user) => {
        const taken = incident({ title, severity, service, acknowledgedBy: [user], paging: 'acknowledged' });
        const page = linkQuestionPage(question({ user, incident: taken }), {
          nowMs: 0,
          names: { service: () => title },
        });
        expect(skeleton(page)).toEqual(shape);
        expect(skeleton(linkAnsweredPage({ action: 'acknowledge', user, incident: taken }, { nowMs: 0 }))).toEqual(
          done,
        );
      }),
    );
  });

  test('shows a title as it is written', () => {
    const title = 'a < b && "c" > \'d\' </title><script>';
    expect(shownText(linkQuestionPage(question({ incident: incident({ title }) }), { nowMs: 0 }))).toContain(
      `|${title}|`,
    );
  });

  test('holds only our nodes, whatever the host says instead', () => {
    const shape = skeleton(linkQuestionPage(question(), { nowMs: 0 }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(ENGLISH)), fc.string()), (given) => {
        expect(skeleton(linkQuestionPage(question(), { nowMs: 0, texts: { en: given } }))).toEqual(shape);
      }),
    );
  });
});

describe('the words', () => {
  test('are those of the host first, then ours of the language, then English', () => {
    const mine = { de: { acknowledgeButton: 'Meins' }, fr: { acknowledgeButton: 'Je prends' } };
    expect(localLinkTexts('de-AT', mine).texts.acknowledgeButton).toBe('Meins');
    expect(localLinkTexts('de-AT', mine).texts.snoozeButton).toBe(GERMAN.snoozeButton);
    expect(localLinkTexts('fr_CA', mine)).toMatchObject({
      lang: 'fr',
      texts: { acknowledgeButton: 'Je prends', usedTitle: ENGLISH.usedTitle },
    });
    expect(localLinkTexts('xx').lang).toBe('en');
    expect(localLinkTexts(undefined).lang).toBe('en');
  });

  test('that are empty, no text, or lost their place for what is put in are not used', () => {
    const broken = { en: { taken: 'Taken', usedTitle: ' ', usedHint: 5 as unknown as string } };
    const { texts } = localLinkTexts('en', broken);
    expect([texts.taken, texts.usedTitle, texts.usedHint]).toEqual([
      ENGLISH.taken,
      ENGLISH.usedTitle,
      ENGLISH.usedHint,
    ]);
    expect(localLinkTexts('de', { de: null as unknown as object }).texts.usedTitle).toBe(GERMAN.usedTitle);
  });

  test('are of a language that is one, whatever the host calls it', () => {
    expect(localLinkTexts('my tongue', { 'my tongue': { usedTitle: 'x' } })).toMatchObject({
      lang: 'en',
      texts: { usedTitle: 'x' },
    });
  });

  test('are all there in German, with the same places', () => {
    const places = (text: string) => text.match(/\{\w+\}/g) ?? [];
    for (const [name, english] of Object.entries(ENGLISH)) {
      const german = GERMAN[name as keyof typeof GERMAN];
      expect([name, places(german)]).toEqual([name, places(english)]);
      expect(/^(days|hours|minutes)$/.test(name) || german !== english, name).toBe(true);
    }
  });
});

/** As WCAG 2.2 measures it. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? [...colour.slice(1)].flatMap((digit) => [digit, digit]).join('') : colour.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
