/**
 * Enrichment: what extractions take out of an event and set in it, and what they leave alone.
 */
import { describe, expect, test } from 'vitest';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { compileEnrichment } from '../../../src/core/intake/enrich.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { extractionSchema } from '../../../src/model/intake.ts';

const event = cleanEvent({
  action: 'trigger',
  title: 'Disk full on db-17.eu: 91 %',
  source: 'nagios',
  labels: { team: 'storage', env: 'prod' },
  details: { disk: { used: 91 }, list: ['a', 'b'], ok: true },
  raw: { alerts: [{ 'a/b': { name: 'x' } }] },
});

const run = (...extractions: readonly object[]) =>
  compileEnrichment(extractions.map((extraction) => extractionSchema.parse(extraction)))(event, 0);
/** What one extraction sets, or why it sets nothing. */
const one = (extraction: object) => {
  const [trace] = run(extraction).trace;
  return trace?.value ?? `- ${trace?.why}`;
};
const refused = (extraction: object) => {
  try {
    run(extraction);
  } catch (error) {
    if (isTocsinError(error)) return `${error.code} ${error.details.path}`;
  }
  return 'accepted';
};

describe('a value comes', () => {
  test.each([
    ['from a field as it is', { set: 'labels.x', from: 'source' }, 'nagios'],
    ['from a number', { set: 'labels.x', from: 'details.disk.used' }, '91'],
    ['from a boolean', { set: 'labels.x', from: 'details.ok' }, 'true'],
    ['from a JSON pointer, with its escapes', { set: 'labels.x', from: '/raw/alerts/0/a~1b/name' }, 'x'],
    ['from the first group of a pattern', { set: 'labels.x', from: 'title', pattern: 'on ([a-z0-9-]+)' }, 'db-17'],
    ['from the group `value`', { set: 'labels.x', from: 'title', pattern: '(on) (?P<value>\\S+):' }, 'db-17.eu'],
    [
      'from all that the pattern finds, without a group',
      { set: 'labels.x', from: 'title', pattern: '[0-9]+ %' },
      '91 %',
    ],
    ['from a template', { set: 'labels.x', template: '{{labels.team}}/{{ labels.env }}' }, 'storage/prod'],
    [
      'from a template over the groups of a pattern',
      {
        set: 'labels.x',
        from: 'title',
        pattern: 'on ([a-z]+)-(?P<n>[0-9]+)',
        template: '{{1}} no. {{n}} of {{source}}',
      },
      'db no. 17 of nagios',
    ],
    ['from a table', { set: 'labels.x', from: 'labels.team', table: { storage: 'db-people' } }, 'db-people'],
    ['from a table for all else', { set: 'labels.x', from: 'labels.env', table: {}, otherwise: 'nobody' }, 'nobody'],
  ])('%s', (_, extraction, value) => {
    expect(one(extraction)).toBe(value);
  });
});

describe('nothing is set', () => {
  test.each([
    ['when the field is missing', { set: 'labels.x', from: 'labels.none' }, '- there is no labels.none'],
    ['when it is no text', { set: 'labels.x', from: 'details.list' }, '- there is no details.list'],
    [
      'when the pattern is not found',
      { set: 'labels.x', from: 'title', pattern: 'memory' },
      '- the pattern is not found',
    ],
    [
      'when the table has it not',
      { set: 'labels.x', from: 'source', table: { a: 'b' } },
      '- the table has no "nagios"',
    ],
    [
      'when nothing that the template names is there',
      { set: 'labels.x', template: '{{labels.a}}' },
      '- nothing that the template names is there',
    ],
    [
      'when its condition does not hold',
      { set: 'labels.x', from: 'source', when: 'env="dev"' },
      '- its condition does not hold',
    ],
    [
      'when the field has a value and may not be overwritten',
      { set: 'title', from: 'source', overwrite: false },
      '- the field has a value',
    ],
    ['when the service cannot be an id', { set: 'service', from: 'title' }, '- the field cannot hold that value'],
    [
      'from what only an object inherits',
      { set: 'labels.x', from: 'details.toString' },
      '- there is no details.toString',
    ],
  ])('%s', (_, extraction, why) => {
    expect(one(extraction)).toBe(why);
  });
});

describe('what is set', () => {
  test('is seen by the extractions after it, and by nothing before', () => {
    const { event: changed } = run(
      { set: 'labels.host', from: 'title', pattern: 'on (\\S+?):' },
      { set: 'dedupKey', template: '{{labels.host}}/{{labels.team}}' },
      { set: 'impact', from: 'labels.env', table: { prod: 'wide' } },
      { set: 'timePressure', template: 'now' },
    );
    expect(changed).toMatchObject({
      labels: { host: 'db-17.eu', team: 'storage' },
      dedupKey: 'db-17.eu/storage',
      impact: 'wide',
      timePressure: 'now',
    });
    expect(event.labels).not.toHaveProperty('host');
  });

  test('is bounded and cleaned as if the source had said it', () => {
    const long = compileEnrichment([extractionSchema.parse({ set: 'title', template: '{{body}} {{body}}' })]);
    const { event: changed } = long(cleanEvent({ action: 'trigger', body: `a\n${'x'.repeat(5_000)}` }), 0);
    expect(changed.title.length).toBeLessThanOrEqual(1_024);
    expect(changed.title).not.toContain('\n');
  });

  test('is never one label too many', () => {
    const labels = Object.fromEntries(Array.from({ length: 256 }, (_, n) => [`l${n}`, 'x']));
    const extraction = extractionSchema.parse({ set: 'labels.more', template: 'x' });
    const { event: same } = compileEnrichment([extraction])(cleanEvent({ action: 'trigger', labels }), 0);
    expect(Object.keys(same.labels)).toHaveLength(256);
    expect(same.labels).not.toHaveProperty('more');
  });
});

describe('what cannot be used is refused with its path', () => {
  test.each([
    [
      'a pattern that RE2 refuses',
      { set: 'title', from: 'body', pattern: '(?=x)' },
      'RULE_INVALID enrichment[0].pattern',
    ],
    [
      'a pattern that is too large',
      { set: 'title', from: 'body', pattern: '(a{100}){100}' },
      'RULE_INVALID enrichment[0].pattern',
    ],
    ['a field of every object', { set: 'title', from: 'labels.__proto__' }, 'RULE_INVALID enrichment[0].from'],
    ['a pointer into it', { set: 'title', from: '/labels/__proto__' }, 'RULE_INVALID enrichment[0].from'],
    ['a pointer with a stray tilde', { set: 'title', from: '/a~2' }, 'RULE_INVALID enrichment[0].from'],
    ['a template with one brace', { set: 'title', template: 'a {{b' }, 'RULE_INVALID enrichment[0].template'],
    ['a template that names it', { set: 'title', template: '{{constructor}}' }, 'RULE_INVALID enrichment[0].template'],
    ['a condition', { set: 'title', from: 'body', when: 'a~b' }, 'RULE_INVALID enrichment[0].when'],
  ])('%s', (_, extraction, refusal) => {
    expect(refused(extraction)).toBe(refusal);
  });

  test.each([
    ['a field that no extraction may set', { set: 'routeKey', from: 'title' }],
    ['a label of every object', { set: 'labels.__proto__x', from: 'title', pattern: '' }],
    ['neither `from` nor `template`', { set: 'title' }],
    ['a pattern without `from`', { set: 'title', template: 'x', pattern: 'x' }],
    ['`otherwise` without a table', { set: 'title', from: 'body', otherwise: 'x' }],
  ])('%s', (_, extraction) => {
    expect(extractionSchema.safeParse(extraction).success).toBe(false);
  });
});
