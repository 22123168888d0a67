/**
 * Linting of services: those that nobody owns, that nothing leads to, or that need each other in a circle.
 */
import type { Config } from '../../model/config.ts';
import { circlesOf } from './circles.ts';
import type { Finding } from './finding.ts';

/** What of the services of `config` its author may not have meant. */
export function lintServices(config: Config): readonly Finding[] {
  return [...ownerless(config), ...unrouted(config), ...circles(config)];
}

function ownerless({ services, teams }: Config): readonly Finding[] {
  if (teams.length === 0) return [];
  return services.flatMap(({ id, team }, place): Finding[] =>
    team !== undefined
      ? []
      : [
          {
            code: 'SERVICE_WITHOUT_TEAM',
            path: `services[${place}]`,
            message: `there are teams, and none of them owns the service ${id}`,
            hint: 'Give it its `team`.',
          },
        ],
  );
}

/** Where a field or an extraction names services, they are led to by name. */
function unrouted({ services, routes, enrichment, heartbeats }: Config): readonly Finding[] {
  const isNamed =
    routes.some(({ serviceFrom }) => serviceFrom !== undefined) || enrichment.some(({ set }) => set === 'service');
  if (routes.length === 0 || isNamed) return [];
  const reached = new Set([...routes, ...heartbeats].map(({ service }) => service));
  return services.flatMap(({ id }, place): Finding[] =>
    // What no route takes goes to the first.
    place === 0 || reached.has(id)
      ? []
      : [
          {
            code: 'SERVICE_UNROUTED',
            path: `services[${place}]`,
            message: `no route leads to the service ${id}: only events that name it themselves, and people, reach it`,
            hint: 'Add a route to it, unless its events name it.',
          },
        ],
  );
}

function circles({ services }: Config): readonly Finding[] {
  const places = new Map(services.map(({ id }, place) => [id, place]));
  const next = services.map(({ dependsOn }) => dependsOn.flatMap((id) => places.get(id) ?? []));
  return circlesOf(next).map((members): Finding => {
    const names = members.map((place) => services[place]?.id);
    const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
    return {
      code: 'DEPENDENCY_CIRCLE',
      path: `services[${members[0] ?? 0}].dependsOn`,
      message:
        members.length === 1
          ? `the service ${shown} is said to depend on itself`
          : `these services depend on each other in a circle, so that each counts as the cause of the others: ${shown}`,
      hint: 'Take out the dependency that is not meant.',
    };
  });
}
