/**
 * Delivery: what a configuration says of notifiers that stand for one another, of budgets and of canaries.
 *
 * Whether the notifiers exist is known only where they are handed over.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import { ROOM_FIELDS, unknownFields } from '../paging/room-name.ts';
import { type ConfigProblem, duplicates } from './problem.ts';

/** What is looked at more often than that costs more than it tells. */
const SHORTEST_CANARY_MS = 10_000;

/** Everything in `config` that could not be obeyed. */
export function deliveryProblems(config: Config): ConfigProblem[] {
  return [
    ...failoverProblems(config),
    ...duplicates(
      'limits',
      config.limits.map(({ notifier }) => ({ id: notifier })),
    ),
    ...limitProblems(config),
    ...duplicates('canaries', config.canaries),
    ...canaryProblems(config),
    ...duplicates('mirrors', config.mirrors),
    ...roomProblems(config),
  ];
}

/** What a room is called stands with the incident beside what a mirror is called there. */
function roomProblems({ chatRooms, mirrors }: Config): ConfigProblem[] {
  const taken = new Set(mirrors.map(({ id }) => id));
  return [
    ...duplicates('chatRooms', chatRooms),
    ...chatRooms.flatMap(({ id, name }, index) => [
      ...(taken.has(id)
        ? [{ path: `chatRooms[${index}].id`, message: `${id} is the id of a mirror`, hint: 'Give each its own id.' }]
        : []),
      ...unknownFields(name).map((field) => ({
        path: `chatRooms[${index}].name`,
        message: `there is no {{${field}}} to be filled in`,
        hint: `Known: ${ROOM_FIELDS.join(', ')}.`,
      })),
    ]),
  ];
}

function failoverProblems({ failover }: Config): ConfigProblem[] {
  return Object.entries(failover).flatMap(([name, list]) =>
    list.flatMap((notifier, index) => {
      const path = `failover.${name}[${index}]`;
      if (list.indexOf(notifier) < index)
        return [{ path, message: `${notifier} stands here twice`, hint: 'Name each notifier once.' }];
      if (!Object.hasOwn(failover, notifier)) return [];
      const message = `${notifier} is itself a name for several notifiers`;
      return [{ path, message, hint: 'Name the notifiers themselves.' }];
    }),
  );
}

function limitProblems({ limits }: Config): ConfigProblem[] {
  return limits.flatMap((limit, index) =>
    (['perContact', 'overall'] as const).flatMap((which) =>
      limit[which].flatMap(({ within }, place) =>
        durationMs(within) > 0
          ? []
          : [
              {
                path: `limits[${index}].${which}[${place}].within`,
                message: 'a budget needs a time within which it holds',
                hint: "Write one such as '1m'.",
              },
            ],
      ),
    ),
  );
}

function canaryProblems({ canaries }: Config): ConfigProblem[] {
  return canaries.flatMap(({ every, within }, index) => [
    ...(durationMs(every) >= SHORTEST_CANARY_MS
      ? []
      : [
          {
            path: `canaries[${index}].every`,
            message: 'this is more often than every 10 seconds',
            hint: "Write '5m'.",
          },
        ]),
    ...(within === undefined || (durationMs(within) > 0 && durationMs(within) <= durationMs(every))
      ? []
      : [
          {
            path: `canaries[${index}].within`,
            message: 'a receipt is waited for at least a moment, and no longer than until the next message',
            hint: 'Write a shorter time than `every`.',
          },
        ]),
  ]);
}
