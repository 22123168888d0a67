/**
 * What an issue tracker is told of an action item: what people wrote, and whose it is. Nothing internal beyond that.
 */
import { boundedLine, boundedText } from '../core/text/bounded.ts';
import type { StoredActionItem } from '../model/action-item.ts';
import type { TrackedItem } from '../ports/issue-tracker.ts';
import { defined } from './command-checks.ts';
import type { Engine } from './engine.ts';
import { personOf } from './people.ts';
import { configOf } from './tenant-config.ts';

const LONGEST_TITLE = 1_024;
const LONGEST_TEXT = 65_536;

/** `item` as a tracker sees it. */
export function trackedItem(engine: Engine, tenant: string, item: StoredActionItem): TrackedItem {
  const { id, incidentId, title, body, status, reason, priority, owner, dueAt, createdAt, service } = item;
  const baseUrl = engine.actionTokens?.baseUrl;
  const name = owner === undefined ? undefined : personOf(engine, tenant, owner)?.name;
  return {
    tenant,
    id,
    incidentId,
    title: boundedLine(title, LONGEST_TITLE),
    status,
    createdAt,
    service: { id: service, name: boundedLine(configOf(engine, tenant).services.get(service)?.name ?? service) },
    ...defined({
      text: body === undefined ? undefined : boundedText(body, LONGEST_TEXT),
      reason: reason === undefined ? undefined : boundedText(reason, LONGEST_TEXT),
      priority,
      owner: owner === undefined ? undefined : { id: owner, ...defined({ name }) },
      dueAt,
      link: baseUrl === undefined ? undefined : `${baseUrl}/incidents/${encodeURIComponent(incidentId)}`,
    }),
  };
}
