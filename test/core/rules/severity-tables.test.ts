/**
 * What sources mean by their words, and the tables of a host that go before.
 */
import { describe, expect, test } from 'vitest';
import { compileSeverity } from '../../../src/core/rules/index.ts';
import { builtInTable, positionOfStep, TABLE_NAMES } from '../../../src/core/rules/severity-tables.ts';
import { severityConfigSchema } from '../../../src/model/severity.ts';

const compile = (config: unknown = {}) => compileSeverity(severityConfigSchema.parse(config));
const five = { levels: ['critical', 'high', 'medium', 'low', 'info'].map((step) => ({ id: `is-${step}` })) };
const steps = compile(five);
const said = (source: string, severity: string) => steps.decide({ source, severity }, 0).severity.replace('is-', '');

describe('a source that is known', () => {
  test.each([
    ['alertmanager', 'critical page error warning info none', 'critical critical high medium info info'],
    ['prometheus', 'critical warning low info', 'critical medium low info'],
    ['grafana', 'critical major minor', 'critical high medium'],
    ['pagerduty', 'critical error warning info', 'critical high medium info'],
    ['opsgenie', 'P1 P2 P3 P4 P5', 'critical high medium low info'],
    ['datadog', 'P1 P2 P3 P4 P5', 'critical high medium low info'],
    ['datadog', 'error warning info success', 'high medium info info'],
    ['azure-monitor', 'Sev0 Sev1 Sev2 Sev3 Sev4', 'critical high medium low info'],
    ['new-relic', 'CRITICAL HIGH MEDIUM LOW', 'critical high medium low'],
    ['sentry', 'fatal error warning info debug', 'critical high medium low info'],
    ['gcp', 'Critical Error Warning', 'critical high medium'],
    ['zabbix', 'Disaster High Average Warning Information', 'critical high medium low info'],
    ['nagios', 'CRITICAL DOWN UNREACHABLE UNKNOWN WARNING OK', 'critical critical high medium medium info'],
  ])('%s says %s and means %s', (source, words, expected) => {
    expect(words.split(' ').map((word) => said(source, word))).toEqual(expected.split(' '));
  });

  test('is known in any case, with or without hyphens', () => {
    expect(['Azure-Monitor', 'AZURE MONITOR', 'azuremonitor'].map((source) => said(source, 'Sev1'))).toEqual(
      Array.from({ length: 3 }, () => 'high'),
    );
    expect(TABLE_NAMES.every((name) => builtInTable(name)?.name === name)).toBe(true);
  });

  test('is named in the reason, with its own word', () => {
    expect(compile().decide({ source: 'azure-monitor', severity: ' Sev1' }, 0)).toMatchObject({
      severity: 'SEV2',
      decidedBy: { kind: 'event', table: 'azure-monitor' },
      reason: 'the event says " Sev1", which is SEV2 by the table azure-monitor',
    });
  });

  test('that has not set a severity leaves it to the default', () => {
    expect(compile().decide({ source: 'gcp', severity: 'No Severity' }, 0).decidedBy).toEqual({ kind: 'default' });
    expect(compile().decide({ source: 'gcp', severity: '' }, 0).decidedBy).toEqual({ kind: 'default' });
  });

  test('falls back to the common words for what its table does not know', () => {
    expect(compile().decide({ source: 'pagerduty', severity: 'P1' }, 0)).toMatchObject({
      severity: 'SEV1',
      decidedBy: { kind: 'event' },
      reason: 'the event says "P1", which is SEV1',
    });
  });

  test('never pages for a warning as for something critical, with two levels or more', () => {
    for (const count of [2, 3, 4, 5, 6]) {
      const levels = Array.from({ length: count }, (_, place) => ({ id: `L${place}` }));
      const severity = compile({ levels });
      for (const source of ['prometheus', 'pagerduty', 'datadog', 'sentry', 'gcp', 'nagios', 'no such source']) {
        expect(severity.decide({ source, severity: 'warning' }, 0).severity).not.toBe('L0');
      }
    }
  });
});

test.each([
  [1, [0, 0, 0, 0, 0]],
  [2, [0, 1, 1, 1, 1]],
  [3, [0, 1, 2, 2, 2]],
  [4, [0, 1, 2, 3, 3]],
  [5, [0, 1, 2, 3, 4]],
  [7, [0, 1, 2, 3, 6]],
])('of %i levels the five steps mean %j', (count, expected) => {
  expect((['critical', 'high', 'medium', 'low', 'info'] as const).map((step) => positionOfStep(step, count))).toEqual(
    expected,
  );
});

describe('the level of the host', () => {
  test('goes before the table of the source when its id is written as it is', () => {
    const severity = compile({ levels: [{ id: 'P0' }, { id: 'P1' }, { id: 'P2' }] });
    expect(severity.decide({ source: 'opsgenie', severity: 'P1' }, 0)).toMatchObject({
      severity: 'P1',
      decidedBy: { kind: 'event' },
    });
  });

  test('goes before it in any case when its id is a name, but not when it is a number', () => {
    const named = compile({ levels: [{ id: 'High' }, { id: 'Low' }] });
    expect(named.decide({ source: 'new-relic', severity: 'HIGH' }, 0).severity).toBe('High');
    expect(compile().decide({ source: 'azure-monitor', severity: 'Sev1' }, 0).severity).toBe('SEV2');
    expect(compile().decide({ source: 'elsewhere', severity: 'Sev1' }, 0).severity).toBe('SEV1');
  });
});

describe('a table of the host', () => {
  test('goes before the id of a level, and its words are found in any case', () => {
    const severity = compile({ tables: [{ table: { SEV1: 'SEV3', Boom: 'SEV1' } }] });
    expect(severity.decide({ severity: 'SEV1' }, 0)).toMatchObject({
      severity: 'SEV3',
      decidedBy: { kind: 'event', table: 'severity.tables[0]' },
      reason: 'the event says "SEV1", which is SEV3 by the table severity.tables[0]',
    });
    expect(severity.decide({ labels: { severity: ' bOOM ' } }, 0).severity).toBe('SEV1');
    expect(severity.decide({ severity: 'unheard-of', labels: { severity: 'boom' } }, 0).severity).toBe('SEV1');
  });

  test('is asked in the order of the list, where its condition holds, and passed over where it knows no word', () => {
    const severity = compile({
      tables: [
        { when: 'env="dev"', table: { critical: 'SEV3' } },
        { table: { critical: 'SEV2' } },
        { table: { critical: 'SEV1', odd: 'SEV1' } },
      ],
    });
    const read = (word: string, env: string) => severity.decide({ severity: word, labels: { env } }, 0).severity;
    expect([read('critical', 'dev'), read('critical', 'prod'), read('odd', 'dev')]).toEqual(['SEV3', 'SEV2', 'SEV1']);
    expect(read('fatal', 'dev')).toBe('SEV1');
  });

  test('reads the field that it names, also a number', () => {
    const severity = compile({ tables: [{ from: 'details.priority', table: { 1: 'SEV1', 2: 'SEV3' } }] });
    expect(severity.decide({ severity: 'critical', details: { priority: 2 } }, 0).severity).toBe('SEV3');
    expect(severity.decide({ severity: 'warning', details: { priority: true } }, 0).severity).toBe('SEV3');
    expect(severity.decide({ severity: 'error' }, 0).decidedBy).toEqual({ kind: 'event' });
  });

  test('may be a built-in one, for a source that goes by another name', () => {
    const severity = compile({ tables: [{ when: 'source="our-gateway"', table: 'Opsgenie' }] });
    expect(severity.decide({ source: 'our-gateway', severity: 'P2' }, 0)).toMatchObject({
      severity: 'SEV2',
      decidedBy: { kind: 'event', table: 'opsgenie' },
    });
  });

  test.each([
    [{ table: 'opsgeni' }, 'severity.tables[0].table', 'REFERENCE_UNKNOWN'],
    [{ table: { bad: 'SEV9' } }, 'severity.tables[0].table.bad', 'REFERENCE_UNKNOWN'],
    [{ from: 'details..x', table: {} }, 'severity.tables[0].from', 'RULE_INVALID'],
    [{ when: 'nonsense', table: {} }, 'severity.tables[0].when', 'RULE_INVALID'],
  ])('%j is refused', (table, path, code) => {
    expect(() => compile({ tables: [table] })).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ path }) }),
    );
  });

  test('has at most a thousand words', () => {
    const table = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`w${n}`, 'SEV1']));
    expect(() => compile({ tables: [{ table }] })).toThrow('expected at most 1000 words');
  });
});
