/**
 * Templates: which sections a review has, what they are called, and what people are asked to write in them.
 *
 * Pure. The words ask what happened and what made sense at the time, never whose fault it was.
 */
import {
  type BuiltSection,
  type ReviewContent,
  type ReviewTemplate,
  type SectionKind,
  sectionKindSchema,
} from '../../model/review.ts';
import type { CompiledConfig } from '../config/compile.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { compileGate } from '../paging/gate.ts';
import { incidentFact } from '../paging/incident-fact.ts';

const WORDS: Readonly<Record<SectionKind, { readonly title: string; readonly prompt?: string }>> = {
  summary: {
    title: 'Summary',
    prompt: 'What happened, how far it reached, and how it ended, in a few sentences for somebody who was not there.',
  },
  impact: { title: 'Impact', prompt: 'Who noticed what, and how badly? Say what could not be counted as well.' },
  detection: { title: 'Detection', prompt: 'How did we learn of it, and what could have told us sooner?' },
  measurements: { title: 'In numbers' },
  picture: { title: 'At a glance' },
  timeline: { title: 'Timeline' },
  people: { title: 'Who took part' },
  wentWell: { title: 'What went well', prompt: 'What helped, and should be kept or made easier?' },
  wentBadly: {
    title: 'What did not go well',
    prompt: 'What made it harder or longer than it had to be? What made sense at the time that looks different now?',
  },
  luck: { title: 'Where we were lucky', prompt: 'What could as well have gone worse, and did not?' },
  factors: {
    title: 'Contributing factors',
    prompt: 'What in our systems, tools and ways of working made this possible? There is rarely one cause alone.',
  },
  actionItems: { title: 'Action items', prompt: 'What do we change, so that the same is less likely or less bad?' },
  similar: { title: 'Similar incidents' },
  text: { title: 'Notes' },
};

/** Every kind of section but that of a host's own questions, in the order in which a review is read. */
const SECTIONS = sectionKindSchema.exclude(['text']).options;

/** The template of incidents that no other fits. */
export const DEFAULT_TEMPLATE: ReviewTemplate = {
  id: 'default',
  sections: SECTIONS.map((kind) => ({ id: kind, kind, required: kind === 'summary' })),
};

/** The first template that fits the incident, as of the moment when it was opened; without one, that of Tocsin. */
export function templateFor(
  { config, calendars }: Pick<CompiledConfig, 'config' | 'calendars'>,
  context: IncidentContext,
): ReviewTemplate {
  const fact = incidentFact(context);
  const { openedAt } = context.times;
  return (
    config.reviews.templates.find(({ when }) => compileGate(when, calendars).isOpen(fact, openedAt)) ?? DEFAULT_TEMPLATE
  );
}

/** The sections of `template` with what people have written. */
export function builtSections(
  template: ReviewTemplate,
  content: ReviewContent | undefined,
  textOf: (text: string) => string,
): readonly BuiltSection[] {
  return template.sections.map(({ id, kind, title, prompt = WORDS[kind].prompt, required }) => {
    const answer = answerOf(content, id);
    return {
      id,
      kind,
      title: title ?? WORDS[kind].title,
      ...(prompt !== undefined && { prompt }),
      ...(answer !== undefined && { answer: textOf(answer) }),
      isRequired: required,
    };
  });
}

/** What of a review counts as written beside the texts of its sections. */
export type Written = { readonly factors: number; readonly actionItems: number };

/** The required sections that nobody has written yet: neither a text, nor what the section lists. */
export function missingSections(sections: readonly BuiltSection[], written: Written): readonly string[] {
  const isListed = (kind: SectionKind) =>
    (kind === 'factors' && written.factors > 0) || (kind === 'actionItems' && written.actionItems > 0);
  return sections.flatMap(({ id, kind, answer, isRequired }) =>
    isRequired && answer === undefined && !isListed(kind) ? [id] : [],
  );
}

/** A text of white space alone says nothing. */
function answerOf(content: ReviewContent | undefined, section: string): string | undefined {
  if (content === undefined || !Object.hasOwn(content.answers, section)) return undefined;
  const answer = content.answers[section];
  return answer === undefined || answer.trim() === '' ? undefined : answer;
}
