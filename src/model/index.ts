/**
 * tocsin/model: the vocabulary, as zod schemas and the types inferred from them.
 *
 * For hosts that validate, edit or generate configuration and events by themselves.
 */
export * from './action.ts';
export * from './action-item.ts';
export * from './alert.ts';
export * from './condition.ts';
export * from './config.ts';
export * from './dated.ts';
export * from './delivery.ts';
export * from './duration.ts';
export * from './escalation.ts';
export * from './health.ts';
export * from './identity.ts';
export * from './incident.ts';
export * from './instant.ts';
export * from './intake.ts';
export * from './maintenance.ts';
export * from './measurement.ts';
export * from './message.ts';
export * from './page.ts';
export * from './response.ts';
export * from './response-events.ts';
export * from './review.ts';
export * from './schedule.ts';
export * from './service.ts';
export * from './severity.ts';
export * from './status.ts';
export * from './subscriber.ts';
export * from './timeline.ts';
export * from './updates.ts';
export * from './user.ts';
