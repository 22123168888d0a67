/**
 * tocsin/testing: what tests of a host, of an adapter, and of Tocsin itself need.
 */
export { type Recorded, type RecordingNotifier, recordingNotifier } from './recording-notifier.ts';
export { sampleMessage } from './sample-message.ts';
export { sampleNumbers } from './sample-numbers.ts';
export { type Scenario, type ScenarioOptions, scenario } from './scenario.ts';
export type { HostTransaction, RegisterTest, StorageFixture, StorageHook } from './storage/fixture.ts';
export { type ChatAnswer, type ChatRoomFixture, type ShownRoom, testChatRoom } from './test-chat-room.ts';
export {
  type IssueTrackerFixture,
  type ShownIssue,
  type TrackerAnswer,
  testIssueTracker,
} from './test-issue-tracker.ts';
export {
  type ChannelAnswer,
  type NotifierFixture,
  type NotifierTestOptions,
  testNotifier,
} from './test-notifier.ts';
export { type RunnerFixture, testRunner } from './test-runner.ts';
export { type StorageTestOptions, testStorage } from './test-storage.ts';
export { type VirtualClock, virtualClock } from './virtual-clock.ts';
