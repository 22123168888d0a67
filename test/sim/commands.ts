/**
 * What people do to incidents in a simulation, and how it is found again in a timeline.
 *
 * Data only; who does it when is in people.ts.
 */
import type { Tocsin } from '../../src/index.ts';

type Given = {
  readonly tocsin: Tocsin;
  readonly incident: string;
  readonly by: string;
  readonly mark: string;
  readonly input: number;
};

/** The name of what people do. */
export type CommandName =
  | 'acknowledge'
  | 'unacknowledge'
  | 'snooze'
  | 'escalate'
  | 'reassign'
  | 'setSeverity'
  | 'note'
  | 'mitigate'
  | 'resolve'
  | 'reopen';

/** How each is done, and which event it leaves. */
export const COMMANDS: {
  readonly [N in CommandName]: {
    readonly perform: (given: Given) => Promise<unknown>;
    readonly type: string;
    /** Or this one, where each has to answer. */
    readonly orType?: string;
    readonly isMarked: boolean;
    readonly mayChangeNothing?: boolean;
  };
} = {
  acknowledge: {
    perform: ({ tocsin, incident, by }) => tocsin.incidents.acknowledge(incident, { by }),
    type: 'incident.acknowledged',
    orType: 'page.acknowledged',
    isMarked: false,
  },
  unacknowledge: {
    perform: ({ tocsin, incident, by }) => tocsin.incidents.unacknowledge(incident, { by }),
    type: 'incident.unacknowledged',
    isMarked: false,
  },
  snooze: {
    perform: ({ tocsin, incident, by, input }) =>
      tocsin.incidents.snooze(incident, { by, for: `${20 + Math.floor(input * 80)}s` }),
    type: 'incident.snoozed',
    isMarked: false,
  },
  escalate: {
    perform: ({ tocsin, incident, by }) => tocsin.incidents.escalate(incident, { by }),
    type: 'incident.escalated',
    isMarked: false,
  },
  reassign: {
    perform: ({ tocsin, incident, by, mark, input }) =>
      tocsin.incidents.reassign(incident, {
        by,
        reason: mark,
        ...(input < 0.5 ? { policy: 'other' } : { users: ['dia'] }),
      }),
    type: 'incident.reassigned',
    isMarked: true,
  },
  setSeverity: {
    perform: ({ tocsin, incident, by, mark, input }) =>
      tocsin.incidents.setSeverity(incident, { by, reason: mark, severity: `SEV${1 + Math.floor(input * 3)}` }),
    type: 'severity.changed',
    isMarked: true,
    mayChangeNothing: true,
  },
  note: {
    perform: ({ tocsin, incident, by, mark }) => tocsin.incidents.addNote(incident, { by, text: mark }),
    type: 'note.added',
    isMarked: true,
  },
  mitigate: {
    perform: ({ tocsin, incident, by, mark }) => tocsin.incidents.mitigate(incident, { by, reason: mark }),
    type: 'incident.mitigated',
    isMarked: true,
  },
  resolve: {
    perform: ({ tocsin, incident, by, mark }) => tocsin.incidents.resolve(incident, { by, reason: mark }),
    type: 'incident.resolved',
    isMarked: true,
  },
  reopen: {
    perform: ({ tocsin, incident, by, mark }) => tocsin.incidents.reopen(incident, { by, reason: mark }),
    type: 'incident.reopened',
    isMarked: true,
  },
};

/** What people do when they are paged; the more often it stands here, the more often. */
export const REACTIONS = [
  'acknowledge',
  'acknowledge',
  'acknowledge',
  'note',
  'note',
  'note',
  'snooze',
  'reassign',
  'setSeverity',
  'escalate',
  'unacknowledge',
  'mitigate',
  'resolve',
  'reopen',
] as const;

/** What an attempt left in the timeline to be found again. */
export function markOf(event: object): unknown {
  return 'text' in event ? event.text : 'reason' in event ? event.reason : undefined;
}
