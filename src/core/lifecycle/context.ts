/**
 * The context of the statechart: what an incident knows about itself.
 *
 * Data only, folded from the timeline (see apply.ts); it never holds a clock or an id that an event did not bring.
 */
import type { Ladder } from '../../model/escalation.ts';
import type { ResponderStatus, TimesMs } from '../../model/incident.ts';
import type { Position } from '../../model/page.ts';
import type { CorrectableTime, FieldValue, Task } from '../../model/response-events.ts';
import type { CarriedSettings, IncidentKind, IncidentLink, Visibility } from '../../model/timeline.ts';
import type { KeptDraft } from '../../model/updates.ts';
import type { Urgency } from '../../model/user.ts';

/** How an incident ended, or that it has not. */
export type Outcome = 'open' | 'resolved' | 'closed' | 'dismissed' | 'merged';

/** A role that has to be filled. */
export type RequiredRole = {
  readonly remindMs: number;
  readonly fillBy?: 'firstAcknowledger' | undefined;
  /** When it was planned, left, or last said to be vacant (epoch ms). */
  readonly askedAt: number;
  /** How often it was said to be vacant since it was planned or left; absent: never. */
  readonly said?: number | undefined;
};

/** A notice that may still wait: its number, when its last message was due (epoch ms), and whom it told. */
export type KeptNotice = { readonly seq: number; readonly until: number; readonly users: readonly string[] };

/** What an incident knows about itself. Instants are epoch ms, durations ms. */
export type IncidentContext = {
  /** The moment of the event being applied, its number, and whether a person caused it. Set before each event. */
  readonly at: number;
  readonly seq: number;
  readonly byPerson: boolean;
  readonly byUser: string | null;

  readonly id: string;
  /** The person who opened it. */
  readonly openedBy: string | null;
  readonly title: string;
  readonly body: string | null;
  readonly service: string;
  readonly routeKey: string | null;
  readonly severity: string;
  readonly urgency: Urgency;
  /** When support hours begin (epoch ms), if the urgency is low only until then. */
  readonly urgencyRisesAt: number | null;
  /** Which way the last change of severity went; 'none' also when urgency rose and the severity stayed. */
  readonly severityMove: 'none' | 'raised' | 'lowered';
  /** Whether the last change of severity asks again although somebody acknowledged; `null`: as the ladder says. */
  readonly repageOnRaise: boolean | null;
  readonly visibility: Visibility;
  readonly kind: IncidentKind;
  readonly impact: string | null;
  readonly timePressure: string | null;
  /** The labels of the alert that opened it. */
  readonly labels: Readonly<Record<string, string>>;
  /** As they were recorded. */
  readonly times: TimesMs;
  /** What people say of the times (epoch ms), in the place of what was recorded. */
  readonly corrections: { readonly [T in CorrectableTime]?: number };
  readonly outcome: Outcome;
  /** Whether a person has done anything since it was opened or reopened. */
  readonly humanActed: boolean;

  /** The ladder that is climbed now. */
  readonly ladder: Ladder;
  /** The ladder that a fresh cycle begins with: the first of those that follow each other when exhausted. */
  readonly firstLadder: Ladder;
  readonly settings: CarriedSettings;
  readonly position: Position;
  /** Whether the present round has asked somebody. */
  readonly reachedInLoop: boolean;
  /** The users asked at the present rung; a handoff asks only others. */
  readonly asked: readonly string[];
  /** The users who have answered for themselves since escalation began; they are not asked again until it begins anew. */
  readonly answered: readonly string[];
  /** Every user who was ever asked about it, and when their first contact was due (epoch ms). */
  readonly paged: Readonly<Record<string, number>>;
  /** The users for whom the end of their quiet hours was waited for when they were asked last. */
  readonly held: readonly string[];
  /** The number of the notice that told who has acknowledged, the last time; 0 when nobody was told. */
  readonly answerNotice: number;
  /** Whether a round has ended in rungs that asked nobody, and the next one waits for its time. */
  readonly isPausing: boolean;
  /** Whether nobody of the fallback could be asked the last time. */
  readonly isFallbackMissed: boolean;
  /** The number of the event that began the present cycle. */
  readonly cycleSeq: number;
  /** Users who are asked again at the first step, because they had acknowledged. */
  readonly repage: readonly string[];
  /** How long until somebody can be reached again, when nobody could. */
  readonly nextOpeningMs: number | null;
  readonly acknowledgedBy: readonly string[];
  /** When an acknowledgement expires (epoch ms): so long after it, or after what a person did since. */
  readonly expiresAt: number;
  readonly snoozeMs: number;

  readonly alerts: Readonly<Record<string, 'firing' | 'acknowledged' | 'cleared'>>;
  /** Whether every alert has cleared since it was opened or reopened; never without alerts. */
  readonly isAllClear: boolean;
  readonly roles: Readonly<Record<string, string>>;
  /** The roles that have to be filled: how often it is said that nobody has them, and since when (epoch ms) it was not. */
  readonly requiredRoles: Readonly<Record<string, RequiredRole>>;
  /** By role and person: the number of the latest event that told them of it. */
  readonly roleNews: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly responders: Readonly<Record<string, ResponderStatus>>;
  /** What people who were asked to join were told. */
  readonly requests: Readonly<Record<string, string>>;
  /** Who asked whom to join. */
  readonly requestedBy: Readonly<Record<string, string>>;
  /** Why people said that they cannot join. */
  readonly declines: Readonly<Record<string, string>>;
  readonly tasks: readonly Task[];
  /** When somebody was last reminded of a task (epoch ms). */
  readonly taskReminders: Readonly<Record<string, number>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The fields that are to be filled in. */
  readonly requiredFields: readonly string[];
  readonly subStatus: string | null;
  /** The numbers of the events that people have pinned. */
  readonly pinned: readonly number[];
  readonly links: readonly IncidentLink[];
  readonly noteCount: number;
  /** Updates that wait for approval, the oldest first. */
  readonly drafts: readonly KeptDraft[];
  /** Whether an update of it was posted to people inside, and to the public. */
  readonly told: { readonly internal: boolean; readonly public: boolean };
  /** The latest notice that an update is due. */
  readonly updateNotice: KeptNotice | null;
  /** The latest notice that the review is late. */
  readonly reviewNotice: KeptNotice | null;
  readonly mergedInto: string | null;
  readonly absorbed: readonly string[];
};

const NO_LADDER: Ladder = {
  policyId: 'none',
  rungs: [],
  loops: 1,
  fallback: [],
  fallbackEveryMs: 0,
  acknowledgeTimeoutMs: null,
  repageOn: [],
};

/** The context before the first event. The statechart needs one even when it is only asked about itself. */
export const EMPTY_CONTEXT: IncidentContext = {
  at: 0,
  seq: 0,
  byPerson: false,
  byUser: null,
  id: '',
  openedBy: null,
  title: '',
  body: null,
  service: '',
  routeKey: null,
  severity: '',
  urgency: 'high',
  urgencyRisesAt: null,
  severityMove: 'none',
  repageOnRaise: null,
  visibility: 'public',
  kind: 'real',
  impact: null,
  timePressure: null,
  labels: {},
  times: { openedAt: 0 },
  corrections: {},
  outcome: 'open',
  humanActed: false,
  ladder: NO_LADDER,
  firstLadder: NO_LADDER,
  settings: { holdMs: 0, clearForMs: 0, reopenWindowMs: 0, reminderMs: 0, updateEveryMs: null, reviewWithinMs: null },
  position: { cycle: 0, loop: 0, step: 0 },
  reachedInLoop: false,
  asked: [],
  answered: [],
  paged: {},
  held: [],
  answerNotice: 0,
  isPausing: false,
  isFallbackMissed: false,
  cycleSeq: 0,
  repage: [],
  nextOpeningMs: null,
  acknowledgedBy: [],
  expiresAt: 0,
  snoozeMs: 0,
  alerts: {},
  isAllClear: false,
  roles: {},
  requiredRoles: {},
  roleNews: {},
  responders: {},
  requests: {},
  requestedBy: {},
  declines: {},
  tasks: [],
  taskReminders: {},
  fields: {},
  requiredFields: [],
  subStatus: null,
  pinned: [],
  links: [],
  noteCount: 0,
  drafts: [],
  told: { internal: false, public: false },
  updateNotice: null,
  reviewNotice: null,
  mergedInto: null,
  absorbed: [],
};
