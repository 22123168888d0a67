/**
 * Saboteurs of S1 to S4 and S9: what is written, and how often.
 */
import type { Change, CommitResult, IncidentChange, Storage } from '../../src/ports/storage.ts';
import { altering, commitOne, freshId, oneByOne, only, type Saboteur, turn } from './saboteur.ts';

const LISTS = ['incidents', 'alerts', 'timers', 'withdrawals', 'deliveries', 'documents', 'slots', 'counters'] as const;

export const WRITE_SABOTEURS: readonly Saboteur[] = [
  ...LISTS.filter((list) => list !== 'withdrawals').map(
    (list): Saboteur => ({
      promise: 'S1',
      does: `forgets the ${list} of a change`,
      breaks: (storage) => altering(storage, (change) => ({ ...change, [list]: [] })),
    }),
  ),
  ...(['timers', 'deliveries', 'withdrawals', 'counters'] as const).map(
    (list): Saboteur => ({
      promise: 'S1',
      does: `keeps the ${list} of a change that meets a conflict`,
      breaks: (storage) => ({
        commit: (changes) =>
          oneByOne(changes, async (change) => {
            const answer = await commitOne(storage, change);
            if (answer === 'conflict') await commitOne(storage, only(change, { [list]: change[list] }));
            return answer;
          }),
      }),
    }),
  ),
  {
    promise: 'S1',
    does: 'lands the incidents of a change one by one',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const parts = change.incidents.map((incident) => only(change, { incidents: [incident] }));
          const answers = await oneByOne(parts, (part) => commitOne(storage, part));
          return answers.includes('conflict') ? 'conflict' : commitOne(storage, { ...change, incidents: [] });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'overwrites an incident of another version',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const ids = change.incidents.map(({ id }) => id);
          const stored = (await storage.load({ tenant: change.tenant, incidents: ids })).incidents;
          const version = (id: string) => stored.find((row) => row.id === id)?.version ?? 0;
          const incidents = change.incidents.map((one) => ({ ...one, expectedVersion: version(one.id) }));
          return commitOne(storage, { ...change, incidents });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'overwrites a document of another version',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const stored = (await storage.load({ tenant: change.tenant, documents: change.documents })).documents;
          const version = (id: string) => stored.find((row) => row.id === id)?.version ?? 0;
          const documents = change.documents.map((one) => ({ ...one, expectedVersion: version(one.id) }));
          return commitOne(storage, { ...change, documents });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'takes a slot from whoever holds it',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const stored = (await storage.load({ tenant: change.tenant, slots: change.slots })).slots;
          const version = (key: string) => stored.find((row) => row.key === key)?.version ?? 0;
          const slots = change.slots.map((one) => ({ ...one, expectedVersion: version(one.key) }));
          return commitOne(storage, { ...change, slots });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'opens a second alert of a key',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const answer = await commitOne(storage, change);
          if (answer === 'applied' || !change.alerts.some(({ type }) => type === 'open')) return answer;
          const open = (await storage.listAlerts(change.tenant, {})).filter(({ status }) => status !== 'cleared');
          const clears = open.map(({ id }) => ({ type: 'set', id, status: 'cleared' }) as const);
          return commitOne(storage, { ...change, alerts: [...clears, ...change.alerts] });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'lets a clearing that comes later make way',
    breaks: (storage) =>
      altering(storage, (change) => {
        const later = change.alerts.filter(({ type }) => type === 'open');
        return { ...change, alerts: [...change.alerts.filter(({ type }) => type !== 'open'), ...later] };
      }),
  },
  {
    promise: 'S2',
    does: 'counts a repeat of an alert that is not open as nothing',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const answer = await commitOne(storage, change);
          const alerts = change.alerts.filter(({ type }) => type !== 'repeat');
          return answer === 'applied' || alerts.length === change.alerts.length
            ? answer
            : commitOne(storage, { ...change, alerts });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'passes over a delivery whose id is taken',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const taken = (await storage.listDeliveries(change.tenant, {})).map(({ id }) => id);
          const deliveries = change.deliveries.filter(({ id }) => !taken.includes(id));
          return commitOne(storage, { ...change, deliveries });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'takes one of two deliveries of one id for the other',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        deliveries: [...new Map(change.deliveries.map((one) => [one.id, one])).values()],
      })),
  },
  {
    promise: 'S2',
    does: 'passes over an event whose number is taken',
    breaks: (storage) => withoutTakenEvents(storage, () => {}),
  },
  {
    promise: 'S2',
    does: 'rejects when the number of an event is taken',
    breaks: (storage) =>
      withoutTakenEvents(storage, () => {
        throw new Error('UNIQUE constraint failed: timeline.seq');
      }),
  },
  {
    promise: 'S2',
    does: 'answers conflict to all changes of a call when one meets one',
    breaks: (storage) => ({
      async commit(changes) {
        const answers = await storage.commit(changes);
        return answers.includes('conflict') ? answers.map(() => 'conflict') : answers;
      },
    }),
  },
  {
    promise: 'S2',
    does: 'gives up at the first conflict of a call',
    breaks: (storage) => ({
      async commit(changes) {
        let isOver = false;
        return oneByOne(changes, async (change) => {
          const answer = isOver ? 'conflict' : await commitOne(storage, change);
          isOver ||= answer === 'conflict';
          return answer;
        });
      },
    }),
  },
  {
    promise: 'S2',
    does: 'writes the changes of a call in no order',
    breaks: (storage) => ({
      commit: async (changes) => (await storage.commit(changes.toReversed())).toReversed(),
    }),
  },
  {
    promise: 'S2',
    does: 'says applied to what met a conflict',
    breaks: (storage) => ({
      commit: async (changes) => (await storage.commit(changes)).map(() => 'applied'),
    }),
  },
  {
    promise: 'S3',
    does: 'writes a repeated commit again',
    breaks: (storage) => altering(storage, (change) => ({ ...change, commitId: freshId() })),
  },
  {
    promise: 'S3',
    does: 'looks for a commit id before it writes, and not while',
    breaks(storage) {
      const seen = new Set<string>();
      return {
        commit: (changes) =>
          oneByOne(changes, async (change) => {
            if (seen.has(change.tenant + change.commitId)) return 'applied';
            await turn();
            const answer = await commitOne(storage, { ...change, commitId: freshId() });
            if (answer === 'applied') seen.add(change.tenant + change.commitId);
            return answer;
          }),
      };
    },
  },
  {
    promise: 'S3',
    does: 'remembers commit ids only for its own calls',
    breaks: (storage) => ({
      async commit(changes) {
        const call = freshId();
        return storage.commit(changes.map((change) => ({ ...change, commitId: call + change.commitId })));
      },
    }),
  },
  {
    promise: 'S3',
    does: 'takes what met a conflict for written',
    breaks: (storage) => remembering(storage, (change) => change.tenant + change.commitId, ['applied', 'conflict']),
  },
  {
    promise: 'S3',
    does: 'takes the commit id of one tenant for that of another',
    breaks: (storage) => remembering(storage, ({ commitId }) => commitId, ['applied']),
  },
  {
    promise: 'S3',
    does: 'forgets commit ids when it prunes',
    breaks(storage) {
      let pruned = '';
      return {
        ...altering(storage, (change) => ({ ...change, commitId: pruned + change.commitId })),
        async prune(tenant, options) {
          pruned = freshId();
          return storage.prune(tenant, options);
        },
      };
    },
  },
  {
    promise: 'S4',
    does: 'answers a timeline the newest first',
    breaks: (storage) => ({ timeline: async (tenant, id) => (await storage.timeline(tenant, id)).toReversed() }),
  },
  {
    promise: 'S4',
    does: 'orders a timeline by time',
    breaks: (storage) => ({
      timeline: async (tenant, id) => (await storage.timeline(tenant, id)).toSorted((a, b) => a.at - b.at),
    }),
  },
  {
    promise: 'S4',
    does: 'keeps one event of a change',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        incidents: change.incidents.map((incident) => ({ ...incident, events: incident.events.slice(-1) })),
      })),
  },
  {
    promise: 'S9',
    does: 'takes several triggers for one',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        alerts: change.alerts.map((one) =>
          one.type === 'repeat' ? { type: 'repeat', id: one.id, seenAt: one.seenAt } : one,
        ),
      })),
  },
  {
    promise: 'S9',
    does: 'loses repeats that come at the same time',
    breaks: (storage) => losing(storage, ({ alerts }) => alerts.some(({ type }) => type === 'repeat')),
  },
  {
    promise: 'S9',
    does: 'loses counts that come at the same time',
    breaks: (storage) => losing(storage, ({ counters }) => counters.length > 0),
  },
  {
    promise: 'S9',
    does: 'asks a repeat for a version',
    breaks(storage) {
      let underWay = 0;
      return {
        async commit(changes) {
          const isRival = underWay > 0 && changes.some(({ alerts }) => alerts.some(({ type }) => type === 'repeat'));
          underWay += 1;
          await turn();
          underWay -= 1;
          return isRival ? changes.map(() => 'conflict') : storage.commit(changes);
        },
      };
    },
  },
  {
    promise: 'S9',
    does: 'lets a repeat go back in time',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const answer = await commitOne(storage, change);
          for (const one of change.alerts) {
            const [alert] = await storage.listAlerts(change.tenant, { id: one.type === 'repeat' ? one.id : '' });
            if (one.type !== 'repeat' || alert === undefined) continue;
            const older = { type: 'open', alert: { ...alert, lastSeenAt: one.seenAt } } as const;
            await commitOne(storage, only(change, { alerts: [older] }));
          }
          return answer;
        }),
    }),
  },
];

/** Writes no event of a number that is stored or comes twice, and says so when it meets one. */
function withoutTakenEvents(storage: Storage, met: () => void): Pick<Storage, 'commit'> {
  return {
    commit: (changes) =>
      oneByOne(changes, async (change) => {
        const incidents: IncidentChange[] = [];
        for (const incident of change.incidents) {
          const { incidents: stored } = await storage.load({ tenant: change.tenant, incidents: [incident.id] });
          // A stale version is a conflict for another reason.
          const isCurrent = (stored[0]?.version ?? 0) === incident.expectedVersion;
          const taken = new Set(
            isCurrent ? (await storage.timeline(change.tenant, incident.id)).map((one) => one.seq) : [],
          );
          const events = incident.events.filter(({ seq }) => !taken.has(seq) && taken.add(seq));
          if (isCurrent && events.length < incident.events.length) met();
          incidents.push({ ...incident, events });
        }
        return commitOne(storage, { ...change, incidents });
      }),
  };
}

/** Answers `applied` to whatever was answered one of `answers` before under the same name. */
function remembering(
  storage: Storage,
  nameOf: (change: Change) => string,
  answers: readonly CommitResult[],
): Pick<Storage, 'commit'> {
  const seen = new Set<string>();
  return {
    commit: (changes) =>
      oneByOne(changes, async (change) => {
        if (seen.has(nameOf(change))) return 'applied';
        const answer = await commitOne(storage, change);
        if (answers.includes(answer)) seen.add(nameOf(change));
        return answer;
      }),
  };
}

/** Says that all of these were written when several are under way, and writes one. */
function losing(storage: Storage, isLost: (change: Change) => boolean): Pick<Storage, 'commit'> {
  let underWay = 0;
  return {
    async commit(changes) {
      if (!changes.some(isLost)) return storage.commit(changes);
      underWay += 1;
      await turn();
      underWay -= 1;
      return underWay > 0 ? changes.map(() => 'applied') : storage.commit(changes);
    },
  };
}
