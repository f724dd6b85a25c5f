import { systemClock } from '@everline/chassis';

const defaultMs = 20_000;
const everyMs = 2;

/** Resolves when the condition holds. @throws when it does not within `ms` */
export async function eventually(condition: () => boolean | Promise<boolean>, ms = defaultMs): Promise<void> {
  const endMs = systemClock.nowMs() + ms;
  while (!(await condition())) {
    if (systemClock.nowMs() > endMs) throw new Error(`it did not come about within ${ms} ms: ${condition}`);
    await systemClock.sleep(everyMs);
  }
}
