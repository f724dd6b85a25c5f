/** Waits until the demo is gone, however it went, and ends what it left behind. Its own program: nothing in a killed process can do that. */
import { rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { systemClock as clock } from '@everline/chassis/clock';
import { processArguments } from '@everline/chassis/config';
import { stopPair } from '../cluster/pair.js';
import { planCluster, rolesOf } from '../cluster/plan.js';
import { lineFd, type Trust } from './hire-caretaker.js';

/** A keeper that had only just been started when the demo was killed holds nothing yet, and shows itself within this. */
const quietMs = 2_000;
const againMs = 200;
const patienceMs = 60_000;

const [text = ''] = processArguments();
const wish = JSON.parse(text) as Trust;

await new Promise<void>((resolve) => {
  new Socket({ fd: lineFd })
    .on('error', resolve)
    .on('close', () => resolve())
    .resume();
});
const roles = rolesOf(planCluster(wish));
const untilMs = clock.nowMs() + patienceMs;
for (let foundMs = clock.nowMs(); clock.nowMs() < Math.min(untilMs, foundMs + quietMs); ) {
  const ends = await Promise.all(roles.map((role) => stopPair(role, clock)));
  if (ends.some((end) => end !== 'none')) foundMs = clock.nowMs();
  await clock.sleep(againMs);
}
rmSync(wish.dataDir, { recursive: true, force: true });
