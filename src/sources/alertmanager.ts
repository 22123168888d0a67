/**
 * Prometheus Alertmanager: the webhook of version 4, read into one event per alert.
 *
 * Pure. It never believes the status of the group (which fires while any alert does), and never resolves an alert
 * that the body does not name: `truncatedAlerts` says that some are missing.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
import { TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import { instantSchema } from '../model/instant.ts';
import type { Source } from '../ports/source.ts';
import { labelFingerprint } from './reading/label-fingerprint.ts';
import { describeJson, isJsonObject, type JsonObject, readJson } from './reading/read-json.ts';

/** How an Alertmanager's conventions differ from the usual ones. */
export type AlertmanagerOptions = {
  /** The label that holds the severity. Default: `severity`. */
  readonly severityLabel?: string;
};

const NAME = 'alertmanager';
const FORMAT = 'an Alertmanager webhook (version 4)';
const GO_ZERO_TIME = '0001-01-01T00:00:00';
const MAX_KEY = 1_024;
const MAX_SEVERITY = 200;
const MAX_HREF = 4_096;

/**
 * A source for the webhooks of Prometheus Alertmanager (`webhook_config`, version 4).
 *
 * Each alert triggers or resolves by its own status; its key is its fingerprint, computed from its labels when the
 * body of an old Alertmanager has none. An alert that cannot be read becomes an event that says so.
 * `parse` throws TocsinError PAYLOAD_INVALID when the body is not JSON, has another version, or holds no list of alerts.
 *
 * @example
 * ```ts
 * import { alertmanagerSource } from 'tocsin/sources/alertmanager';
 * const body = {
 *   version: '4',
 *   status: 'firing',
 *   alerts: [{ status: 'firing', fingerprint: 'f404ecabc8dd5cd7', labels: { alertname: 'DiskFull', severity: 'page' } }],
 * };
 * const [event] = alertmanagerSource().parse(JSON.stringify(body));
 * [event?.action, event?.dedupKey, event?.title, event?.severity]; // => ['trigger', 'f404ecabc8dd5cd7', 'DiskFull', 'page']
 * ```
 */
export function alertmanagerSource(options: AlertmanagerOptions = {}): Source {
  const { severityLabel = 'severity' } = options;
  return {
    name: NAME,
    parse(body) {
      const group = readGroup(readJson(body, FORMAT));
      return group.alerts.map(
        (alert, index) => readAlert(alert, severityLabel, group) ?? unreadable(alert, index, group),
      );
    },
  };
}

type Group = { readonly alerts: readonly unknown[]; readonly key?: string | undefined; readonly details: JsonDetails };
type JsonDetails = Record<string, string | number | Record<string, string>>;

function readGroup(json: unknown): Group {
  if (!isJsonObject(json)) throw invalid(`the body is ${describeJson(json)}, not an object`, 'body');
  if (json.version !== '4' && json.version !== 4) {
    throw invalid(`its \`version\` is ${describeJson(json.version)} (Grafana sends "1")`, 'version');
  }
  if (!Array.isArray(json.alerts))
    throw invalid(`its \`alerts\` is ${describeJson(json.alerts)}, not a list`, 'alerts');
  const details: JsonDetails = {};
  for (const name of ['groupKey', 'receiver', 'externalURL'] as const) {
    const value = text(json[name]);
    if (value !== undefined) details[name] = value;
  }
  if (typeof json.truncatedAlerts === 'number' && json.truncatedAlerts > 0) {
    details.truncatedAlerts = json.truncatedAlerts;
  }
  return { alerts: json.alerts, key: text(json.groupKey) ?? text(json.receiver), details };
}

function invalid(found: string, reason: string): TocsinError {
  return new TocsinError(
    'PAYLOAD_INVALID',
    `Cannot read the body as ${FORMAT}: ${found}. Send the default body of a webhook_config, without \`payload\`.`,
    { details: { format: FORMAT, reason } },
  );
}

/** The event of one alert, or `undefined` when nothing says which alert it is. */
function readAlert(alert: unknown, severityLabel: string, group: Group): AlertEvent | undefined {
  if (!isJsonObject(alert)) return undefined;
  const labels = strings(alert.labels);
  const dedupKey = keyOf(alert, labels);
  if (dedupKey === undefined) return undefined;
  const annotations = strings(alert.annotations);
  const body = text(annotations.description) ?? text(annotations.message);
  const severity = text(labels[severityLabel])?.slice(0, MAX_SEVERITY);
  const links = linksOf(alert, annotations);
  // `startsAt` is when the alert began, not when this was said: Prometheus restores it after a restart, when an alert that was
  // resolved for want of news fires again. Taken for the moment of the trigger it would look older than that end.
  const occurredAt = isResolved(alert) ? instant(alert.endsAt) : undefined;
  const startsAt = instant(alert.startsAt);
  return {
    action: isResolved(alert) ? 'resolve' : 'trigger',
    dedupKey,
    title: titleOf(labels, annotations),
    source: NAME,
    labels,
    details: { ...group.details, annotations, ...(startsAt === undefined ? {} : { startsAt }) },
    ...(body === undefined ? {} : { body }),
    ...(severity === undefined ? {} : { severity }),
    ...(links.length === 0 ? {} : { links }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
  };
}

/** One standing alert per group, so that each repeat of the body does not page anew. What has ended pages nobody. */
function unreadable(alert: unknown, index: number, group: Group): AlertEvent {
  return {
    action: isJsonObject(alert) && isResolved(alert) ? 'change' : 'trigger',
    dedupKey: `unreadable:${group.key ?? NAME}`.slice(0, MAX_KEY),
    title: 'Alertmanager sent an alert that cannot be read',
    body: `Alert ${index + 1} of ${group.alerts.length} is ${describeJson(alert)}: it has neither labels nor a fingerprint. Look at the Alertmanager itself.`,
    source: NAME,
    details: group.details,
  };
}

/** Only the word `resolved` resolves: whatever else an alert says, somebody should look. */
function isResolved(alert: JsonObject): boolean {
  return alert.status === 'resolved';
}

function keyOf(alert: JsonObject, labels: Readonly<Record<string, string>>): string | undefined {
  const fingerprint = text(alert.fingerprint);
  if (fingerprint !== undefined && fingerprint.length <= MAX_KEY) return fingerprint;
  return Object.keys(labels).length === 0 ? undefined : labelFingerprint(labels);
}

function titleOf(labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>): string {
  const { summary, title, description, message } = annotations;
  const lines = [summary, title, description, message, labels.alertname].map((value) => text(value)?.split(/\r?\n/)[0]);
  return lines.find((line) => line !== undefined) ?? 'An alert without a name';
}

function linksOf(alert: JsonObject, annotations: Readonly<Record<string, string>>): { href: string; text: string }[] {
  const { runbook_url, runbook, dashboard_url, dashboard } = annotations;
  const candidates = [
    { href: alert.generatorURL, text: 'Source' },
    { href: runbook_url ?? runbook, text: 'Runbook' },
    { href: dashboard_url ?? dashboard, text: 'Dashboard' },
  ];
  return candidates.flatMap(({ href, text: label }) => (isWebAddress(href) ? [{ href, text: label }] : []));
}

function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_HREF && /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** The time as written, unless it is Go's zero time ("not yet") or no instant at all. */
function instant(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.startsWith(GO_ZERO_TIME)) return undefined;
  return instantSchema.safeParse(value).success ? value : undefined;
}

/** The values of `value` that are text, numbers or truth values, as text. */
function strings(value: unknown): Record<string, string> {
  if (!isJsonObject(value)) return {};
  const scalars = Object.entries(value).filter(
    ([name, item]) => name !== '__proto__' && ['string', 'number', 'boolean'].includes(typeof item),
  );
  return Object.fromEntries(scalars.map(([name, item]) => [name.slice(0, MAX_KEY), String(item)]));
}

/** Trimmed text, or `undefined` when nothing is left of it. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}
