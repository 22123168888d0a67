import { expect, test } from 'vitest';
import { incidentNumbers } from '../../../src/core/review/incident-numbers.ts';
import { packNumbers, unpackNumbers } from '../../../src/core/review/packed-numbers.ts';
import { at, fires, page, told } from './stories.ts';

const numbers = incidentNumbers(
  told(
    [
      '10:00:00',
      'alertmanager',
      fires({
        incidentId: '0198f5b2-6f0e-7cc3-98c4-dc0c0c07398f',
        title: 'CheckoutErrorRate: more than 5 % of the orders fail',
        labels: { alertname: 'CheckoutErrorRate' },
      }),
    ],
    ['10:00:00', 'tocsin', page('ana', 'ben')],
    ['10:05:12', 'ana', 'incident.acknowledged'],
    ['10:20:31', 'ana', 'incident.mitigated'],
    ['10:41:02', 'ana', 'incident.resolved'],
    ['10:50:00', 'tocsin', 'incident.closed'],
  ),
  { now: at('12:00:00') },
);

test('packed numbers read back as they were, and are short', () => {
  const text = JSON.stringify(packNumbers(numbers));
  expect(unpackNumbers(JSON.parse(text))).toStrictEqual(numbers);
  expect(text.length).toBeLessThan(350);
});

const packed = packNumbers(numbers);
const changed = (place: number, value: unknown) => packed.map((one, index) => (index === place ? value : one));

test.each([
  { what: 'nothing', given: undefined },
  { what: 'a text', given: JSON.stringify(packed) },
  { what: 'another version', given: changed(0, 2) },
  { what: 'one that is cut off', given: packed.slice(0, -1) },
  { what: 'a kind that is not known', given: changed(5, 9) },
  { what: 'a moment that is none', given: changed(8, '2026-01-05') },
  { what: 'an end that is none', given: changed(9, 'never') },
  { what: 'no milestones', given: changed(10, []) },
  { what: 'too few measurements', given: changed(11, [0, 0]) },
  {
    what: 'a status that is not known',
    given: changed(
      11,
      Array.from({ length: 24 }, () => 7),
    ),
  },
  { what: 'people who are none', given: changed(17, ['ana']) },
  { what: 'people without numbers', given: changed(17, [['ana', 1]]) },
  { what: 'pages that are none', given: changed(17, [['ana', 1, 2, 'x']]) },
  { what: 'the involved that are none', given: changed(18, [1]) },
])('$what is not read', ({ given }) => {
  expect(unpackNumbers(given)).toBeUndefined();
});
