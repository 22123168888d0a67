/**
 * tocsin/testing: what tests of a host, of an adapter, and of Tocsin itself need.
 */
export { type Recorded, type RecordingNotifier, recordingNotifier } from './recording-notifier.ts';
export { type VirtualClock, virtualClock } from './virtual-clock.ts';
