/**
 * Routes: which service an event belongs to, and with which settings it is treated there.
 *
 * Pure. There is always an answer: what no route takes goes to the first service of the configuration.
 */
import { TocsinError } from '../../errors.ts';
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { Route } from '../../model/intake.ts';
import type { Service } from '../../model/service.ts';
import { compileField, type Fact } from '../rules/field.ts';
import { quote } from '../rules/rule-invalid.ts';
import { compileRules, firstOf, type RuleMatch, type RuleTrace } from '../rules/rule-set.ts';
import type { CleanEvent } from './clean-event.ts';
import { eventFact } from './event-fact.ts';

/** How a route treats its events. Durations are in ms. */
export type RouteSettings = {
  readonly escalationPolicy: string;
  /** What the dedup key is computed from when an event brings none. */
  readonly dedupFields?: readonly string[] | undefined;
  /** How long to wait before paging; 0 when not at all. */
  readonly holdForMs: number;
  /** How soon a key that fires again reopens its incident; `undefined` when the route does not say. */
  readonly reopenWithinMs?: number | undefined;
  readonly resolveAfterClearMs: number;
  /** When silence of the source resolves; `undefined` when never. */
  readonly autoResolveAfterMs?: number | undefined;
};

/** Where an event goes, and why. */
export type RouteDecision = RouteSettings & {
  /** The id of the route, or its place such as `routes[3]`; `service` when the event named a service that no route took it for; `catch-all`. */
  readonly routeId: string;
  readonly service: Service;
  /** Who chose the service: a route, the event by naming it, or nobody. */
  readonly decidedBy: 'route' | 'event' | 'catch-all';
  /** One sentence for people. */
  readonly reason: string;
  /** The routes that were looked at, in their order; worked out when it is first read. */
  readonly trace: readonly RuleTrace[];
};

type Target = { readonly service: Service; readonly settings: RouteSettings };
type Choice = Pick<RouteDecision, 'routeId' | 'decidedBy' | 'reason'> & {
  readonly target: Target;
  readonly traced: () => readonly RuleTrace[];
};

/**
 * Compiles the routes of `config` into one function, to be asked with a clean event and epoch ms `at`.
 *
 * The first route whose condition holds decides. An event that names a known service goes there, with the settings of the first route to
 * that service that holds, if any. What no route takes goes to the first service, with the route id `catch-all`.
 *
 * @throws TocsinError RULE_INVALID when a condition or a field of `dedupFields` is malformed.
 * @throws TocsinError REFERENCE_UNKNOWN when a route names a service that is not configured.
 */
export function compileRoutes(config: Config): (event: CleanEvent, at: number) => RouteDecision {
  const services = new Map(config.services.map((service) => [service.id, service]));
  const rest = restOf(config);
  const rules = compileRules(
    config.routes.map((route, place) => ({
      id: route.id,
      when: route.when,
      outcome: targetOf(route, `routes[${place}]`, services, config),
    })),
    { path: 'routes' },
  );

  const chooseNamed = (service: Service, fact: Fact, at: number): Choice => {
    const match = firstOf(matchesTo(service, rules.matches(fact, at)));
    const last = match?.index ?? config.routes.length;
    return {
      target: match?.outcome ?? { service, settings: settingsOf(service, config) },
      routeId: match?.rule ?? 'service',
      decidedBy: 'event',
      reason: `the event names service ${quote(service.id)}; ${match ? `route ${quote(match.rule)} to it holds` : 'no route to it holds'}`,
      traced: () =>
        rules.trace(fact, at).filter(({ index }) => index <= last && config.routes[index]?.service === service.id),
    };
  };

  const chooseFirst = (unknown: string | undefined, fact: Fact, at: number): Choice => {
    const match = rules.decide(fact, at);
    const about = unknown === undefined ? '' : `the event names ${quote(unknown)}, which is no service; `;
    const traced = () => rules.evaluate(fact, at).trace;
    if (match) {
      const reason = `${about}route ${quote(match.rule)} holds`;
      return { target: match.outcome, routeId: match.rule, decidedBy: 'route', reason, traced };
    }
    const reason = `${about}no route holds; the first service takes it`;
    return { target: rest, routeId: 'catch-all', decidedBy: 'catch-all', reason, traced };
  };

  return (event, at) => {
    const fact = eventFact(event);
    const named = event.service === undefined ? undefined : services.get(event.service);
    return decisionOf(named ? chooseNamed(named, fact, at) : chooseFirst(event.service, fact, at));
  };
}

function decisionOf({ target, traced, ...choice }: Choice): RouteDecision {
  let known: readonly RuleTrace[] | undefined;
  return {
    ...choice,
    ...target.settings,
    service: target.service,
    get trace() {
      known ??= traced();
      return known;
    },
  };
}

function* matchesTo(service: Service, matches: Iterable<RuleMatch<Target>>): Generator<RuleMatch<Target>, void> {
  for (const match of matches) if (match.outcome.service === service) yield match;
}

function targetOf(route: Route, path: string, services: ReadonlyMap<string, Service>, config: Config): Target {
  const service = services.get(route.service);
  if (!service) {
    const message = `Cannot route to ${quote(route.service)} at ${path}.service: no such service. Add it to services, or name another.`;
    throw new TocsinError('REFERENCE_UNKNOWN', message, { details: { path: `${path}.service`, id: route.service } });
  }
  for (const [place, field] of (route.dedupFields ?? []).entries())
    compileField(field, `${path}.dedupFields[${place}]`);
  return { service, settings: settingsOf(service, config, route) };
}

function restOf(config: Config): Target {
  const [service] = config.services;
  if (service) return { service, settings: settingsOf(service, config) };
  throw new TocsinError('CONFIG_INVALID', 'Cannot route alerts: services is empty. Name at least one service.', {
    details: { problems: [{ path: 'services', message: 'name at least one service' }] },
  });
}

function settingsOf(service: Service, config: Config, route?: Route): RouteSettings {
  return {
    escalationPolicy: route?.escalationPolicy ?? service.escalationPolicy,
    dedupFields: route?.dedupFields,
    holdForMs: durationMs(route?.holdFor ?? '0s'),
    reopenWithinMs: optionalMs(route?.reopenWithin),
    resolveAfterClearMs: durationMs(route?.resolveAfterClear ?? config.incidents.resolveAfterClear),
    autoResolveAfterMs: optionalMs(route?.autoResolveAfter),
  };
}

function optionalMs(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : durationMs(duration);
}
