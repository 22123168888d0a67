/**
 * The urgency region: whether the incident waits for support hours to become of high urgency.
 *
 * It only says that the moment has come. What follows from high urgency is said by the paging region, and a level that does not
 * follow support hours never leaves `settled`.
 */
import { vocabulary } from './vocabulary.ts';

export const urgency = vocabulary.createStateConfig({
  initial: 'choosing',
  states: {
    choosing: { always: [{ guard: 'awaitsSupportHours', target: 'waiting' }, { target: 'settled' }] },
    settled: { on: { '~severityChanged': 'choosing', '~reopened': 'choosing' } },
    waiting: {
      after: { supportHours: { actions: 'recordUrgencyRaised' } },
      on: {
        'urgency.raised': { target: 'settled', actions: ['apply', 'signalSeverityChanged'] },
        '~severityChanged': 'choosing',
        '~ended': 'settled',
      },
    },
  },
});
