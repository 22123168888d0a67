/**
 * The review: what an incident teaches, its template, what people write into it, and how it reads in the end.
 *
 * The schemas are of the configuration and of what is stored; a built review is plain data with everything resolved.
 */
import * as z from 'zod';
import type { ActionItem } from './action-item.ts';
import { conditionSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { actorSchema, idSchema } from './identity.ts';
import type { Phase, Review as ReviewState } from './incident.ts';
import type { IncidentNumbers } from './measurement.ts';
import type { Impact } from './status.ts';
import type { IncidentKind, Visibility } from './timeline.ts';

/** What a section shows beside what people write into it. */
export const sectionKindSchema = z.enum([
  'summary',
  'impact',
  'detection',
  'measurements',
  'picture',
  'timeline',
  'people',
  'wentWell',
  'wentBadly',
  'luck',
  'factors',
  'actionItems',
  'similar',
  'text',
]);

/** One section of a review. */
export const reviewSectionSchema = z.strictObject({
  id: idSchema.max(80),
  kind: sectionKindSchema.default('text'),
  title: z.string().min(1).max(200).optional().describe('Default: what sections of its kind are called.'),
  prompt: z.string().min(1).max(2_000).optional().describe('What people are asked to write.'),
  required: z.boolean().default(false).describe('Whether it has to be written before the review is handed in.'),
});

/** Which sections the reviews of incidents like these have. */
export const reviewTemplateSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  when: conditionSchema.optional().describe('Only incidents like these. Default: all.'),
  sections: z.array(reviewSectionSchema).min(1).max(50),
});

/** What contributes to incidents, in the words of the host. */
export const factorCategorySchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
});

/** How urgent an action item is, and how long it may take. */
export const actionPrioritySchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  dueWithin: durationSchema.optional().describe('When it is due unless it says so itself. Default: never.'),
});

/** Reviews: how they read, who has to look at them, and what becomes of what was decided. */
export const reviewsConfigSchema = z.strictObject({
  blameless: z.boolean().default(true).describe('Whether a review names roles instead of people.'),
  templates: z
    .array(reviewTemplateSchema)
    .max(100)
    .default([])
    .describe('The first that fits is taken; without one, that of Tocsin.'),
  categories: z.array(factorCategorySchema).max(200).default([]).describe('Kinds of contributing factors.'),
  approval: z
    .enum(['none', 'other'])
    .default('none')
    .describe("'other': it is handed in first, and published by somebody who did not write it."),
  similar: z.int().min(0).max(20).default(5).describe('How many similar incidents of the past are listed.'),
  timeZone: z.string().min(1).max(100).default('UTC').describe('In which moments are shown.'),
  actionItems: z
    .strictObject({
      priorities: z
        .array(actionPrioritySchema)
        .max(20)
        .default([])
        .describe('The most urgent first. Default: high (30 days), medium (90 days), low.'),
      remindEvery: durationSchema.default('7d').describe('How often the owner of what is overdue hears of it.'),
      tracker: idSchema.optional().describe('The issue tracker that gets every action item. Default: none.'),
    })
    .prefault({}),
});

/** Something that contributed to the incident. There is rarely one alone, and it is never a person. */
export const contributingFactorSchema = z.strictObject({
  id: idSchema,
  text: z.string().min(1).max(8_192),
  category: idSchema.optional(),
});

/** What people have written, by the id of the section. */
export const reviewContentSchema = z.strictObject({
  answers: z.record(idSchema, z.string().max(65_536)),
  factors: z.array(contributingFactorSchema).max(200),
});

/** A past incident that a review names, as it is stored. */
export const similarIncidentSchema = z.strictObject({
  id: idSchema,
  title: z.string(),
  service: idSchema,
  severity: idSchema,
  openedAt: z.number(),
  score: z.number(),
  because: z.array(z.string()).readonly(),
});

/** A review as it was published: its timeline ends with the event `seq`. */
export const publicationSchema = z.strictObject({
  revision: z.int().min(1),
  seq: z.int().min(1),
  at: z.number(),
  by: actorSchema,
  content: reviewContentSchema,
  /** What of other incidents it named: those that resembled it, and the services of those that were part of it. */
  similar: z.array(similarIncidentSchema).max(100).readonly().optional(),
  absorbedServices: z.array(idSchema).readonly().optional(),
  /** What those were called whom it named, by their ids: somebody may have left since. */
  names: z.record(idSchema, z.string()).optional(),
});

/** A review as it is stored. Instants are epoch ms. */
export const storedReviewSchema = z.strictObject({
  format: z.literal(1),
  incidentId: idSchema,
  /** The template as it was when the review was started. */
  template: reviewTemplateSchema,
  content: reviewContentSchema,
  startedAt: z.number(),
  startedBy: actorSchema,
  editedAt: z.number().optional(),
  /** Everybody who has written in it, each once. */
  authors: z.array(actorSchema).max(1_000),
  publications: z.array(publicationSchema).max(1_000),
});

/** What a section shows beside what people write into it. */
export type SectionKind = z.infer<typeof sectionKindSchema>;
/** One section of a review. */
export type ReviewSection = z.infer<typeof reviewSectionSchema>;
/** Which sections the reviews of incidents like these have. */
export type ReviewTemplate = z.infer<typeof reviewTemplateSchema>;
/** Kinds of contributing factors. */
export type FactorCategory = z.infer<typeof factorCategorySchema>;
/** How urgent an action item is. */
export type ActionPriority = z.infer<typeof actionPrioritySchema>;
/** How reviews read, who has to look at them, and what becomes of what was decided. */
export type ReviewsConfig = z.infer<typeof reviewsConfigSchema>;
/** Something that contributed to the incident. */
export type ContributingFactor = z.infer<typeof contributingFactorSchema>;
/** What people have written. */
export type ReviewContent = z.infer<typeof reviewContentSchema>;
/** A review as it was published. */
export type Publication = z.infer<typeof publicationSchema>;
/** A review as it is stored. */
export type StoredReview = z.infer<typeof storedReviewSchema>;

/** Which lane of the picture, and which kind of thing, an entry is. */
export type ReviewEntryKind =
  | 'alert'
  | 'page'
  | 'delivery'
  | 'acknowledgement'
  | 'phase'
  | 'severity'
  | 'update'
  | 'people'
  | 'task'
  | 'note'
  | 'chat'
  | 'review'
  | 'other';

/** One line of the timeline of a review. */
export type ReviewEntry = {
  /** The number of the event; absent for a delivery. */
  readonly seq?: number;
  readonly at: number;
  readonly kind: ReviewEntryKind;
  /** One sentence, with everybody called as the review calls them. */
  readonly text: string;
  readonly isPinned: boolean;
  /** Whether it failed or was missed: a page that reached nobody, a step that nobody answered. */
  readonly isAlarming: boolean;
};

/** Something that lasted. Without `untilAt` it lasts still. */
export type ReviewSpan = { readonly fromAt: number; readonly untilAt?: number; readonly label: string };

/** What the picture of an incident is drawn from. Marks are the entries of the review. */
export type ReviewPicture = {
  readonly fromAt: number;
  readonly untilAt: number;
  /** How long each alert fired. */
  readonly alerts: readonly ReviewSpan[];
  readonly phases: readonly (ReviewSpan & { readonly phase: Phase })[];
  /** While somebody had acknowledged it, and while it was snoozed; the label says who. */
  readonly acknowledged: readonly ReviewSpan[];
  readonly snoozed: readonly ReviewSpan[];
  /** `rank`: how bad it is, from 0 for the worst; absent of one that the configuration does not know any more. */
  readonly severities: readonly (ReviewSpan & { readonly severity: string; readonly rank?: number })[];
  /** When each page was requested, and whom it asked, as the review calls them. */
  readonly pages: readonly { readonly at: number; readonly label: string; readonly isAlarming: boolean }[];
  readonly updates: readonly { readonly at: number; readonly label: string; readonly isPublic: boolean }[];
};

/** Somebody who took part, as the review calls them. */
export type ReviewPerson = {
  readonly name: string;
  readonly parts: readonly string[];
  readonly pages: number;
  readonly engagedMs: number;
};

/** A past incident that resembles this one, and why. */
export type SimilarIncident = {
  readonly id: string;
  readonly title: string;
  readonly service: string;
  readonly severity: string;
  readonly openedAt: number;
  /** From 0 to 1. */
  readonly score: number;
  readonly because: readonly string[];
};

/** A section with what people have written. */
export type BuiltSection = {
  readonly id: string;
  readonly kind: SectionKind;
  readonly title: string;
  readonly prompt?: string;
  readonly answer?: string;
  readonly isRequired: boolean;
};

/** An action item as a review shows it. */
export type ReviewActionItem = Pick<ActionItem, 'id' | 'title' | 'status'> & {
  /** As the review calls them; absent: nobody. */
  readonly owner?: string;
  readonly priority?: string;
  readonly dueAt?: number;
  readonly isOverdue: boolean;
  readonly url?: string;
};

/** A review with everything in it: plain data, the same for the same input. Instants are epoch ms. */
export type BuiltReview = {
  readonly format: 1;
  readonly incident: {
    readonly id: string;
    readonly title: string;
    readonly body?: string;
    readonly service: string;
    readonly serviceName?: string;
    readonly severity: string;
    readonly kind: IncidentKind;
    readonly visibility: Visibility;
    readonly phase: Phase;
    readonly openedAt: number;
    readonly endedAt?: number;
  };
  readonly state: ReviewState;
  /** Of a published one: its number, 1 for the first, and when it was published. */
  readonly revision?: number;
  readonly publishedAt?: number;
  readonly template: string;
  readonly isBlameless: boolean;
  readonly timeZone: string;
  readonly sections: readonly BuiltSection[];
  /** The required sections that nobody has written yet. */
  readonly missing: readonly string[];
  readonly impact: {
    readonly startedAt?: number;
    readonly endedAt?: number;
    /** Absent unless both are known. */
    readonly durationMs?: number;
    readonly services: readonly string[];
    readonly components: readonly { readonly id: string; readonly name: string; readonly worst: Impact }[];
    readonly publicUpdates: number;
    /** What was filled in, as text: `{ name: 'Customers', value: '1,200' }`. */
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  };
  readonly detection: { readonly by: 'alert' | 'person' | 'system'; readonly what: string };
  readonly numbers: IncidentNumbers;
  readonly people: readonly ReviewPerson[];
  readonly entries: readonly ReviewEntry[];
  readonly picture: ReviewPicture;
  readonly factors: readonly (ContributingFactor & { readonly categoryName?: string })[];
  readonly actionItems: readonly ReviewActionItem[];
  /** Tasks of the incident that nobody has done. */
  readonly openTasks: readonly string[];
  readonly similar: readonly SimilarIncident[];
};

/** A review in a list. */
export type ReviewSummary = {
  readonly incident: string;
  readonly title: string;
  readonly service: string;
  readonly severity: string;
  readonly state: Exclude<ReviewState, 'notNeeded'>;
  readonly endedAt?: Date;
  /** When somebody is reminded of it next. */
  readonly dueAt?: Date;
};
