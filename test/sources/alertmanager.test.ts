/**
 * What an Alertmanager body means: every fixture, and every awkward shape of one.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { alertEventSchema } from '../../src/model/alert.ts';
import { alertmanagerSource } from '../../src/sources/alertmanager.ts';

const source = alertmanagerSource();
const fixture = (name: string) => readFileSync(`test/fixtures/alertmanager/${name}.json`, 'utf8');

/** A body of one alert, with whatever a test is about. */
const bodyWith = (alert: unknown, group: object = {}) => ({
  version: '4',
  groupKey: '{}:{}',
  alerts: [alert],
  ...group,
});
const parseOne = (alert: unknown, group?: object) => source.parse(bodyWith(alert, group))[0]!;
const disk = { status: 'firing', fingerprint: 'f00d', labels: { alertname: 'DiskFull' } };

function refusal(body: unknown) {
  try {
    source.parse(body);
  } catch (error) {
    if (isTocsinError(error, 'PAYLOAD_INVALID')) return error;
    throw error;
  }
  throw new Error('the body was not refused');
}

describe('the bodies that real Alertmanagers send', () => {
  const expected = {
    'v4-firing-no-fingerprint': [
      ['trigger', '2f30fca22fdaa8ef', 'critical', 'No things for over 10 minutes', '2017-08-03T15:17:37.804-04:00'],
    ],
    'v4-k8s-params1': [
      [
        'trigger',
        'e2a3b36a4e1832ef',
        'critical',
        'Prometheus is failing rule evaluations.',
        '2021-08-23T05:16:56.154Z',
      ],
      [
        'trigger',
        'b81c57e53f0bff63',
        'critical',
        'Prometheus is failing rule evaluations.',
        '2021-08-23T05:16:56.154Z',
      ],
    ],
    'v4-resolved': [
      ['resolve', 'f404ecabc8dd5cd7', 'critical', 'Instance localhost:8081 down', '2023-06-12T08:40:38.326Z'],
      ['resolve', 'f8f08d4e32c61a9d', 'critical', 'Instance localhost:8082 down', '2023-06-12T08:41:38.326Z'],
    ],
    'v4-mixed-truncated-current-fields': [
      ['resolve', 'f404ecabc8dd5cd7', 'critical', 'Instance localhost:8081 down', '2023-06-12T08:40:38.326Z'],
      ['trigger', 'f8f08d4e32c61a9d', 'critical', 'Instance localhost:8082 down', '2023-06-12T08:24:38.326Z'],
    ],
  };

  test.each(Object.entries(expected))(
    '%s says per alert what happened, to what, and since when or when it ended',
    (name, rows) => {
      const events = source.parse(fixture(name));
      expect(
        events.map(({ action, dedupKey, severity, title, occurredAt, details }) => [
          action,
          dedupKey,
          severity,
          title,
          occurredAt ?? (details as { startsAt?: string }).startsAt,
        ]),
      ).toEqual(rows);
      for (const event of events) expect(alertEventSchema.safeParse(event).error).toBeUndefined();
    },
  );

  test('an alert keeps its description, labels, links and group', () => {
    expect(source.parse(fixture('v4-firing-no-fingerprint'))).toEqual([
      {
        action: 'trigger',
        dedupKey: '2f30fca22fdaa8ef',
        title: 'No things for over 10 minutes',
        body: 'No things have been recorded for over 10 minutes. Something terrible is happening.',
        severity: 'critical',
        source: 'alertmanager',
        labels: { alertname: 'thing_dead', severity: 'critical' },
        details: {
          groupKey: '{}:{alertname=thing_dead}',
          receiver: 'alerta',
          externalURL: 'http://somehost:9093',
          annotations: {
            description: 'No things have been recorded for over 10 minutes. Something terrible is happening.',
            severity: 'critical',
            summary: 'No things for over 10 minutes',
            runbookBad: 'https://internal.myorg.net/wiki/alerts/{app}/{alertname}',
            runbookGood: 'https://internal.myorg.net/wiki/alerts/{alertname}',
          },
          startsAt: '2017-08-03T15:17:37.804-04:00',
        },
        links: [
          {
            href: 'http://somehost:9090/graph?g0.expr=sum%28irate%28messages_received_total%5B5m%5D%29%29+%3D%3D+0&g0.tab=0',
            text: 'Source',
          },
        ],
      },
    ]);
  });

  test('text, bytes and parsed JSON mean the same', () => {
    const text = fixture('v4-k8s-params1');
    const events = source.parse(JSON.parse(text));
    expect(source.parse(text)).toEqual(events);
    expect(source.parse(new TextEncoder().encode(text))).toEqual(events);
    expect(events).toHaveLength(2);
  });

  test('alerts that the body leaves out are not resolved, and the event says that some are missing', () => {
    const events = source.parse(fixture('v4-mixed-truncated-current-fields'));
    expect(events.filter((event) => event.action === 'resolve').map((event) => event.dedupKey)).toEqual([
      'f404ecabc8dd5cd7',
    ]);
    expect(events[1]!.details).toMatchObject({ truncatedAlerts: 3 });
    expect(source.parse(fixture('v4-resolved'))[0]!.details).not.toHaveProperty('truncatedAlerts');
  });
});

describe('which alert it is', () => {
  test('without a fingerprint the key is the one Alertmanager itself would have computed', () => {
    const parsed = JSON.parse(fixture('v4-k8s-params1')) as { alerts: Record<string, unknown>[] };
    const old = { ...parsed, alerts: parsed.alerts.map(({ fingerprint: _, ...alert }) => alert) };
    expect(source.parse(old).map((event) => event.dedupKey)).toEqual(['e2a3b36a4e1832ef', 'b81c57e53f0bff63']);
  });

  test('the order of labels does not matter to the key, their values do', () => {
    const key = (labels: object) => parseOne({ status: 'firing', labels }).dedupKey;
    expect(key({ a: '1', b: '2' })).toBe(key({ b: '2', a: '1' }));
    expect(key({ a: '1', b: '2' })).not.toBe(key({ a: '1', b: '3' }));
    expect(key({ a: '1b' })).not.toBe(key({ a: '1', b: '' }));
  });

  test.each([[''], ['   '], [42], [null], ['x'.repeat(1_025)]])(
    'a fingerprint that is no usable key is not used: %j',
    (fingerprint) => {
      expect(parseOne({ ...disk, fingerprint }).dedupKey).toBe(parseOne({ ...disk, fingerprint: undefined }).dedupKey);
    },
  );

  test('a fingerprint of the longest allowed key is used', () => {
    expect(parseOne({ ...disk, fingerprint: 'x'.repeat(1_024) }).dedupKey).toBe('x'.repeat(1_024));
  });
});

describe('what is said about it', () => {
  const titled = (annotations: object, labels: object = { alertname: 'DiskFull' }) =>
    parseOne({ ...disk, labels, annotations }).title;

  test('the title is the best line there is', () => {
    const all = { summary: 'summary', title: 'title', description: 'description', message: 'message' };
    expect(titled(all)).toBe('summary');
    expect(titled({ ...all, summary: ' ' })).toBe('title');
    expect(titled({ description: 'first line\nsecond line', message: 'message' })).toBe('first line');
    expect(titled({ message: '  first line\r\nsecond line' })).toBe('first line');
    expect(titled({})).toBe('DiskFull');
    expect(titled({}, { job: 'node' })).toBe('An alert without a name');
  });

  test('the body is the description, or the older message', () => {
    expect(parseOne({ ...disk, annotations: { description: 'long', message: 'old' } }).body).toBe('long');
    expect(parseOne({ ...disk, annotations: { message: 'old' } }).body).toBe('old');
    expect(parseOne({ ...disk, annotations: { summary: 'short' } })).not.toHaveProperty('body');
  });

  test('the severity is a label, and which one can be chosen', () => {
    const labels = { alertname: 'DiskFull', severity: 'warning', priority: 'P1' };
    expect(parseOne({ ...disk, labels }).severity).toBe('warning');
    expect(alertmanagerSource({ severityLabel: 'priority' }).parse(bodyWith({ ...disk, labels }))[0]!.severity).toBe(
      'P1',
    );
    expect(parseOne({ ...disk, labels: { severity: 'x'.repeat(300) } }).severity).toBe('x'.repeat(200));
    expect(parseOne(disk)).not.toHaveProperty('severity');
  });

  test('only web addresses become links', () => {
    const annotations = { runbook_url: 'https://runbooks.example/disk', dashboard: 'HTTP://grafana.example/d/1' };
    expect(parseOne({ ...disk, generatorURL: 'http://prometheus:9090/graph', annotations }).links).toEqual([
      { href: 'http://prometheus:9090/graph', text: 'Source' },
      { href: 'https://runbooks.example/disk', text: 'Runbook' },
      { href: 'HTTP://grafana.example/d/1', text: 'Dashboard' },
    ]);
    const odd = { runbook: 'javascript:alert(1)', dashboard_url: '/d/1' };
    expect(parseOne({ ...disk, generatorURL: 'http://', annotations: odd })).not.toHaveProperty('links');
    const long = (length: number) => `https://runbooks.example/${'x'.repeat(length - 25)}`;
    expect(parseOne({ ...disk, annotations: { runbook: long(4_096) } }).links).toHaveLength(1);
    expect(parseOne({ ...disk, annotations: { runbook: long(4_097) } })).not.toHaveProperty('links');
  });

  test("Go's zero time and times that are none are left out", () => {
    const occurredAt = (alert: object) => parseOne({ ...disk, ...alert }).occurredAt;
    const startsAt = (alert: object) => (parseOne({ ...disk, ...alert }).details as { startsAt?: string }).startsAt;
    expect(startsAt({ startsAt: '2026-01-05T09:00:00.123456789Z' })).toBe('2026-01-05T09:00:00.123456789Z');
    expect(startsAt({ startsAt: '0001-01-01T00:00:00Z' })).toBeUndefined();
    expect(startsAt({ startsAt: 'yesterday' })).toBeUndefined();
    expect(startsAt({ startsAt: 1_700_000_000 })).toBeUndefined();
    const resolved = { status: 'resolved', startsAt: '2026-01-05T09:00:00Z' };
    expect(occurredAt({ ...resolved, endsAt: '2026-01-05T10:00:00Z' })).toBe('2026-01-05T10:00:00Z');
    expect(occurredAt({ ...resolved, endsAt: '0001-01-01T00:00:00Z' })).toBeUndefined();
  });

  test('a trigger has no moment of its own: an alert that Prometheus restores began before it was resolved', () => {
    expect(parseOne({ ...disk, startsAt: '2026-01-05T09:00:00Z' })).not.toHaveProperty('occurredAt');
  });

  test('labels are text: numbers and truth values are written out, the rest is left out', () => {
    const labels = JSON.parse('{"a":"1","b":2,"c":true,"d":null,"e":{},"__proto__":"x"}') as object;
    expect(parseOne({ ...disk, labels }).labels).toEqual({ a: '1', b: '2', c: 'true' });
  });
});

describe('what cannot be read', () => {
  test('an alert of unknown status pages: only the word resolved resolves', () => {
    for (const status of ['firing', 'pending', undefined, 7])
      expect(parseOne({ ...disk, status }).action).toBe('trigger');
    expect(parseOne({ ...disk, status: undefined }, { status: 'resolved' }).action).toBe('trigger');
    expect(parseOne({ ...disk, status: 'resolved' }, { status: 'firing' }).action).toBe('resolve');
  });

  test.each([
    [null, 'null'],
    ['text', '"text"'],
    [[], 'an array of 0'],
    [{}, 'an object with no keys'],
    [{ status: 'firing', labels: {} }, 'an object with status, labels'],
  ])('a broken alert among good ones becomes a page of its own: %j', (broken, found) => {
    const events = source.parse({ version: '4', groupKey: 'g', receiver: 'r', alerts: [disk, broken, disk] });
    expect(events.map((event) => event.dedupKey)).toEqual(['f00d', 'unreadable:g', 'f00d']);
    expect(events[1]).toEqual({
      action: 'trigger',
      dedupKey: 'unreadable:g',
      title: 'Alertmanager sent an alert that cannot be read',
      body: `Alert 2 of 3 is ${found}: it has neither labels nor a fingerprint. Look at the Alertmanager itself.`,
      source: 'alertmanager',
      details: { groupKey: 'g', receiver: 'r' },
    });
  });

  test('a broken alert of a group without a key is keyed by its receiver, or by the tool', () => {
    expect(source.parse({ version: '4', receiver: 'ops', alerts: [1] })[0]!.dedupKey).toBe('unreadable:ops');
    expect(source.parse({ version: 4, alerts: [1] })[0]!.dedupKey).toBe('unreadable:alertmanager');
    expect(source.parse({ version: '4', groupKey: 'x'.repeat(2_000), alerts: [1] })[0]!.dedupKey).toHaveLength(1_024);
  });

  test('a broken alert that has ended is recorded and pages nobody', () => {
    expect(parseOne({ status: 'resolved' }).action).toBe('change');
  });

  test('a body without any alert says nothing', () => {
    expect(source.parse({ version: '4', alerts: [] })).toEqual([]);
  });

  test.each([
    [{ version: '3', alerts: [] }, '"3"'],
    [{ alerts: [] }, 'nothing'],
    [{ version: null, alerts: [] }, 'null'],
    [{ version: 1, alerts: [] }, '1'],
  ])('another version is refused by name: %j', (body, found) => {
    const error = refusal(body);
    expect(error.message).toContain(`its \`version\` is ${found} (Grafana sends "1")`);
    expect(error.details).toEqual({ format: 'an Alertmanager webhook (version 4)', reason: 'version' });
  });

  test('a body without a list of alerts is refused by name', () => {
    expect(refusal({ version: '4' }).message).toContain('its `alerts` is nothing, not a list');
    expect(refusal({ version: '4', alerts: { a: 1 } }).message).toContain(
      'its `alerts` is an object with a, not a list',
    );
    expect(refusal({ version: '4' }).details.reason).toBe('alerts');
  });

  test.each([
    ['[]', 'an array of 0'],
    ['null', 'null'],
    ['7', '7'],
    ['"hello"', '"hello"'],
  ])('a body that is no object is refused by name: %s', (body, found) => {
    const error = refusal(body);
    expect(error.message).toContain(`the body is ${found}, not an object`);
    expect(error.details.reason).toBe('body');
  });

  test.each([
    ['text that is no JSON', '{', '1 characters'],
    ['nothing', '', '0 characters'],
    ['a prototype', '{"version":"4","alerts":[],"__proto__":{"admin":true}}', '54 characters'],
    ['a constructor', '{"constructor":{"prototype":{}}}', '32 characters'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), '3 bytes'],
  ])('%s is refused with its cause', (_, body, length) => {
    const error = refusal(body);
    expect(error.message).toBe(
      `Cannot read the body of ${length} as an Alertmanager webhook (version 4): it is not safe JSON in UTF-8. Send the body as it was received.`,
    );
    expect(error.details).toEqual({ format: 'an Alertmanager webhook (version 4)', reason: 'json' });
    expect(error.cause).toBeInstanceOf(Error);
  });
});
