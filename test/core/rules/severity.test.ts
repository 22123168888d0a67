import { describe, expect, test } from 'vitest';
import { compileSeverity } from '../../../src/core/rules/index.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { type SeverityConfig, severityConfigSchema } from '../../../src/model/severity.ts';

const parse = (config: unknown): SeverityConfig => severityConfigSchema.parse(config);
const compile = (config: unknown = {}) => compileSeverity(parse(config));
const levels = (...ids: string[]) => ids.map((id) => ({ id }));

describe('who decides', () => {
  const severity = compile({
    rules: [
      { id: 'quiet', when: 'env="dev"', severity: 'SEV3' },
      { when: 'tier="1"', severity: 'SEV1' },
    ],
    matrix: [
      { impact: 'wide', timePressure: 'now', severity: 'SEV1' },
      { impact: 'wide', timePressure: 'later', severity: 'SEV2' },
      { impact: 'wide', timePressure: 'later', severity: 'SEV3' },
    ],
  });

  test('a rule goes before everything', () => {
    const fact = { severity: 'critical', impact: 'wide', timePressure: 'now', labels: { env: 'dev', tier: '1' } };
    expect(severity.decide(fact, 0)).toMatchObject({
      severity: 'SEV3',
      urgency: 'low',
      decidedBy: { kind: 'rule', rule: 'quiet' },
      reason: 'rule "quiet" says SEV3',
    });
  });

  test('a rule without an id is named by its place', () => {
    const decision = severity.decide({ labels: { tier: '1' } }, 0);
    expect(decision).toMatchObject({
      severity: 'SEV1',
      urgency: 'high',
      decidedBy: { kind: 'rule', rule: 'severity.rules[1]' },
    });
    expect(decision.trace.map(({ rule, result }) => [rule, result])).toEqual([
      ['quiet', false],
      ['severity.rules[1]', true],
    ]);
    expect(decision.trace).toBe(decision.trace);
  });

  test('then the matrix, in which the first of two equal cells counts', () => {
    expect(severity.decide({ severity: 'info', impact: 'wide', timePressure: 'later' }, 0)).toMatchObject({
      severity: 'SEV2',
      decidedBy: { kind: 'matrix' },
      reason: 'impact "wide" and time pressure "later" make SEV2',
    });
  });

  test('then the event', () => {
    expect(severity.decide({ severity: 'critical', impact: 'wide', timePressure: 'never' }, 0)).toMatchObject({
      severity: 'SEV1',
      decidedBy: { kind: 'event' },
      reason: 'the event says "critical", which is SEV1',
    });
  });

  test('then the default', () => {
    const decision = severity.decide({ severity: 'purple', impact: 'wide' }, 0);
    expect(decision).toMatchObject({
      severity: 'SEV2',
      decidedBy: { kind: 'default' },
      reason: 'nothing else decides; the default is SEV2',
    });
    expect(decision.decidedBy).toEqual({ kind: 'default' });
    expect(decision.trace.map(({ result }) => result)).toEqual([false, false]);
  });

  test('the matrix wants two texts', () => {
    expect(severity.decide({ impact: ['wide'], timePressure: 'now' }, 0).decidedBy.kind).toBe('default');
    expect(severity.decide({ timePressure: 'now' }, 0).decidedBy.kind).toBe('default');
    expect(severity.decide({ impact: 'wide' }, 0).decidedBy.kind).toBe('default');
  });

  test('the matrix reads the labels where the event itself says nothing', () => {
    const labels = { impact: 'wide', time_pressure: 'now' };
    expect(severity.decide({ labels }, 0)).toMatchObject({ severity: 'SEV1', decidedBy: { kind: 'matrix' } });
    expect(severity.decide({ labels, timePressure: 'later' }, 0).severity).toBe('SEV2');
    expect(severity.decide({ labels: { ...labels, impact: 'narrow' }, impact: 'wide' }, 0).severity).toBe('SEV1');
    expect(severity.decide({ labels, impact: null, severity: 'info' }, 0).severity).toBe('SEV1');
  });

  test('the time of the decision reaches the rules', () => {
    const nightly = compile({
      rules: [{ when: { op: 'during', value: { timeZone: 'UTC', until: '06:00' } }, severity: 'SEV3' }],
    });
    expect(nightly.decide({}, Date.parse('2026-01-05T05:00:00Z')).severity).toBe('SEV3');
    expect(nightly.decide({}, Date.parse('2026-01-05T06:00:00Z')).severity).toBe('SEV2');
  });
});

describe('several rules hold', () => {
  const rules = [
    { id: 'low', when: 'a="1"', severity: 'SEV3' },
    { id: 'mid', when: 'b="1"', severity: 'SEV2' },
    { id: 'mid-too', when: 'b="1"', severity: 'SEV2' },
    { id: 'top', when: 'c="1"', severity: 'SEV1' },
    { id: 'top-too', when: 'c="1"', severity: 'SEV1' },
  ];
  const decider = (strategy: string, labels: Record<string, string>) =>
    compile({ rules, strategy }).decide({ labels }, 0).decidedBy.rule;

  test('first: the order of the list', () => {
    expect(decider('first', { a: '1', b: '1', c: '1' })).toBe('low');
  });

  test('highest: the most severe, and the first among equals', () => {
    expect(decider('highest', { a: '1', b: '1', c: '1' })).toBe('top');
    expect(decider('highest', { a: '1', b: '1' })).toBe('mid');
    expect(decider('highest', { a: '1' })).toBe('low');
    expect(decider('highest', {})).toBeUndefined();
  });

  test('highest: the trace has every rule', () => {
    const { trace } = compile({ rules, strategy: 'highest' }).decide({ labels: { a: '1', b: '1' } }, 0);
    expect(trace.map(({ result }) => result)).toEqual([true, true, true, false, false]);
  });
});

describe('the words of monitoring tools', () => {
  const four = compile({ levels: levels('L1', 'L2', 'L3', 'L4') });
  test.each([
    ...['critical', 'fatal', 'emergency', 'disaster', 'page', 'p1', 'sev1', 'sev0', 'CRITICAL', 'Sev0', ' page '].map(
      (word) => [word, 'L1'],
    ),
    ...['error', 'high', 'major', 'p2', 'sev2', 'P2', 'Error'].map((word) => [word, 'L2']),
    ...['warning', 'warn', 'medium', 'average', 'minor', 'p3', 'sev3', 'Warning'].map((word) => [word, 'L3']),
    ...['info', 'informational', 'notice', 'low', 'none', 'ok', 'p4', 'p5', 'sev4', 'sev5', 'debug', 'INFO'].map(
      (word) => [word, 'L4'],
    ),
  ])('%j means %s of four levels', (word, id) => {
    expect(four.decide({ severity: word }, 0)).toMatchObject({ severity: id, decidedBy: { kind: 'event' } });
  });

  test.each([
    [['A'], ['A', 'A', 'A', 'A']],
    [
      ['A', 'B'],
      ['A', 'B', 'B', 'B'],
    ],
    [
      ['A', 'B', 'C'],
      ['A', 'B', 'C', 'C'],
    ],
    [
      ['A', 'B', 'C', 'D', 'E'],
      ['A', 'B', 'C', 'E'],
    ],
  ])('with the levels %j critical, error, warning and info mean %j', (ids, expected) => {
    const severity = compile({ levels: levels(...ids) });
    expect(
      ['critical', 'error', 'warning', 'info'].map((word) => severity.decide({ severity: word }, 0).severity),
    ).toEqual(expected);
  });

  test('a level of the host goes before the table, in its own case and then in any', () => {
    const own = compile({ levels: levels('P0', 'P1', 'p1', 'info') });
    const read = (word: string) => own.decide({ severity: word }, 0).severity;
    expect([read('P1'), read('p1'), read('p0'), read('INFO'), read('critical')]).toEqual([
      'P1',
      'p1',
      'P0',
      'info',
      'P0',
    ]);
    expect(compile({ levels: levels('Aa', 'aA', 'B') }).decide({ severity: 'AA' }, 0).severity).toBe('Aa');
  });

  test('the label is asked when the event says nothing that is known', () => {
    const read = (fact: Record<string, unknown>) => four.decide(fact, 0).severity;
    expect(read({ labels: { severity: 'error' } })).toBe('L2');
    expect(read({ severity: 'purple', labels: { severity: 'error' } })).toBe('L2');
    expect(read({ severity: 'critical', labels: { severity: 'error' } })).toBe('L1');
    expect(four.decide({ severity: 5, labels: { severity: 'toString' } }, 0).decidedBy.kind).toBe('default');
  });
});

describe('the default', () => {
  test.each([
    [{}, 'SEV2'],
    [{ default: 'SEV1' }, 'SEV1'],
    [{ default: 'SEV3' }, 'SEV3'],
    [{ levels: [{ id: 'A' }, { id: 'B', urgency: 'low' }, { id: 'C' }, { id: 'D', urgency: 'low' }] }, 'C'],
    [
      {
        levels: [
          { id: 'A', urgency: 'low' },
          { id: 'B', urgency: 'low' },
        ],
      },
      'B',
    ],
  ])('of %j is %s', (config, expected) => {
    expect(compile(config).decide({}, 0).severity).toBe(expected);
  });
});

describe('comparing', () => {
  const severity = compile();
  test('the more severe comes first', () => {
    expect(severity.compare('SEV1', 'SEV2')).toBeLessThan(0);
    expect(severity.compare('SEV3', 'SEV2')).toBeGreaterThan(0);
    expect(severity.compare('SEV2', 'SEV2')).toBe(0);
    expect(['SEV3', 'SEV1', 'SEV2'].toSorted(severity.compare)).toEqual(['SEV1', 'SEV2', 'SEV3']);
    expect(severity.isMoreSevere('SEV1', 'SEV2')).toBe(true);
    expect(severity.isMoreSevere('SEV2', 'SEV2')).toBe(false);
    expect(severity.isMoreSevere('SEV3', 'SEV2')).toBe(false);
  });

  test('a level that is no more counts as the least severe', () => {
    expect(severity.isMoreSevere('SEV3', 'GONE')).toBe(true);
    expect(severity.isMoreSevere('GONE', 'SEV3')).toBe(false);
    expect(severity.compare('GONE', 'LOST')).toBe(0);
  });

  test('levels are found by id', () => {
    expect(severity.levels.map(({ id }) => id)).toEqual(['SEV1', 'SEV2', 'SEV3']);
    expect(severity.level('SEV2')).toBe(severity.levels[1]);
    expect(severity.level('GONE')).toBeUndefined();
  });
});

describe('refused', () => {
  const refusal = (config: SeverityConfig) => {
    try {
      compileSeverity(config);
    } catch (error) {
      if (isTocsinError(error)) return { code: error.code, details: error.details, message: error.message };
    }
    return undefined;
  };

  test.each([
    [
      {
        rules: [
          { when: 'a=b', severity: 'SEV1' },
          { when: 'a=b', severity: 'SEV9' },
        ],
      },
      'severity.rules[1].severity',
    ],
    [{ matrix: [{ impact: 'a', timePressure: 'b', severity: 'SEV9' }] }, 'severity.matrix[0].severity'],
    [{ default: 'SEV9' }, 'severity.default'],
  ])('%j names no level', (config, path) => {
    expect(refusal(parse(config))).toEqual({
      code: 'REFERENCE_UNKNOWN',
      details: { path, id: 'SEV9' },
      message: `Cannot use "SEV9" at ${path}: it is no severity level. Use one of SEV1, SEV2, SEV3.`,
    });
  });

  test('a malformed rule, with its path', () => {
    expect(refusal(parse({ rules: [{ when: 'nonsense', severity: 'SEV1' }] }))).toMatchObject({
      code: 'RULE_INVALID',
      details: { path: 'severity.rules[0].when' },
    });
  });

  test('no levels at all', () => {
    expect(refusal({ ...parse({}), levels: [] })).toMatchObject({
      code: 'CONFIG_INVALID',
      details: { problems: [{ path: 'severity.levels', message: 'name at least one level' }] },
      message: expect.stringContaining('severity.levels is empty'),
    });
  });
});
