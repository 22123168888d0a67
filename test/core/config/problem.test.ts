import { describe, expect, test } from 'vitest';
import { attempt } from '../../../src/core/config/problem.ts';
import { TocsinError } from '../../../src/errors.ts';

const failing = (details: Record<string, unknown>) => () => {
  throw new TocsinError('RULE_INVALID', 'Cannot read it.', { details });
};

describe('what compiling a part of a configuration comes to', () => {
  test('nothing when it succeeds', () => {
    expect(attempt('a', () => 1)).toEqual([]);
  });

  test('its own path when it names one, else the path of the part', () => {
    expect(attempt('a', failing({ path: 'a.b' }))).toEqual([{ path: 'a.b', message: 'Cannot read it.' }]);
    expect(attempt('a', failing({}))).toEqual([{ path: 'a', message: 'Cannot read it.' }]);
  });

  test('each of its problems, below the path of the part', () => {
    const problems = [
      { path: 'layers[0]', message: 'wrong', hint: 'Mend it.' },
      { path: '', message: 'empty' },
    ];
    expect(attempt('schedules[3]', failing({ problems }))).toEqual([
      { path: 'schedules[3].layers[0]', message: 'wrong', hint: 'Mend it.' },
      { path: 'schedules[3]', message: 'empty' },
    ]);
  });

  test('an error that is no refusal comes through', () => {
    const defect = new TypeError('x is not a function');
    expect(() =>
      attempt('a', () => {
        throw defect;
      }),
    ).toThrow(defect);
  });
});
