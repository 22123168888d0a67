/**
 * Templates: which sections a review has, what they ask, and which of them still have to be written.
 */
import { expect, test } from 'vitest';
import { DEFAULT_TEMPLATE, templateFor } from '../../../src/core/review/templates.ts';
import { ana, opened, severity, story } from '../lifecycle/support.ts';
import { actionItem, draft, reviewOf, shop } from './reviews.ts';

const sections = [{ id: 'what' }];
const config = shop({
  reviews: {
    templates: [
      { id: 'sev1', when: 'severity="SEV1"', sections },
      {
        id: 'office',
        when: { field: 'at', op: 'during', value: { timeZone: 'UTC', from: '08:00', until: '10:00' } },
        sections,
      },
      { id: 'big', when: { field: 'alertCount', op: 'gte', value: 2 }, sections },
    ],
  },
});
const of = (life: ReturnType<typeof story>, parts = config) => templateFor(parts, life.snapshot().context).id;

test('the first template that fits the incident is taken, as of the moment when it was opened', () => {
  expect(of(story().does(ana, severity('raised')))).toBe('sev1');
  expect(of(story())).toBe('office');
});

test('without one that fits it is that of Tocsin, in which the summary has to be written', () => {
  const { templates } = config.config.reviews;
  const later = {
    ...config,
    config: { ...config.config, reviews: { ...config.config.reviews, templates: templates.slice(2) } },
  };
  expect(of(story(), later)).toBe('default');
  expect(of(story(opened({ alerts: [] })), shop())).toBe('default');
  expect(DEFAULT_TEMPLATE.sections.filter(({ required }) => required).map(({ id }) => id)).toEqual(['summary']);
});

test('the default template has every kind of section but texts, each with a title', () => {
  const { sections: built, template, missing } = reviewOf(story().timeline());
  expect(template).toBe('default');
  expect(missing).toEqual(['summary']);
  expect(built.map(({ title }) => title)).toEqual([
    'Summary',
    'Impact',
    'Detection',
    'In numbers',
    'At a glance',
    'Timeline',
    'Who took part',
    'What went well',
    'What did not go well',
    'Where we were lucky',
    'Contributing factors',
    'Action items',
    'Similar incidents',
  ]);
});

test('no prompt asks who was at fault', () => {
  const prompts = reviewOf(story().timeline()).sections.flatMap(({ prompt }) => prompt ?? []);
  expect(prompts.length).toBeGreaterThan(5);
  expect(prompts.join(' ')).not.toMatch(/\b(?:blame|fault|mistake|error|should have|who caused|root cause)\b/i);
});

test('the template of a review is the one with which it was started, with its own titles and prompts', () => {
  const template = {
    id: 'mine',
    sections: [
      { id: 'a', kind: 'text' as const, title: 'In short', prompt: 'Two lines', required: true },
      { id: 'b', kind: 'factors' as const, required: true },
      { id: 'c', kind: 'actionItems' as const, required: true },
      { id: 'constructor-like', kind: 'text' as const, required: false },
    ],
  };
  const empty = reviewOf(story().timeline(), { config, stored: draft({ template }) });
  expect(empty.template).toBe('mine');
  expect(empty.sections[0]).toEqual({
    id: 'a',
    kind: 'text',
    title: 'In short',
    prompt: 'Two lines',
    isRequired: true,
  });
  expect(empty.missing).toEqual(['a', 'b', 'c']);
  const content = { answers: { a: 'Yes' }, factors: [{ id: 'f1', text: 'Night' }] };
  const full = reviewOf(story().timeline(), { stored: draft({ template, content }), actionItems: [actionItem()] });
  expect(full.missing).toEqual([]);
});
