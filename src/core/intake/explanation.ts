/**
 * Explanations: the whole decision about one event, as plain JSON.
 *
 * Types only: what `explain` answers, and what can be made into a text.
 */

import type { Urgency } from '../../model/user.ts';
import type { Unreached } from '../paging/candidates.ts';
import type { RuleTrace } from '../rules/rule-set.ts';
import type { IngestOutcome } from './decision.ts';
import type { ExtractionTrace } from './enrich.ts';

/** One message that would go out if nobody answered. Instants are ISO 8601 in UTC. */
export type ExplainedContact = {
  readonly at: string;
  readonly contact: string;
  readonly notifier: string;
  readonly address: string;
};

/** One step that would be taken if nobody answered. */
export type ExplainedStep = {
  readonly at: string;
  readonly kind: 'step' | 'fallback';
  readonly loop: number;
  /** From 1; 0 is the fallback. */
  readonly step: number;
  readonly gated: boolean;
  readonly people: readonly {
    readonly user: string;
    readonly why: string;
    readonly contacts: readonly ExplainedContact[];
  }[];
  readonly unreached: readonly Unreached[];
};

/** The whole decision about one event. Plain JSON. */
export type Explanation = {
  readonly at: string;
  readonly outcome: IngestOutcome;
  readonly reason: string;
  readonly incidentId?: string;
  readonly alertId?: string;
  readonly route: {
    readonly id: string;
    readonly service: string;
    readonly why: string;
    readonly trace: readonly RuleTrace[];
  };
  /** What the extractions did to the event. */
  readonly enrichment: readonly ExtractionTrace[];
  /** Whether the alert would be kept quiet, by what and until when, and what does not apply although it is under way. */
  readonly suppression: {
    readonly suppressed: boolean;
    readonly kind?: string;
    readonly id?: string;
    readonly until?: string;
    readonly why: string;
    readonly trace: readonly (RuleTrace & { readonly kind: string; readonly until: string })[];
  };
  /** The group of the alert; absent when it stands alone. */
  readonly group?: { readonly grouping: string; readonly key: string };
  /** The groupings that were looked at. */
  readonly groupTrace: readonly RuleTrace[];
  readonly dedupKey: { readonly routeKey: string; readonly key: string; readonly from: string };
  readonly severity: {
    readonly severity: string;
    readonly urgency: Urgency;
    /** When support hours begin, when it is low only until then. */
    readonly urgencyRisesAt?: string;
    readonly why: string;
    readonly trace: readonly RuleTrace[];
  };
  readonly policy: string;
  /** The steps of the first round of each policy that follows, and the fallback, as they would be taken if nobody answered; empty when the event pages nobody. */
  readonly ladder: readonly ExplainedStep[];
  /** Whether a person would be reached. */
  readonly reachesSomebody: boolean;
};
