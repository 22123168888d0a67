/**
 * The roles and tasks regions: whether somebody leads the response, and whether what is to be done is done in time.
 *
 * Both are inert unless a role is required or a task has a due time. They say that somebody is missing or late, and ask whoever
 * gets a role from a schedule to join; they never keep an incident from ending.
 */
import { vocabulary } from './vocabulary.ts';

/** What a severity asks for is worked out anew whenever the severity is another one. */
const PLANNING = {
  'response.planned': {
    guard: 'isOpen',
    target: 'choosing',
    actions: ['apply', 'signalTasksChanged', 'tellFilled', 'recordJoining'],
  },
  '~severityChanged': { guard: 'plansNow', actions: 'requestResponse' },
} as const;

export const roles = vocabulary.createStateConfig({
  initial: 'beginning',
  states: {
    beginning: {
      always: [
        { guard: 'pagesNobody', target: 'settled' },
        { target: 'settled', actions: 'requestResponse' },
      ],
    },
    choosing: { always: [{ guard: 'hasVacantRole', target: 'vacant' }, { target: 'settled' }] },
    /** Nothing is required, or all of it is filled, or the incident has ended. */
    settled: {
      on: {
        ...PLANNING,
        '~rolesChanged': 'choosing',
        '~reopened': [{ guard: 'pagesNobody' }, { target: 'choosing', actions: 'requestResponse' }],
      },
    },
    vacant: {
      after: { roleVacant: { actions: 'recordRoleVacant' } },
      on: {
        ...PLANNING,
        'role.vacant': {
          target: 'vacant',
          reenter: true,
          actions: ['apply', { type: 'requestNotice', params: { topic: 'roleVacant' } }],
        },
        '~rolesChanged': 'choosing',
        '~answered': { actions: 'recordFirstAcknowledger' },
        '~ended': 'settled',
      },
    },
  },
});

export const tasks = vocabulary.createStateConfig({
  initial: 'choosing',
  states: {
    choosing: { always: [{ guard: 'hasTaskToRemind', target: 'waiting' }, { target: 'idle' }] },
    idle: { on: { '~tasksChanged': 'choosing', '~reopened': 'choosing' } },
    waiting: {
      after: { taskDue: { actions: 'recordTaskDue' } },
      on: {
        'task.due': { target: 'choosing', actions: ['apply', { type: 'requestNotice', params: { topic: 'task' } }] },
        '~tasksChanged': 'choosing',
        '~ended': 'idle',
      },
    },
  },
});
