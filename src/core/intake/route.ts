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
import { compileField, type Fact, type FieldReader } from '../rules/field.ts';
import { quote } from '../rules/rule-invalid.ts';
import { compileRules, firstOf, type RuleMatch, type RuleTrace } from '../rules/rule-set.ts';
import type { CleanEvent } from './clean-event.ts';
import { eventFact } from './event-fact.ts';
import type { MergeStrategies } from './merge-fields.ts';
import { type ServiceFacts, serviceFacts } from './service-facts.ts';

/** How a route treats its events. Durations are in ms. */
export type RouteSettings = {
  readonly escalationPolicy: string;
  /** What the dedup key is computed from when an event brings none. */
  readonly dedupFields?: readonly FieldReader[] | undefined;
  /** What repeats do to the fields of an open alert. */
  readonly merge?: MergeStrategies | undefined;
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

type Target = {
  readonly service: Service;
  /** Names another service, where the route takes it from a field. */
  readonly serviceFrom: FieldReader | undefined;
  /** How a service is treated by this route: its own policy, unless the route has one. */
  readonly settings: (service: Service) => RouteSettings;
};
type Choice = Pick<RouteDecision, 'routeId' | 'decidedBy' | 'reason' | 'service'> & {
  readonly settings: RouteSettings;
  readonly traced: () => readonly RuleTrace[];
};

/**
 * Compiles the routes of `config` into one function, to be asked with a clean event and epoch ms `at`.
 *
 * The first route whose condition holds decides. An event that names a known service goes there, with the settings of the first route to
 * that service that holds, if any. What no route takes goes to the first service, with the route id `catch-all`.
 *
 * @throws TocsinError RULE_INVALID when a condition, `serviceFrom` or a field of `dedupFields` is malformed.
 * @throws TocsinError REFERENCE_UNKNOWN when a route names a service that is not configured.
 */
export function compileRoutes(
  config: Config,
  facts: ServiceFacts = serviceFacts(config.services),
): (event: CleanEvent, at: number) => RouteDecision {
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

  /** The service that a route takes from a field; that of the route when the field names none. */
  const namedBy = ({ service, serviceFrom }: Target, fact: Fact): Service => {
    const name = serviceFrom?.(fact);
    return (typeof name === 'string' ? services.get(name) : undefined) ?? service;
  };

  const chooseNamed = (service: Service, fact: Fact, at: number): Choice => {
    const match = firstOf(matchesTo(service, rules.matches(fact, at), (target) => namedBy(target, fact)));
    const last = match?.index ?? config.routes.length;
    return {
      service,
      settings: match?.outcome.settings(service) ?? settingsOf(config)(service),
      routeId: match?.rule ?? 'service',
      decidedBy: 'event',
      reason: `the event names service ${quote(service.id)}; ${match ? `route ${quote(match.rule)} to it holds` : 'no route to it holds'}`,
      traced: () =>
        rules.trace(fact, at).filter(({ index }) => index <= last && leadsTo(service, config.routes[index])),
    };
  };

  const chooseFirst = (unknown: string | undefined, fact: Fact, at: number): Choice => {
    const match = rules.decide(fact, at);
    const about = unknown === undefined ? '' : `the event names ${quote(unknown)}, which is no service; `;
    const traced = () => rules.evaluate(fact, at).trace;
    if (match) {
      const service = namedBy(match.outcome, fact);
      const reason = `${about}route ${quote(match.rule)} holds${fieldReason(config.routes[match.index], service)}`;
      const settings = match.outcome.settings(service);
      return { service, settings, routeId: match.rule, decidedBy: 'route', reason, traced };
    }
    const reason = `${about}no route holds; the first service takes it`;
    return { ...rest, routeId: 'catch-all', decidedBy: 'catch-all', reason, traced };
  };

  return (event, at) => {
    const named = event.service === undefined ? undefined : services.get(event.service);
    const fact = eventFact(event, named && facts.of(named));
    return decisionOf(named ? chooseNamed(named, fact, at) : chooseFirst(event.service, fact, at));
  };
}

function decisionOf({ service, settings, traced, ...choice }: Choice): RouteDecision {
  let known: readonly RuleTrace[] | undefined;
  return {
    ...choice,
    ...settings,
    service,
    get trace() {
      known ??= traced();
      return known;
    },
  };
}

function* matchesTo(
  service: Service,
  matches: Iterable<RuleMatch<Target>>,
  namedBy: (target: Target) => Service,
): Generator<RuleMatch<Target>, void> {
  for (const match of matches) if (namedBy(match.outcome) === service) yield match;
}

function leadsTo(service: Service, route: Route | undefined): boolean {
  return route?.service === service.id || route?.serviceFrom !== undefined;
}

function fieldReason(route: Route | undefined, { id }: Service): string {
  if (route?.serviceFrom === undefined) return '';
  return id === route.service
    ? `; ${route.serviceFrom} names no other service`
    : `; ${route.serviceFrom} names service ${quote(id)}`;
}

function targetOf(route: Route, path: string, services: ReadonlyMap<string, Service>, config: Config): Target {
  const service = services.get(route.service);
  if (!service) {
    const message = `Cannot route to ${quote(route.service)} at ${path}.service: no such service. Add it to services, or name another.`;
    throw new TocsinError('REFERENCE_UNKNOWN', message, { details: { path: `${path}.service`, id: route.service } });
  }
  return {
    service,
    serviceFrom: route.serviceFrom === undefined ? undefined : compileField(route.serviceFrom, `${path}.serviceFrom`),
    settings: settingsOf(config, route, path),
  };
}

function restOf(config: Config): Pick<Choice, 'service' | 'settings'> {
  const [service] = config.services;
  if (service) return { service, settings: settingsOf(config)(service) };
  throw new TocsinError('CONFIG_INVALID', 'Cannot route alerts: services is empty. Name at least one service.', {
    details: { problems: [{ path: 'services', message: 'name at least one service' }] },
  });
}

function settingsOf(config: Config, route?: Route, path = ''): (service: Service) => RouteSettings {
  const settings = {
    dedupFields: route?.dedupFields?.map((field, place) => compileField(field, `${path}.dedupFields[${place}]`)),
    merge: route?.merge,
    holdForMs: durationMs(route?.holdFor ?? '0s'),
    reopenWithinMs: optionalMs(route?.reopenWithin),
    resolveAfterClearMs: durationMs(route?.resolveAfterClear ?? config.incidents.resolveAfterClear),
    autoResolveAfterMs: optionalMs(route?.autoResolveAfter),
  };
  return ({ escalationPolicy }) => ({ ...settings, escalationPolicy: route?.escalationPolicy ?? escalationPolicy });
}

function optionalMs(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : durationMs(duration);
}
