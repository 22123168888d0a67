/**
 * Tocsin: incident management inside your own Node service.
 *
 * The shop window: re-exports only.
 */

export type { IngestOutcome } from './core/intake/decide.ts';
// Text, for channels
export { cleanText, oneLine } from './core/text/clean.ts';
export { cut } from './core/text/cut.ts';

// Learning
export { type Measurements, measure } from './core/review/measure.ts';
// The object
export { createTocsin, type TocsinOptions } from './create-tocsin.ts';
export type { DeliveryNews, ErrorNews, News, NewsType, TimelineNews } from './engine/bus.ts';
export type { Authorize } from './engine/engine.ts';
export type { ExplainedContact, ExplainedStep, Explanation } from './engine/explain.ts';
export type { IngestOptions, IngestResult } from './engine/ingest.ts';
export type { InputName, InputOf } from './engine/input.ts';
export type { Command, Incidents, OnCallApi, TimelineEntry, Tocsin } from './engine/tocsin.ts';
// Errors
export { ERRORS, type ErrorCode, type ErrorOptions, isTocsinError, TocsinError } from './errors.ts';
// The nouns
export type { Alert, AlertEvent, AlertStatus } from './model/alert.ts';
// Configuration
export { type Config, type ConfigInput, configJsonSchema, configSchema, defineConfig } from './model/config.ts';
export type { Delivery, DeliveryState } from './model/delivery.ts';
export { type Duration, durationMs, formatDuration } from './model/duration.ts';
export type { Actor } from './model/identity.ts';
export type { Incident, IncidentTimes } from './model/incident.ts';
export type { InstantInput } from './model/instant.ts';
export type { Message, MessageAction, MessagePurpose } from './model/message.ts';
export { type WeeklyScheduleOptions, weeklySchedule } from './model/schedule.ts';
export { severityConfigSchema } from './model/severity.ts';
export type { EventOf, TimelineEvent, TimelineEventType } from './model/timeline.ts';

// Ports
export type { Clock, Ids, Logger } from './ports/clock.ts';
export {
  defineNotifier,
  type Notifier,
  type NotifyError,
  type NotifyErrorOptions,
  notifyError,
  type SendOptions,
  type SendResult,
} from './ports/notifier.ts';
export type { Runner, RunnerWork } from './ports/runner.ts';
export type { Storage } from './ports/storage.ts';
// The adapters that need nothing
export { type LocalRunnerOptions, localRunner } from './runners/local.ts';
export { type MemoryStorageOptions, memoryStorage } from './storage/memory.ts';
