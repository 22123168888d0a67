/**
 * Messages of a response: who has a role now, what nobody does, what is due, and who cannot join.
 *
 * Pure. They say how it is when they are sent, whatever it was when they were decided: a hand-over that was overtaken tells
 * the truth, and a task that was done meanwhile is not asked for.
 */
import type { IncidentContext } from '../lifecycle/context.ts';
import { own, ownerOf, vacantRoles } from '../lifecycle/owed.ts';
import { boundedLine } from '../text/bounded.ts';
import type { MessageWorld } from './message-facts.ts';
import { fillText } from './message-texts.ts';

/** What is said of a response: the title, and what stands before everything else. */
export type ResponseNews = {
  readonly title: string;
  readonly body?: string | undefined;
  readonly lines: readonly string[];
};

const MOST_TASKS = 10;

/** The news of `topic`, about an incident called `title`; `undefined` when the topic is none of a response. */
export function responseNews(
  topic: string | undefined,
  title: string,
  context: IncidentContext,
  world: MessageWorld,
): ResponseNews | undefined {
  switch (topic) {
    case 'role':
      return { title: roleTitle(title, context, world), lines: [] };
    case 'roleVacant': {
      const roles = vacantRoles(context).map((role) => roleName(role, world));
      const { texts } = world.local;
      return {
        title: roles.length === 0 ? title : fillText(texts.roleVacantTitle, { role: roles.join(', '), title }),
        lines: [],
      };
    }
    case 'task':
      return { title: fillText(world.local.texts.taskTitle, { title }), lines: taskLines(context, world) };
    case 'declined': {
      const user = world.delivery.content?.subject ?? '';
      const person = personName(user, world);
      return {
        title: fillText(world.local.texts.declinedTitle, { person, title }),
        body: own(context.declines, user),
        lines: [],
      };
    }
    default:
      return undefined;
  }
}

function roleTitle(title: string, { roles }: IncidentContext, world: MessageWorld): string {
  const { delivery, local } = world;
  const id = delivery.content?.subject ?? '';
  const holder = own(roles, id);
  const role = roleName(id, world);
  if (holder === undefined) return fillText(local.texts.roleLeftTitle, { role, title });
  if (holder === delivery.user) return fillText(local.texts.roleTitle, { role, title });
  return fillText(local.texts.roleGivenTitle, { role, person: personName(holder, world), title });
}

/** What of the tasks is late and theirs. */
function taskLines(context: IncidentContext, { delivery, sentAt, local }: MessageWorld): readonly string[] {
  const late = context.tasks.filter((task) => {
    const owner = ownerOf(task, context);
    const isTheirs = owner === undefined || owner === delivery.user;
    return task.status === 'open' && (task.dueAt ?? Number.POSITIVE_INFINITY) <= sentAt && isTheirs;
  });
  const shown = late
    .slice(0, MOST_TASKS)
    .map(({ title }) => boundedLine(fillText(local.texts.taskLine, { task: boundedLine(title) })));
  const left = late.length - shown.length;
  return left > 0 ? [...shown, fillText(local.texts.more, { n: left })] : shown;
}

function roleName(id: string, { names }: MessageWorld): string {
  return boundedLine(names.role?.(id) ?? id);
}

function personName(id: string, { names }: MessageWorld): string {
  return boundedLine(names.person?.(id) ?? id);
}
