import { compileStatus } from 'tocsin/status';
import { expect, test } from 'vitest';
import { severityConfigSchema } from '../../../src/model/severity.ts';
import { statusSchema } from '../../../src/model/status.ts';
import { compiled } from './build.ts';

test('by default the most severe level is a major outage, the second a partial one, and low urgency does not show', () => {
  const status = compiled();
  expect(status.impactsOf('checkout', 'SEV1')).toEqual({ checkout: 'major_outage' });
  expect(status.impactsOf('checkout', 'SEV2')).toEqual({ checkout: 'partial_outage' });
  expect(status.impactsOf('checkout', 'SEV3')).toEqual({});
  expect(status.isShown('SEV3')).toBe(false);
});

test('levels from the third on are degraded performance where they show', () => {
  expect(compiled({ from: 'SEV3' }).impactsOf('search', 'SEV3')).toEqual({ search: 'degraded_performance' });
});

test('a level that is no more, and a service that feeds nothing, do nothing', () => {
  expect(compiled({ from: 'SEV3' }).impactsOf('checkout', 'SEV9')).toEqual({});
  expect(compiled().impactsOf('nothing', 'SEV1')).toEqual({});
});

test('the table of a component goes before that of the pages, and operational is no impact', () => {
  const status = compiled({
    components: [
      { id: 'a', name: 'A', services: ['s', 's'], impact: { SEV1: 'degraded_performance', SEV2: 'operational' } },
      { id: 'b', name: 'B', services: ['s'] },
    ],
    impact: { SEV1: 'partial_outage' },
  });
  expect(status.impactsOf('s', 'SEV1')).toEqual({ a: 'degraded_performance', b: 'partial_outage' });
  expect(status.impactsOf('s', 'SEV2')).toEqual({ b: 'partial_outage' });
  expect(status.byService.get('s')?.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('where no level is of high urgency, the level that follows support hours, or the last, is where it begins', () => {
  const from = (levels: object[]) => {
    const status = compileStatus({ status: statusSchema.parse({}), severity: severityConfigSchema.parse({ levels }) });
    return ['a', 'b', 'c'].filter((id) => status.isShown(id));
  };
  const level = (id: string, urgency: string) => ({ id, urgency });
  expect(from([level('a', 'high'), level('b', 'high'), level('c', 'low')])).toEqual(['a', 'b']);
  expect(from([level('a', 'supportHours'), level('b', 'low'), level('c', 'low')])).toEqual(['a']);
  expect(from([level('a', 'low'), level('b', 'low')])).toEqual(['a', 'b']);
});

test('a page has its components in the order of the configuration', () => {
  const status = compiled({ pages: [{ id: 'p', name: 'P', components: ['docs', 'checkout'] }] });
  expect(status.pages.get('p')?.components.map(({ id }) => id)).toEqual(['checkout', 'docs']);
  expect(status.keepForMs).toBe(400 * 86_400_000);
});
