/**
 * The review of an incident, built from its timeline and from what people have written.
 *
 * Pure: the same input gives the same review, to the byte. A published one is that of its day, but for the action items.
 */
import type { Review as ReviewState } from '../../model/incident.ts';
import type { BuiltReview } from '../../model/review.ts';
import { phaseChanges } from './phase-changes.ts';
import { castOf } from './review-cast.ts';
import { reviewEntries } from './review-entries.ts';
import { actionItemOf, detectionOf, factorsOf, incidentOf, numbersOf, similarOf } from './review-facts.ts';
import { reviewImpact } from './review-impact.ts';
import { publicationOf, type ReviewInput, shownPart } from './review-input.ts';
import { reviewPeople } from './review-people.ts';
import { reviewPicture } from './review-picture.ts';
import { builtSections, missingSections, templateFor } from './templates.ts';

/**
 * The review with everything in it.
 *
 * @throws TocsinError INPUT_INVALID when there is no such revision; TIMELINE_INVALID when the timeline of a publication
 * does not begin with incident.opened.
 */
export function buildReview(input: ReviewInput): BuiltReview {
  const { stored, actionItems, similar, config, now } = input;
  const publication = publicationOf(input);
  const { timeline, events, context } = shownPart(input, publication);
  const content = publication?.content ?? stored?.content;
  const template = stored?.template ?? templateFor(config, context);
  const { people, roles, naming } = castOf(input, { events, context });
  const sections = builtSections(template, content, naming.text);
  const phases = phaseChanges(events, context);
  const factors = factorsOf(content, config, naming);
  const part = { events, context, phases, naming };
  return {
    format: 1,
    incident: incidentOf(context, { config, naming, phases }),
    state: publication === undefined ? (input.snapshot.value.review as ReviewState) : 'published',
    ...(publication !== undefined && { revision: publication.revision, publishedAt: publication.at }),
    template: template.id,
    isBlameless: naming.isBlameless,
    timeZone: config.config.reviews.timeZone,
    sections,
    missing: missingSections(sections, { factors: factors.length, actionItems: actionItems.length }),
    impact: reviewImpact({ ...part, config, absorbedServices: input.absorbedServices ?? [] }),
    detection: detectionOf(events, naming),
    numbers: numbersOf(input.numbers, naming),
    people: reviewPeople({ events, context, people, numbers: input.numbers, naming, roles }),
    entries: reviewEntries({
      timeline,
      context,
      naming,
      chatRooms: new Set(config.config.chatRooms.map(({ id }) => id)),
    }),
    picture: reviewPicture({ ...part, at: publication?.at ?? now, levels: config.config.severity.levels }),
    factors,
    actionItems: actionItems.map((item) => actionItemOf(item, { config, naming, now })),
    openTasks: context.tasks.flatMap(({ status, title }) => (status === 'open' ? [naming.text(title)] : [])),
    similar: similar.map((one) => similarOf(one, naming)),
  };
}
