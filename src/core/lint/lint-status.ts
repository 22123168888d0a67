/**
 * Linting of status pages: components that never change, pages that show nothing, services that no page tells of.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { Finding } from './finding.ts';

const DAY_MS = 86_400_000;

/** What of the status pages of `config` its author may not have meant. */
export function lintStatus(config: Config): readonly Finding[] {
  return [...unfed(config), ...empty(config), ...forgetful(config), ...unshown(config)];
}

function unfed({ status }: Config): readonly Finding[] {
  return status.components.flatMap(({ id, services }, place): Finding[] =>
    services.length > 0
      ? []
      : [
          {
            code: 'COMPONENT_UNFED',
            path: `status.components[${place}]`,
            message: `no service feeds the component ${id}: it changes only when somebody sets it by hand`,
            hint: 'Name the `services` whose incidents show on it.',
          },
        ],
  );
}

function empty({ status }: Config): readonly Finding[] {
  return status.pages.flatMap(({ id, components = status.components }, place): Finding[] =>
    components.length > 0
      ? []
      : [
          {
            code: 'STATUS_PAGE_EMPTY',
            path: `status.pages[${place}]`,
            message: `the page ${id} has no components`,
            hint: 'Name some in `status.components`, and on the page if it shows only some of them.',
          },
        ],
  );
}

/** What has been forgotten counts as up. */
function forgetful({ status }: Config): readonly Finding[] {
  const keptMs = durationMs(status.keepFor);
  return status.pages.flatMap(({ id, uptime }, place): Finding[] =>
    uptime.days * DAY_MS <= keptMs
      ? []
      : [
          {
            code: 'STATUS_HISTORY_SHORT',
            path: `status.pages[${place}].uptime.days`,
            message: `the page ${id} shows ${uptime.days} days, and incidents are forgotten after ${status.keepFor}: what is forgotten counts as up`,
            hint: 'Let `status.keepFor` be longer, or show fewer days.',
          },
        ],
  );
}

/** Only of the services that matter most, and only where there is a page. */
function unshown({ status, services }: Config): readonly Finding[] {
  if (status.pages.length === 0) return [];
  const shown = new Set(status.components.flatMap((component) => component.services));
  return services.flatMap(({ id, tier }, place): Finding[] =>
    tier !== 1 || shown.has(id)
      ? []
      : [
          {
            code: 'SERVICE_NOT_ON_PAGE',
            path: `services[${place}]`,
            message: `the service ${id} is of tier 1, and no component shows its incidents: status pages stay as they are when it fails`,
            hint: 'Add it to the `services` of a component.',
          },
        ],
  );
}
