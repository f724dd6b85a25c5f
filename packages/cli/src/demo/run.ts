import { systemClock } from '@everline/chassis/clock';
import { type ClusterStatus, connect, type TimelineEvent } from '@everline/client';
import { holderOf } from '../cluster/holders.js';
import type { RolePlan } from '../cluster/plan.js';
import { untilServing } from '../cluster/readiness.js';
import type { Context } from '../context.js';
import { Ending, type ExitCode, exitCodes } from '../ending.js';
import { DemoStory } from '../print/demo.js';
import { among } from './among.js';
import { count } from './count.js';
import { isChatter, Person, readAnew } from './person.js';
import { after, before, type Speaker } from './script.js';
import { buildStage, type Stage } from './stage.js';
import { Tally } from './tally.js';

/** A person can follow the talk at this pace. */
const linePauseMs = 280;
const recoveryMs = 20_000;

/** What the demo found out. */
export interface DemoResult {
  readonly acknowledged: number;
  readonly failed: number;
  readonly lost: number;
  readonly doubled: number;
  /** The longest time without an acknowledgement from the kill on, and the usual time between two. */
  readonly pauseMs: number;
  readonly usualMs: number;
  readonly backMs: number;
}

export async function runDemo(context: Context): Promise<ExitCode> {
  const { interrupted } = context.terminal;
  const story = new DemoStory(context);
  const startedMs = systemClock.nowMs();
  story.begin();
  await using stage = await buildStage(context.environment, interrupted);
  story.ready(stage.plan, stage.status, systemClock.nowMs() - startedMs);
  try {
    const result = await play(stage, story, interrupted);
    story.result(result);
    return result.lost + result.doubled + result.failed === 0 ? exitCodes.done : exitCodes.refused;
  } catch (error) {
    if (interrupted.aborted) throw Ending.interrupted();
    throw error;
  }
}

async function play(stage: Stage, story: DemoStory, interrupted: AbortSignal): Promise<DemoResult> {
  const tally = new Tally();
  const router = stage.plan.router.address;
  const alice = new Person(router, 'alice', tally, systemClock);
  const bob = new Person(router, 'bob', tally, systemClock);
  return among([alice, bob], () => talk(stage, { alice, bob }, tally, story, interrupted));
}

async function talk(
  { plan, status }: Stage,
  { alice, bob }: Record<Speaker, Person>,
  tally: Tally,
  story: DemoStory,
  interrupted: AbortSignal,
): Promise<DemoResult> {
  const router = plan.router.address;
  const people = [alice, bob];
  await Promise.all(people.map((person) => person.enter()));
  await Promise.all([alice.follow('bob'), bob.follow('alice')]);
  const broken = new AbortController();
  const hear = (event: TimelineEvent, reader: Speaker): void => tell(story, event, reader);
  const listening = people.map((person) => person.read(hear, (error) => broken.abort(error)));
  await Promise.all(listening);
  const signal = AbortSignal.any([interrupted, broken.signal]);

  const enough = new AbortController();
  const chatter = people.map((person) => person.chatter(AbortSignal.any([enough.signal, signal])));
  const speak = async ({ by, text }: { by: Speaker; text: string }): Promise<void> => {
    void (by === 'alice' ? alice : bob).say(text);
    await systemClock.sleep(linePauseMs, signal);
  };
  for (const said of before) await speak(said);
  const victim = availableRole(plan.masters, status);
  const killedMs = await kill(victim, story);
  for (const said of after) await speak(said);
  await untilBack(router, plan, signal);
  const backMs = systemClock.nowMs() - killedMs;
  story.back(victim, backMs);
  enough.abort();
  await Promise.all(chatter);
  const anew = (name: Speaker): Promise<readonly string[]> => readAnew(router, name);
  const { lost, doubled } = await count(people, tally, anew, systemClock, signal);
  const { longestMs, usualMs } = tally.pause(killedMs);
  const failed = people.reduce((sum, { failures }) => sum + failures.length, 0);
  return { acknowledged: tally.posts, failed, lost, doubled, pauseMs: longestMs, usualMs, backMs };
}

async function kill(victim: RolePlan, story: DemoStory): Promise<number> {
  const holder = await holderOf(victim.dataDir, systemClock);
  if (holder === undefined) throw new Error(`${victim.name} is gone before it was killed`);
  process.kill(holder.pid, 'SIGKILL');
  const killedMs = systemClock.nowMs();
  story.killed(victim, holder.pid);
  return killedMs;
}

function availableRole(masters: readonly RolePlan[], status: ClusterStatus): RolePlan {
  const address = status.masters.find(({ role }) => role === 'available')?.address;
  const role = masters.find((candidate) => candidate.address === address);
  if (role === undefined) throw new Error('no master is available');
  return role;
}

async function untilBack(router: string, plan: Stage['plan'], signal: AbortSignal): Promise<void> {
  const late = new AbortController();
  const cancel = systemClock.after(recoveryMs, () =>
    late.abort(Ending.unreachable(`the killed master was not in sync again within ${recoveryMs / 1_000} s`)),
  );
  await using client = connect({ routers: [router] });
  const either = AbortSignal.any([signal, late.signal]);
  await untilServing({ client, plan, clock: systemClock, signal: either }).finally(cancel);
}

function tell(story: DemoStory, event: TimelineEvent, reader: Speaker): void {
  if (event.kind === 'entry' && !isChatter(event.post.text)) story.post(event.post);
  if (event.kind === 'resumed') story.resumed(reader, event);
}
