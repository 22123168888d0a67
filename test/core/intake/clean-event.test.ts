import { describe, expect, test } from 'vitest';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { isTocsinError } from '../../../src/errors.ts';

// Far above what it takes even on a busy machine, far below what a quadratic or exponential way would take.
const HANGS_MS = 10_000;

const trigger = (fields: Record<string, unknown> = {}) => cleanEvent({ action: 'trigger', ...fields });

function refusal(input: unknown): { readonly problems: unknown; readonly message: string } {
  try {
    cleanEvent(input);
  } catch (error) {
    if (isTocsinError(error, 'INPUT_INVALID')) return { problems: error.details.problems, message: error.message };
    throw error;
  }
  throw new Error('the event was taken');
}

describe('an event', () => {
  test('needs an action only', () => {
    expect(trigger()).toStrictEqual({
      action: 'trigger',
      routeKey: 'default',
      title: 'Untitled alert',
      labels: Object.create(null),
      links: [],
      images: [],
    });
  });

  test.each(['trigger', 'acknowledge', 'resolve', 'change'])('can %s', (action) => {
    expect(cleanEvent({ action }).action).toBe(action);
  });

  test('keeps what is fine as it is', () => {
    const event = trigger({
      routeKey: 'rk',
      service: 'checkout',
      dedupKey: ' key\twith space ',
      title: 'Disk full',
      body: 'line one\n\tline two',
      severity: 'critical',
      source: 'prometheus',
      labels: { env: 'prod', 'app.kubernetes.io/name': 'cart' },
      details: { free: 3 },
      links: [{ href: 'https://example.test/a?b=c', text: 'Graph' }, { href: 'http://example.test' }],
      images: [{ src: 'https://example.test/i.png', alt: 'Graph' }, { src: 'http://example.test/j.png' }],
      occurredAt: '2026-01-05T09:00:00+01:00',
      deliveryId: 'd-1',
      raw: { sent: true },
    });
    expect({ ...event, labels: { ...event.labels } }).toStrictEqual({
      action: 'trigger',
      routeKey: 'rk',
      service: 'checkout',
      dedupKey: ' key\twith space ',
      title: 'Disk full',
      body: 'line one\n\tline two',
      severity: 'critical',
      source: 'prometheus',
      labels: { env: 'prod', 'app.kubernetes.io/name': 'cart' },
      details: { free: 3 },
      links: [{ href: 'https://example.test/a?b=c', text: 'Graph' }, { href: 'http://example.test' }],
      images: [{ src: 'https://example.test/i.png', alt: 'Graph' }, { src: 'http://example.test/j.png' }],
      occurredAtMs: Date.parse('2026-01-05T08:00:00Z'),
      deliveryId: 'd-1',
      raw: { sent: true },
    });
  });

  test('counts null and empty texts as absent', () => {
    const nothing = {
      routeKey: null,
      service: null,
      dedupKey: '',
      title: ' \n',
      body: '',
      severity: ' ',
      source: '',
      labels: null,
      details: null,
      links: null,
      images: null,
      occurredAt: null,
      deliveryId: '\u0000',
      raw: null,
    };
    expect(Object.keys(trigger(nothing)).toSorted()).toEqual([
      'action',
      'images',
      'labels',
      'links',
      'raw',
      'routeKey',
      'title',
    ]);
    expect(trigger(nothing)).toMatchObject({ routeKey: 'default', title: 'Untitled alert', raw: null });
    expect(trigger({ routeKey: '' }).routeKey).toBe('default');
  });

  test('reads own properties only', () => {
    const inherited = Object.create({ title: 'inherited' });
    inherited.action = 'trigger';
    expect(cleanEvent(inherited).title).toBe('Untitled alert');
  });
});

describe('a title that is missing', () => {
  test.each([
    [{ labels: { alertname: 'DiskFull' }, source: 'prometheus' }, 'DiskFull'],
    [{ labels: { alertname: ' Disk\nFull ' } }, 'Disk Full'],
    [{ labels: { alertname: ' ' }, source: 'prometheus' }, 'prometheus'],
    [{ labels: { x: 'y' } }, 'Untitled alert'],
    [{ title: 'Own', labels: { alertname: 'DiskFull' } }, 'Own'],
  ])('%j becomes %s', (fields, title) => {
    expect(trigger(fields).title).toBe(title);
  });
});

describe('mended rather than lost', () => {
  test('control characters and overrides', () => {
    const event = trigger({
      title: ' a\u0000\n\u202eb ',
      body: ' a\u0000\n\u202eb ',
      source: 's\u0007\n1',
      severity: 'cri\u0000tical\n',
      dedupKey: 'k\u0000\ud800',
      routeKey: 'r\u0000',
      deliveryId: 'd\u0000',
      service: 'checkout\u0000',
      labels: { 'na\u0000me': 'v\u0000' },
      links: [{ href: 'https://example.test', text: 'a\u202e\nb' }],
    });
    expect(event).toMatchObject({
      title: 'a b',
      body: 'a\nb',
      source: 's 1',
      severity: 'critical',
      dedupKey: 'k\ufffd',
      routeKey: 'r',
      deliveryId: 'd',
      service: 'checkout',
      labels: { name: 'v' },
      links: [{ href: 'https://example.test', text: 'a b' }],
    });
  });

  test('long texts are cut', () => {
    const event = trigger({
      title: 't'.repeat(1_025),
      body: 'b'.repeat(16_385),
      severity: 's'.repeat(201),
      source: 'o'.repeat(1_025),
      labels: { a: 'v'.repeat(4_097), b: 'v'.repeat(4_096) },
      links: [{ href: 'https://example.test', text: 'x'.repeat(1_025) }],
      images: [{ src: 'https://example.test', alt: 'x'.repeat(1_025) }],
    });
    expect(event.title).toBe(`${'t'.repeat(1_023)}…`);
    expect(event.body).toBe(`${'b'.repeat(16_383)}…`);
    expect(event.severity).toBe(`${'s'.repeat(199)}…`);
    expect(event.source).toBe(`${'o'.repeat(1_023)}…`);
    expect(event.labels.a).toBe(`${'v'.repeat(4_095)}…`);
    expect(event.labels.b).toBe('v'.repeat(4_096));
    expect(event.links[0]?.text).toBe(`${'x'.repeat(1_023)}…`);
    expect(event.images[0]?.alt).toBe(`${'x'.repeat(1_023)}…`);
  });

  test('texts of exactly the limit are kept', () => {
    const event = trigger({
      title: 't'.repeat(1_024),
      body: 'b'.repeat(16_384),
      severity: 's'.repeat(200),
      source: 'o'.repeat(1_024),
    });
    expect([event.title.length, event.body?.length, event.severity?.length, event.source?.length]).toEqual([
      1_024, 16_384, 200, 1_024,
    ]);
    expect(`${event.title}${event.body}${event.severity}${event.source}`).not.toContain('…');
  });

  test('a source cut inside an emoji stays well-formed', () => {
    const { source } = trigger({ source: `${'o'.repeat(1_022)}😀😀` });
    expect(source).toBe(`${'o'.repeat(1_022)}\ufffd…`);
  });

  test('labels beyond 256 are dropped, the first ones stay', () => {
    const { labels } = trigger({ labels: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`l${n}`, 'v'])) });
    expect(Object.keys(labels)).toHaveLength(256);
    expect([labels.l255, labels.l256]).toEqual(['v', undefined]);
  });

  test('of labels whose names become the same the first one stays, and a name that becomes empty goes', () => {
    expect({ ...trigger({ labels: { a: '1', 'a\u0000': '2', '': '3', '\u0000': '4' } }).labels }).toEqual({ a: '1' });
  });

  test('labels have no prototype', () => {
    expect(Object.getPrototypeOf(trigger({ labels: { a: 'b' } }).labels)).toBeNull();
  });

  test.each([
    'javascript:alert(1)',
    'ftp://example.test',
    'data:text/html,x',
    '//example.test',
    'example.test',
    '',
    'https://exa mple.test',
    'https://example.test/a\nb',
    'https://example.test/\u202eb',
    ' https://example.test',
    `https://example.test/${'x'.repeat(4_096)}`,
    5,
    null,
    undefined,
  ])('the link %j is dropped', (href) => {
    const good = { href: 'https://example.test' };
    expect(trigger({ links: [{ href }, good, 'https://example.test', null] }).links).toEqual([good]);
    expect(trigger({ images: [{ src: href, alt: 'x' }, { src: 'https://example.test' }] }).images).toEqual([
      { src: 'https://example.test' },
    ]);
  });

  test('unknown parts and other types inside a link are dropped', () => {
    expect(
      trigger({
        links: [
          { href: 'https://a.test', text: 5, rel: 'x' },
          { href: 'https://b.test', text: ' ' },
        ],
      }).links,
    ).toEqual([{ href: 'https://a.test' }, { href: 'https://b.test' }]);
  });

  test('at most 100 links and 20 images are kept', () => {
    const many = Array.from({ length: 150 }, (_, n) => `https://example.test/${n}`);
    const { links, images } = trigger({ links: many.map((href) => ({ href })), images: many.map((src) => ({ src })) });
    expect([links.length, links.at(-1)?.href]).toEqual([100, 'https://example.test/99']);
    expect([images.length, images.at(-1)?.src]).toEqual([20, 'https://example.test/19']);
  });

  test.each([
    [new Date(5), 5],
    [1_767_603_600_000, 1_767_603_600_000],
    ['2026-01-05T09:00:00.123456789Z', Date.parse('2026-01-05T09:00:00.123Z')],
    ['yesterday', undefined],
    ['2026-01-05T09:00:00', undefined],
    [Number.NaN, undefined],
    [1e300, undefined],
    [new Date(Number.NaN), undefined],
    [{}, undefined],
    [true, undefined],
  ])('occurredAt %j is read as %j', (occurredAt, expected) => {
    const event = trigger({ occurredAt });
    expect(event.occurredAtMs).toBe(expected);
    expect(Object.hasOwn(event, 'occurredAtMs')).toBe(expected !== undefined);
  });

  test.each(['my service', 'x'.repeat(201), '__proto__', 'a\nb'])(
    'the service %j, which can be no id, is dropped',
    (service) => {
      expect(Object.hasOwn(trigger({ service }), 'service')).toBe(false);
    },
  );

  test('details that are too large become a mark, large raw data goes', () => {
    expect(trigger({ details: 'x'.repeat(99_998) }).details).toHaveLength(99_998);
    expect(trigger({ details: 'x'.repeat(99_999) }).details).toEqual({ truncated: true });
    expect(trigger({ raw: 'x'.repeat(16_382) }).raw).toHaveLength(16_382);
    expect(Object.hasOwn(trigger({ raw: 'x'.repeat(16_383) }), 'raw')).toBe(false);
    expect(trigger({ details: () => 1 }).details).toEqual({ truncated: true });
    expect(trigger({ details: 0 }).details).toBe(0);
  });

  test('details that are too deep or have too many keys become a mark', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
    expect(trigger({ details: nested(64) }).details).toEqual(nested(64));
    expect(trigger({ details: nested(65) }).details).toEqual({ truncated: true });
    expect(trigger({ details: wide(1_000) }).details).toEqual(wide(1_000));
    expect(trigger({ details: wide(1_001) }).details).toEqual({ truncated: true });
    expect(trigger({ raw: nested(64) }).raw).toEqual(nested(64));
    expect(trigger({ raw: nested(65) }).raw).toBeUndefined();
    expect(trigger({ raw: wide(1_000) }).raw).toEqual(wide(1_000));
    expect(trigger({ raw: wide(1_001) }).raw).toBeUndefined();
  });
});

describe('refused with every problem', () => {
  test.each([
    [undefined, ''],
    [null, ''],
    ['trigger', ''],
    [[{ action: 'trigger' }], ''],
    [5, ''],
    [{}, 'action'],
    [{ action: 'page' }, 'action'],
    [{ action: null }, 'action'],
    [{ action: 'trigger', colour: 'red' }, 'colour'],
    [JSON.parse('{"action":"trigger","__proto__":{"x":1}}'), '__proto__'],
    [{ action: 'trigger', title: 5 }, 'title'],
    [{ action: 'trigger', body: {} }, 'body'],
    [{ action: 'trigger', severity: 1 }, 'severity'],
    [{ action: 'trigger', source: [] }, 'source'],
    [{ action: 'trigger', service: 5 }, 'service'],
    [{ action: 'trigger', dedupKey: 5 }, 'dedupKey'],
    [{ action: 'trigger', dedupKey: 'k'.repeat(1_025) }, 'dedupKey'],
    [{ action: 'trigger', routeKey: 'k'.repeat(1_025) }, 'routeKey'],
    [{ action: 'trigger', deliveryId: 'k'.repeat(1_025) }, 'deliveryId'],
    [{ action: 'trigger', labels: 'env=prod' }, 'labels'],
    [{ action: 'trigger', labels: ['a'] }, 'labels'],
    [{ action: 'trigger', labels: { env: 5 } }, 'labels.env'],
    [{ action: 'trigger', labels: { env: null } }, 'labels.env'],
    [{ action: 'trigger', labels: JSON.parse('{"__proto__":"x"}') }, 'labels.__proto__'],
    [{ action: 'trigger', labels: { constructor: 'x' } }, 'labels.constructor'],
    [{ action: 'trigger', labels: { prototype: 'x' } }, 'labels.prototype'],
    [{ action: 'trigger', labels: { '__pro\u0000to__': 'x' } }, 'labels.__proto__'],
    [{ action: 'trigger', labels: { ['n'.repeat(1_025)]: 'x' } }, `labels.${'n'.repeat(79)}…`],
    [{ action: 'trigger', links: 'https://example.test' }, 'links'],
    [{ action: 'trigger', images: {} }, 'images'],
  ])('%#', (input, path) => {
    const { problems, message } = refusal(input);
    expect(problems).toEqual([{ path, message: expect.stringMatching(/./) }]);
    expect(message).toMatch(/^Cannot take the event: .*\. Mend it and send it again\.$/);
    expect(message).toContain(path === '' ? 'event: expected an object.' : `event: ${path}: `);
  });

  test('the problems say what was expected', () => {
    const labels = { a: 5, constructor: 'x', ['n'.repeat(1_025)]: 'x' };
    expect(refusal({ action: 'x', colour: 1, labels, links: 1, images: 1, title: 1 }).problems).toEqual([
      { path: 'colour', message: 'this field is unknown' },
      { path: 'labels.a', message: 'expected a text' },
      { path: 'labels.constructor', message: 'this name is reserved' },
      { path: `labels.${'n'.repeat(79)}…`, message: 'expected a name of at most 1024 characters' },
      { path: 'links', message: 'expected a list' },
      { path: 'images', message: 'expected a list' },
      { path: 'action', message: expect.stringContaining('trigger') },
      { path: 'title', message: expect.stringContaining('string') },
    ]);
    expect(refusal({ action: 'trigger', labels: 5 }).problems).toEqual([
      { path: 'labels', message: 'expected an object of texts' },
    ]);
    expect(refusal({ action: 'x', title: 1 }).message).toContain('; title: ');
  });

  test('keys of exactly 1,024 characters are taken', () => {
    const key = 'k'.repeat(1_024);
    expect(trigger({ dedupKey: key, routeKey: key, deliveryId: key, labels: { [key]: 'v' } })).toMatchObject({
      dedupKey: key,
      routeKey: key,
    });
  });

  test('at most 20 problems are listed, and their paths are short and clean', () => {
    const fields = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, n]));
    expect(refusal({ action: 'trigger', ...fields }).problems).toHaveLength(20);
    const labels = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, n]));
    expect(refusal({ action: 'trigger', labels }).problems).toHaveLength(20);
    expect(refusal({ action: 'trigger', [`a\u0000\n${'b'.repeat(100)}`]: 1 }).problems).toEqual([
      { path: `a ${'b'.repeat(77)}…`, message: 'this field is unknown' },
    ]);
  });
});

describe('an event made to hurt costs little time', () => {
  const quickly = <T>(run: () => T): T => {
    const before = performance.now();
    const result = run();
    expect(performance.now() - before).toBeLessThan(HANGS_MS);
    return result;
  };

  test('with ten megabytes of title, body and label', () => {
    const huge = 'e\u0301'.repeat(5_000_000);
    const event = quickly(() => trigger({ title: huge, body: huge, labels: { huge } }));
    expect(event.title).toBe(`${'e\u0301'.repeat(1_023)}…`);
    expect(event.labels.huge).toBe(`${'e\u0301'.repeat(4_095)}…`);
    expect(event.body).toBe(`${'e\u0301'.repeat(16_383)}…`);
  });

  test('nested two hundred thousand deep, wherever', () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 200_000; level += 1) deep = { a: deep };
    expect(quickly(() => trigger({ details: deep, raw: deep })).details).toEqual({ truncated: true });
    expect(quickly(() => refusal({ action: deep, title: deep, labels: { deep }, colour: deep })).problems).toHaveLength(
      4,
    );
    expect(quickly(() => trigger({ links: [deep, { href: deep }] })).links).toEqual([]);
  });

  test('with a million links or unknown fields', () => {
    expect(quickly(() => trigger({ links: Array(1_000_000).fill({ href: 'x' }) })).links).toEqual([]);
    const fields = Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`f${n}`, n]));
    expect(quickly(() => refusal({ action: 'trigger', ...fields })).problems).toHaveLength(20);
  });
});
