/**
 * Effects: what the statechart asks of the shell after an event.
 *
 * They are data; reading a timeline back ignores them, because what came of them stands in the timeline too.
 */
import type { PagePurpose } from '../../model/page.ts';
import type { EventDraft, NoticeTopic } from '../../model/timeline.ts';
import type { TimerKind } from './snapshot.ts';

/** Which deliveries are taken back: those of pages for this purpose, or of notices, to this user when one is named. */
export type WithdrawalScope = { readonly purpose: PagePurpose | 'notice'; readonly user?: string };

/** What people are told; of a topic that concerns some only, whom and what it is about. */
export type Notice = {
  readonly topic: NoticeTopic;
  readonly users?: readonly string[];
  readonly subject?: string;
  readonly tasks?: readonly string[];
};

/** What the statechart asks of the shell. */
export type Effect =
  /** Work out whom to ask at the position of the incident; answer with page.requested or page.nobody. */
  | {
      readonly type: 'requestPage';
      readonly purpose: PagePurpose;
      readonly responder?: string;
      readonly schedule?: string;
    }
  /** Tell people something; answer with notice.requested. */
  | ({ readonly type: 'requestNotice' } & Notice)
  /** Work out what the severity of the incident asks for; answer with response.planned when there is something. */
  | { readonly type: 'requestResponse' }
  /** Take back the deliveries that have not gone out: all of the incident until now, or some only. */
  | { readonly type: 'withdraw'; readonly only?: WithdrawalScope; readonly beforeSeq?: number }
  /** Append this event next, by Tocsin itself. */
  | { readonly type: 'record'; readonly draft: EventDraft }
  | { readonly type: 'armTimer'; readonly kind: TimerKind; readonly armedSeq: number; readonly dueAt: number }
  | { readonly type: 'cancelTimer'; readonly kind: TimerKind };
