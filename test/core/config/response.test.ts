/**
 * The response in a configuration: old forms stay, and what names nothing is refused.
 */
import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { configJsonSchema } from '../../../src/model/config.ts';
import { problemsOf, smallest } from './smallest.ts';

const paths = (incidents: object) => problemsOf({ incidents } as never).map(({ path }) => path);

describe('roles', () => {
  test('given as texts, as before, become roles that are never required', () => {
    const { incidents } = checkConfig({
      ...smallest(),
      incidents: { roles: ['commander', { id: 'scribe', name: 'Scribe' }] },
    });
    expect(incidents.roles).toEqual([
      { id: 'commander', requiredFor: [], remindEvery: '10m' },
      { id: 'scribe', name: 'Scribe', requiredFor: [], remindEvery: '10m' },
    ]);
  });

  test('read again from what came out are the same', () => {
    const roles = [
      'commander',
      { id: 'lead', requiredFor: ['SEV1'], fill: { schedule: 'primary' }, remindEvery: '5m' },
    ];
    const config = checkConfig({ ...smallest(), incidents: { roles } });
    expect(checkConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  test('that name a severity or a schedule that there is not, or remind without a pause, are refused', () => {
    expect(
      paths({
        roles: [
          { id: 'a', requiredFor: ['SEV1', 'SEV9'] },
          { id: 'b', fill: { schedule: 'none' } },
          { id: 'c', remindEvery: '1s' },
          'a',
        ],
      }),
    ).toEqual([
      'incidents.roles[3].id',
      'incidents.roles[0].requiredFor[1]',
      'incidents.roles[1].fill.schedule',
      'incidents.roles[2].remindEvery',
    ]);
  });

  test.each([
    [{ id: 'a', fill: 'anybody' }],
    [{ name: 'x' }],
    [7],
    [''],
    ['__proto__'],
    [{ id: 'a', require: ['SEV1'] }],
  ])('%j is no role', (role) => {
    expect(paths({ roles: [role] })[0]).toMatch(/^incidents\.roles\[0\]/);
  });
});

test('checklists, fields and sub-statuses that could not be obeyed are refused, each at its path', () => {
  const item = { id: 'i', title: 'I' };
  expect(
    paths({
      checklists: [
        { id: 'a', name: 'A', items: [{ ...item, role: 'king' }, item] },
        { id: 'b', name: 'B', when: { field: 'severity', op: 'matches', value: '(' }, items: [item] },
      ],
      fields: [
        { id: 'f', type: 'select' },
        { id: 'g', type: 'text', options: ['x'], requiredFor: ['SEV9'] },
      ],
      subStatuses: [
        { id: 's', phase: 'triage' },
        { id: 's', phase: 'triage' },
      ],
    }).toSorted(),
  ).toEqual([
    'incidents.checklists[0].items[0].role',
    'incidents.checklists[0].items[1].id',
    'incidents.checklists[1].when.value',
    'incidents.fields[0].options',
    'incidents.fields[1].options',
    'incidents.fields[1].requiredFor[0]',
    'incidents.subStatuses[1].id',
  ]);
  expect(paths({ subStatuses: [{ id: 's', phase: 'merged' }] })).toEqual(['incidents.subStatuses[0].phase']);
});

test('two checklists whose items would become tasks of one id are refused', () => {
  const checklists = [
    { id: 'a', name: 'A', items: [{ id: 'b:c', title: 'One' }] },
    {
      id: 'a:b',
      name: 'B',
      items: [
        { id: 'c', title: 'Two' },
        { id: 'd', title: 'Three' },
      ],
    },
  ];
  expect(paths({ checklists })).toEqual(['incidents.checklists[1].items[0].id']);
});

test('the JSON Schema knows both forms of a role', () => {
  const text = JSON.stringify(configJsonSchema());
  expect(text).toContain('firstAcknowledger');
  expect(text).toContain('multiSelect');
});
