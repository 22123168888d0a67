/**
 * The alerts region: whether the alerts of the incident still fire.
 *
 * It waits until they have stayed clear for a while, so that a flapping alert neither resolves nor pages; it
 * never decides what follows from that.
 */
import { vocabulary } from './vocabulary.ts';

const JOIN = { guard: 'isOpen', target: 'firing', actions: ['apply', 'signalJoined'] } as const;
/** An alert that fires again before all have stayed clear is not a new one: it pages nobody anew. */
const RETURN = { guard: 'isReturning', target: 'firing', actions: ['apply', 'signalReturned'] } as const;
const ENDED = { '~ended': [{ guard: 'hasAlerts', target: 'clear' }, { target: 'none' }] } as const;
const ABSORBED = { '~absorbed': { guard: 'hasFiringAlerts', target: 'firing', actions: 'signalJoined' } } as const;
const REOPENED = { '~reopened': { guard: 'hasFiringAlerts', target: 'firing' } } as const;

export const alerts = vocabulary.createStateConfig({
  initial: 'choosing',
  states: {
    choosing: { always: [{ guard: 'hasAlerts', target: 'firing' }, { target: 'none' }] },
    none: { on: { 'alert.joined': JOIN, ...ABSORBED, ...REOPENED } },
    firing: {
      on: {
        'alert.joined': [
          { guard: 'isReturning', actions: ['apply', 'signalReturned'] },
          { guard: 'isOpen', actions: ['apply', 'signalJoined'] },
        ],
        'alert.acknowledged': { actions: 'apply' },
        'alert.cleared': [
          { guard: 'isLastFiringAlert', target: 'clearing', actions: ['apply', 'signalAllCleared'] },
          { actions: 'apply' },
        ],
        '~absorbed': { actions: 'signalJoined' },
        ...ENDED,
      },
    },
    clearing: {
      after: { clearFor: { target: 'clear', actions: 'signalStayedClear' } },
      on: { 'alert.joined': [RETURN, JOIN], ...ABSORBED, ...ENDED },
    },
    clear: { on: { 'alert.joined': JOIN, ...ABSORBED, ...REOPENED } },
  },
});
