/**
 * Linting of policies: steps that reach nobody, and contacts that are used too late or never.
 *
 * Contacts of earlier steps go on until somebody answers, so that no delay of a step is ever lost. A page of the fallback takes back
 * what the one before has not sent yet: there a delay can be too long.
 */
import type { Config } from '../../model/config.ts';
import { durationMs, formatDuration } from '../../model/duration.ts';
import type { EscalationPolicy } from '../../model/escalation.ts';
import type { User } from '../../model/user.ts';
import { contactPlan } from '../paging/contacts.ts';
import type { Finding } from './finding.ts';
import { namesOfUsers, peopleOf, type World } from './targets.ts';

type Step = EscalationPolicy['steps'][number];

/** What of the policies of `config` does not reach people as it seems to. */
export function lintPolicies({ escalationPolicies, severity }: Config, world: World): readonly Finding[] {
  // What is of low urgency is asked once and does not climb.
  const climbs = severity.levels.some(({ urgency }) => urgency !== 'low');
  return escalationPolicies.flatMap((policy, place) => {
    const path = `escalationPolicies[${place}]`;
    return [
      ...policy.steps.flatMap((step, index) => stepFindings(step, `${path}.steps[${index}]`, { world, climbs })),
      ...fallbackFindings(policy, `${path}.fallback`, { world, climbs }),
    ];
  });
}

function stepFindings(
  step: Step,
  path: string,
  { world, climbs }: { readonly world: World; readonly climbs: boolean },
): readonly Finding[] {
  const { targets } = step;
  if (targets.every((target) => 'channel' in target))
    return [
      {
        code: 'STEP_CHANNELS_ONLY',
        path: `${path}.targets`,
        message: 'this step names channels only, and a channel reaches nobody: the next step follows at once',
        hint: 'Name a person, a schedule or a team beside them, or move them to a step that does.',
      },
    ];
  const { users, isKnown } = peopleOf(targets, world);
  if (isKnown && !users.some(hasContact))
    return [
      {
        code: 'STEP_REACHES_NOBODY',
        path: `${path}.targets`,
        message:
          users.length === 0
            ? 'nobody is on call for this step in the next 90 days: it is passed over'
            : `nobody whom this step asks in the next 90 days has a contact (${namesOfUsers(users)}): it is passed over`,
        hint: users.length === 0 ? 'Name somebody who is.' : 'Give them contacts, or name somebody who has one.',
      },
    ];
  return [
    ...missingContacts(users, `${path}.targets`, 'this step'),
    ...(climbs ? lateMessages(users, step, path) : []),
    ...(climbs ? longStep(step, path) : []),
  ];
}

/** Beyond this a page that nobody answers is as good as forgotten. */
const LONG_MS = 86_400_000;

function longStep({ escalateAfter }: Step, path: string): readonly Finding[] {
  if (escalateAfter === undefined || durationMs(escalateAfter) <= LONG_MS) return [];
  return [
    {
      code: 'STEP_LASTS_LONG',
      path: `${path}.escalateAfter`,
      message: `for ${formatDuration(durationMs(escalateAfter))} nobody else is asked, whoever does not answer`,
      hint: 'Write a shorter time.',
    },
  ];
}

function fallbackFindings(
  policy: EscalationPolicy,
  path: string,
  { world, climbs }: { readonly world: World; readonly climbs: boolean },
): readonly Finding[] {
  // Where another policy follows, it is the fallback of that one that is asked.
  if (policy.onExhausted !== undefined) return [];
  return [
    ...missingContacts(peopleOf(policy.fallback, world).users, path, 'this fallback'),
    ...(climbs ? unusedContacts(policy, path, world) : []),
  ];
}

function missingContacts(users: readonly User[], path: string, what: string): readonly Finding[] {
  const without = users.filter((user) => !hasContact(user));
  if (without.length === 0) return [];
  return [
    {
      code: 'CONTACT_MISSING',
      path,
      message: `${what} asks ${namesOfUsers(without)}, and there is no contact to reach them by`,
      hint: 'Give them contacts.',
    },
  ];
}

function lateMessages(
  users: readonly User[],
  { escalateAfter = '5m', escalateAt }: Step,
  path: string,
): readonly Finding[] {
  if (escalateAt !== undefined) return [];
  const lastsMs = durationMs(escalateAfter);
  const late = users.flatMap((user) => {
    const firstMs = contactPlan(user, 'high', 0)[0]?.afterMs ?? 0;
    return firstMs > lastsMs ? [{ id: user.id, firstMs }] : [];
  });
  const [one] = late;
  if (one === undefined) return [];
  const others = late.length > 1 ? `, and so it is with ${namesOfUsers(late.slice(1))}` : '';
  return [
    {
      code: 'FIRST_MESSAGE_LATE',
      path: `${path}.escalateAfter`,
      message: `the first message to ${one.id} comes ${formatDuration(one.firstMs)} after this step, and the step lasts ${formatDuration(lastsMs)}: what follows it is asked before${others}`,
      hint: 'Let the step last longer, or let the first contact rule come sooner.',
    },
  ];
}

function unusedContacts({ fallback, fallbackEvery }: EscalationPolicy, path: string, world: World): readonly Finding[] {
  const everyMs = durationMs(fallbackEvery);
  return peopleOf(fallback, world).users.flatMap((user): Finding[] => {
    const unused = contactPlan(user, 'high', 0).filter(({ afterMs }) => afterMs > everyMs);
    if (unused.length === 0) return [];
    const names = unused.map(({ contact, afterMs }) => `${contact} after ${formatDuration(afterMs)}`).join(', ');
    return [
      {
        code: 'FALLBACK_CONTACT_UNUSED',
        path,
        message: `the fallback is asked again every ${formatDuration(everyMs)}, which takes back what is still to be sent: ${user.id} is not reached by ${names}`,
        hint: 'Let `fallbackEvery` be longer than the delays of these people, or their delays shorter.',
      },
    ];
  });
}

function hasContact({ contacts }: User): boolean {
  return contacts.length > 0;
}
