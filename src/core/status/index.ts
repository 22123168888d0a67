/**
 * Entry point `tocsin/status`: what a status page shows, as pure functions of a configuration and what is recorded.
 *
 * Re-exports only.
 */
export {
  type MaintenanceUpdate,
  maintenanceUpdateSchema,
  type PublicMaintenance,
  publicMaintenanceSchema,
  type StatusOverride,
  statusOverrideSchema,
} from './announced.ts';
export { type CompiledPage, type CompiledStatus, compileStatus } from './compile.ts';
export { isWorse, worstOf } from './impact.ts';
export { type ImpactSources, impactAt } from './impact-timeline.ts';
export { type PictureInput, statusPicture } from './picture.ts';
export { type StatusChange, statusRecordAfter, touchesStatus } from './record.ts';
export {
  type RecordPhase,
  type RecordSpan,
  type RecordUpdate,
  readStatusRecord,
  recordPhaseSchema,
  recordSpanSchema,
  recordUpdateSchema,
  type StatusRecord,
  statusRecordSchema,
} from './stored-record.ts';
