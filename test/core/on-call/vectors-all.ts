/** All public test vectors, those of each source together. */
import type { VectorCase } from './vectors-case.ts';
import { goalertRotationCases } from './vectors-goalert-rotations.ts';
import { goalertRuleCases } from './vectors-goalert-rules.ts';
import { goalertScheduleCases } from './vectors-goalert-schedules.ts';
import { opsgenieCases } from './vectors-opsgenie.ts';
import { pagerdutyCases } from './vectors-pagerduty.ts';
import { rruleCases } from './vectors-rrule.ts';

export const vectorCases: readonly VectorCase[] = [
  ...rruleCases,
  ...goalertRotationCases,
  ...goalertRuleCases,
  ...goalertScheduleCases,
  ...pagerdutyCases,
  ...opsgenieCases,
];
