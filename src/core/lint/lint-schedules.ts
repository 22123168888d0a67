/**
 * Linting of schedules: what the linter of schedules finds in each, and when nobody is on call although a policy would ask.
 */
import type { Config } from '../../model/config.ts';
import { lintSchedule } from '../on-call/lint.ts';
import type { Schedule } from '../on-call/schedule.ts';
import type { Finding } from './finding.ts';
import { LOOK_AHEAD_DAYS } from './look-ahead.ts';
import { isOfNow, scheduleOf, type World } from './targets.ts';

/** What of the schedules of `config` is likely a mistake; `schedules` are those that are in force. */
export function lintSchedules(
  config: Config,
  schedules: ReadonlyMap<string, Schedule>,
  world: World,
): readonly Finding[] {
  const asked = askedFor(config, world);
  return config.schedules.flatMap(({ id }, place) => {
    const schedule = schedules.get(id);
    if (schedule === undefined) return [];
    const path = `schedules[${place}]`;
    return [...ownFindings(schedule, path), ...(asked.has(id) ? outlookFindings(schedule, path, world) : [])];
  });
}

/** The schedules that a policy asks for whoever is on call, by themselves or as those of a team. */
function askedFor({ escalationPolicies }: Config, { teams }: World): ReadonlySet<string> {
  const targets = escalationPolicies.flatMap(({ steps, fallback }) => [
    ...steps.flatMap((step) => step.targets),
    ...fallback,
  ]);
  return new Set(targets.filter(isOfNow).flatMap((target) => scheduleOf(target, teams) ?? []));
}

function ownFindings({ definition }: Schedule, path: string): readonly Finding[] {
  try {
    return lintSchedule(definition).map((finding) => ({ ...finding, path: `${path}.${finding.path}` }));
  } catch {
    // What cannot be computed is told of by whoever asks it.
    return [];
  }
}

function outlookFindings({ id }: Schedule, path: string, { lookAhead }: World): readonly Finding[] {
  const outlook = lookAhead(id);
  if (outlook === undefined) return [];
  if ('error' in outlook)
    return [
      {
        code: 'SCHEDULE_NOT_COMPUTABLE',
        path,
        message: `who is on call for ${id} in the next ${LOOK_AHEAD_DAYS} days cannot be worked out, and a page that asks may reach nobody: ${outlook.error}`,
        hint: 'Simplify its rules, or give them a later start.',
      },
    ];
  const [first] = outlook.gaps;
  if (first === undefined) return [];
  const many = outlook.gaps.length === 1 ? 'the only gap' : `the first of ${outlook.gaps.length} gaps`;
  return [
    {
      code: 'SCHEDULE_GAP',
      path,
      message: `nobody is on call for ${id} from ${iso(first.startAt)} to ${iso(first.endAt)}, ${many} in the next ${LOOK_AHEAD_DAYS} days: a page then passes it by`,
      hint: 'Fill it with a layer or an override, unless nobody is to be asked then.',
    },
  ];
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
