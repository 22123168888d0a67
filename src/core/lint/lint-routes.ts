/**
 * Linting of routes: those that take nothing, or only events that name their service themselves.
 *
 * An event that names a service is treated by the first route to that service that holds, whatever stands before it.
 */
import type { Config } from '../../model/config.ts';
import type { Finding } from './finding.ts';
import { namesOf } from './lint-rules.ts';
import { plain } from './plain-condition.ts';
import { shadowsOf } from './shadow.ts';

/** Routes of `config` that others always go before. */
export function lintRoutes({ routes }: Config): readonly Finding[] {
  const conditions = routes.map(({ when }) => plain(when));
  const goals = routes.map(({ service, serviceFrom }) => JSON.stringify([service, serviceFrom]));
  const forAll = shadowsOf(conditions, (one, other) => one < other && goals[one] === goals[other]);
  const forUnnamed = shadowsOf(conditions, (one, other) => one < other);
  return routes.flatMap(({ service, serviceFrom }, route): Finding[] => {
    const path = `routes[${route}]`;
    const always = forAll[route] ?? [];
    if (always.length > 0)
      return [
        {
          code: 'ROUTE_SHADOWED',
          path,
          message: `this route takes nothing: whatever it could take, ${namesOf('routes', routes, always)} to the same service takes before`,
          hint: 'Put it before them, make them ask for more, or take it out.',
        },
      ];
    const others = forUnnamed[route] ?? [];
    if (others.length === 0) return [];
    return [
      {
        code: 'ROUTE_FOR_NAMED_ONLY',
        path,
        message: `only events that name ${serviceFrom === undefined ? `the service ${service}` : 'their service'} themselves reach this route: all others are taken by ${namesOf('routes', routes, others)} before`,
        hint: 'Put it before them, unless that is what you mean.',
      },
    ];
  });
}
