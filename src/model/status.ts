/**
 * The status page: what is shown of services and incidents to people who are not responding.
 *
 * The configuration of pages, and the picture that every output is drawn from: plain data, with nothing in it that its
 * audience may not read. Moments in the picture are epoch ms.
 */
import * as z from 'zod';
import { conditionSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';

/** How well a component works, the best first. The words are those of Atlassian Statuspage. */
export const IMPACTS = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const;

/** How well a component works. */
export const impactSchema = z.enum(IMPACTS);
/** How far an incident is, in the words that the public reads. */
export const publicStatusSchema = z.enum(['investigating', 'identified', 'monitoring', 'resolved']);
/** Who reads something: everybody, or only the people of the host. */
export const audienceSchema = z.enum(['internal', 'public']);
/** How far a maintenance is, in the words that the public reads. */
export const maintenanceStatusSchema = z.enum(['scheduled', 'in_progress', 'verifying', 'completed']);

const name = z.string().min(1).max(200);
const description = z.string().min(1).max(1_000).optional();

/** What a severity does to a component: `{ SEV1: 'major_outage' }`. Levels that are not named have the default. */
export const impactBySeveritySchema = z.record(idSchema, impactSchema.exclude(['under_maintenance']));

/** Something that people outside know by name, and whose state they can see. */
export const componentSchema = z.strictObject({
  id: idSchema,
  name,
  description,
  group: idSchema.optional(),
  services: z
    .array(idSchema)
    .max(1_000)
    .default([])
    .describe('An open incident of any of these services shows on the component.'),
  impact: impactBySeveritySchema.optional().describe('Default: that of the pages.'),
  showUptime: z.boolean().default(true),
});

/** Components that are shown together. */
export const componentGroupSchema = z.strictObject({ id: idSchema, name, description });

/** How uptime is worked out. Maintenance never counts against it. */
export const uptimeSchema = z.strictObject({
  days: z.number().int().min(1).max(365).default(90),
  weights: z
    .strictObject({
      degraded_performance: z.number().min(0).max(1).default(0),
      partial_outage: z.number().min(0).max(1).default(0.3),
      major_outage: z.number().min(0).max(1).default(1),
    })
    .prefault({})
    .describe('How much of a minute counts as down.'),
});

/** One page, for one audience. */
export const statusPageSchema = z.strictObject({
  id: idSchema,
  name,
  description,
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .optional()
    .describe('Where the host serves it. Feeds and the badge link to it.'),
  audience: audienceSchema
    .default('public')
    .describe("'internal': also internal updates and titles, and only for those whom `authorize` lets in."),
  access: z
    .enum(['open', 'authorized'])
    .optional()
    .describe("'authorized': only for those whom `authorize` lets in. Default: open for a public page."),
  components: z.array(idSchema).max(1_000).optional().describe('Default: all.'),
  locale: z.string().min(2).max(35).default('en').describe('The language of the page, such as `en` or `de`.'),
  timeZone: z.string().min(1).max(100).default('UTC'),
  uptime: uptimeSchema.prefault({}),
  when: conditionSchema.optional().describe('Only incidents like these. Default: all that touch a component.'),
});

/** Status pages, and what they show. */
export const statusSchema = z.strictObject({
  components: z.array(componentSchema).max(1_000).default([]),
  groups: z.array(componentGroupSchema).max(200).default([]),
  pages: z.array(statusPageSchema).max(50).default([]),
  from: idSchema
    .optional()
    .describe('The least severe level that shows. Default: the least severe level of high urgency.'),
  impact: impactBySeveritySchema
    .default({})
    .describe(
      'Default: the most severe level is a major outage, the second a partial outage, all others degraded performance.',
    ),
  publish: z
    .enum(['automatic', 'onUpdate'])
    .default('automatic')
    .describe(
      "Whether an open incident shows on its components by itself ('automatic') or only once somebody has posted a public update. Its text is public only by an update, whichever it is.",
    ),
  keepFor: durationSchema.default('400d').describe('How long the history of an incident that has ended is kept.'),
});

/** How well a component works. */
export type Impact = z.infer<typeof impactSchema>;
/** How far an incident is, in the words that the public reads. */
export type PublicStatus = z.infer<typeof publicStatusSchema>;
/** How far a maintenance is, in the words that the public reads. */
export type MaintenanceStatus = z.infer<typeof maintenanceStatusSchema>;
/** Who reads something. */
export type Audience = z.infer<typeof audienceSchema>;
/** Something whose state people outside can see. */
export type Component = z.infer<typeof componentSchema>;
/** Components that are shown together. */
export type ComponentGroup = z.infer<typeof componentGroupSchema>;
/** One page, for one audience. */
export type StatusPage = z.infer<typeof statusPageSchema>;
/** Status pages, and what they show. */
export type StatusConfig = z.infer<typeof statusSchema>;

/** How bad it is as a whole, in the words of Atlassian Statuspage. */
export type Indicator = 'none' | 'minor' | 'major' | 'critical' | 'maintenance';

/** One text that was posted for the audience of the page. */
export type PictureUpdate = {
  readonly id: string;
  /** A maintenance has a status of its own. */
  readonly status: PublicStatus | MaintenanceStatus;
  readonly text: string;
  readonly at: number;
  /** Of an internal page: whether the public reads it as well. */
  readonly audience: Audience;
};

/** An incident as the audience of the page may see it. */
export type PictureIncident = {
  readonly id: string;
  readonly title: string;
  readonly status: PublicStatus;
  /** The worst that it does to any component of the page; of one that is over, that it did. */
  readonly impact: Impact;
  /** The components of the page that it touches, by id; of one that is over, at their worst. */
  readonly components: Readonly<Record<string, Impact>>;
  readonly startedAt: number;
  readonly monitoringAt?: number;
  readonly resolvedAt?: number;
  /** When anything that is shown of it changed last. */
  readonly updatedAt: number;
  /** The newest first. */
  readonly updates: readonly PictureUpdate[];
};

/** A maintenance as the audience of the page may see it. */
export type PictureMaintenance = {
  readonly id: string;
  readonly title: string;
  readonly status: MaintenanceStatus;
  readonly components: readonly string[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The newest first. */
  readonly updates: readonly PictureUpdate[];
};

/** One day of a component, in the zone of the page. */
export type UptimeDay = {
  /** `2026-11-29` */
  readonly date: string;
  /** The worst of the day; `undefined` for a day before the component was known or still to come. */
  readonly worst: Impact | undefined;
  /** Minutes of each kind, maintenance among them. Only what happened is there. */
  readonly minutes: { readonly [I in Exclude<Impact, 'operational'>]?: number };
};

/** The uptime of a component over the days that the page shows. */
export type Uptime = {
  /** The oldest first. */
  readonly days: readonly UptimeDay[];
  /** From 0 to 1; `undefined` when nothing of it is known, or all of it was maintenance. */
  readonly ratio: number | undefined;
};

/** A component as it stands. */
export type PictureComponent = {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly group?: string;
  readonly impact: Impact;
  /** When the impact last changed, if that is known. */
  readonly since?: number;
  readonly uptime?: Uptime;
};

/** Everything a status page shows, for one audience at one moment. All outputs are drawn from it. */
export type StatusPicture = {
  readonly page: {
    readonly id: string;
    readonly name: string;
    readonly description?: string;
    readonly url?: string;
    readonly audience: Audience;
    readonly access: 'open' | 'authorized';
    readonly locale: string;
    readonly timeZone: string;
    /** How uptime was worked out, so that the page can say so. */
    readonly uptime?: StatusPage['uptime'];
  };
  /** The moment that it shows. */
  readonly at: number;
  /** When anything that it shows changed last; never later than `at`. */
  readonly updatedAt: number;
  /** Whether it could not be made anew: it then shows `at`, and was asked for at `askedAt`. */
  readonly stale?: { readonly askedAt: number };
  readonly indicator: Indicator;
  readonly groups: readonly ComponentGroup[];
  /** In the order of the configuration. */
  readonly components: readonly PictureComponent[];
  /** Those that are open, the newest first. */
  readonly incidents: readonly PictureIncident[];
  /** Under way or to come, the soonest first. */
  readonly maintenance: readonly PictureMaintenance[];
  /** What has ended, the newest first: the last days that the page keeps. */
  readonly past: readonly PictureIncident[];
  readonly pastMaintenance: readonly PictureMaintenance[];
};

/** One output of a status page, ready for the route of a host. */
export type StatusOutput = {
  /** `304` when the reader has it already. */
  readonly status: 200 | 304 | 404;
  readonly body: string;
  /** With content type, `etag` and `cache-control`; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
};
