// Says in its own words what must hold after every step, from the outside: from what was sent, answered and decided.
import type { Configuration, Decision, RouterEvent, RouterState } from '../../src/configuration/index.js';
import type { Scene } from './scene.js';

interface Deed {
  readonly before: RouterState;
  readonly event: RouterEvent;
  readonly decision: Decision;
}

const same = (some: readonly string[], others: readonly string[]): boolean =>
  some.toSorted().join() === others.toSorted().join();

export class Oracle {
  private readonly reigns = new Map<number, string>();
  private readonly failedMs = new Map<string, number>();
  private readonly scene: Scene;

  constructor(scene: Scene) {
    this.scene = scene;
  }

  /** @returns the first rule found broken, undefined when all hold */
  judge(deed: Deed): string | undefined {
    const { before, decision } = deed;
    const was = before.durable.configuration;
    const is = decision.state.durable.configuration;
    if (was === is) return this.judgeAnswer(deed);
    if (is === undefined) return 'R1: the configuration was forgotten';
    return (
      this.judgeAnswer(deed) ??
      judgeEffects(deed) ??
      judgeConfiguration(was, is) ??
      judgeSet(was, is, deed) ??
      this.judgeReign(was, is, deed)
    );
  }

  /** R1, R2, R7, R9, R10: what must be refused. */
  private judgeAnswer({ before, event, decision }: Deed): string | undefined {
    if (decision.refused !== undefined) return undefined;
    const configuration = before.durable.configuration;
    switch (event.kind) {
      case 'in-sync-altered':
        if (event.version !== configuration?.version) return 'R1: an old version was taken';
        if (event.epoch !== configuration.epoch) return 'R2: an old epoch was taken';
        return event.masterId === configuration.availableId ? undefined : 'R2: a standby altered the set';
      case 'pinged': {
        const { incarnation, lastSeq, committedSeq } = this.scene.player(event.masterId);
        if (event.incarnation !== incarnation) return 'R7: an older incarnation was believed';
        return lastSeq < committedSeq ? 'R7: lost data was not noticed' : undefined;
      }
      case 'add-master':
        if (configuration === undefined && event.clusterId !== '')
          return 'R9: formed around a member of a cluster';
        return undefined;
      case 'forced':
        return event.acceptDataLoss ? undefined : 'R10: forced without the flag';
      default:
        return undefined;
    }
  }

  private judgeReign(was: Configuration | undefined, is: Configuration, deed: Deed): string | undefined {
    if (was?.epoch === is.epoch) return undefined;
    const { before, event, decision } = deed;
    const nowMs = this.scene.nowMs;
    const chosen = decision.state.members.find(({ masterId }) => masterId === is.availableId);
    const owner = `${is.availableId}/${chosen?.incarnation}`;
    if (this.reigns.has(is.epoch)) return `R1: epoch ${is.epoch} was used twice`;
    this.reigns.set(is.epoch, owner);
    if (was === undefined || event.kind === 'forced') return undefined;
    const set = event.kind === 'in-sync-altered' ? is.inSyncIds : was.inSyncIds;
    if (!set.includes(is.availableId)) return 'R3: the chosen one is not in sync';
    if (chosen?.stream.phase === 'broken' || chosen?.stream.phase === 'dead')
      return 'R3: the chosen one is gone';
    if (chosen !== undefined && nowMs - chosen.heardMs >= 500) return 'R3: the chosen one is silent';
    return this.judgeCause(was, is, before, decision) ?? this.judgePenalty(was, is, decision);
  }

  /** R6: the incumbent stays while it is there; R8: two witnesses, or certainty. */
  private judgeCause(
    was: Configuration,
    is: Configuration,
    before: RouterState,
    decision: Decision,
  ): string | undefined {
    const nowMs = this.scene.nowMs;
    const former = decision.state.members.find(({ masterId }) => masterId === was.availableId);
    const reign = before.durable.reigns.at(-1);
    const ended = decision.state.durable.reigns.find(({ epoch }) => epoch === was.epoch)?.ended;
    if (ended === 'resigned') return undefined;
    this.failedMs.set(was.availableId, nowMs);
    if (ended === 'reaped' || (former !== undefined && former.incarnation !== reign?.incarnation))
      return undefined;
    const heardMs = former?.heardMs ?? before.startedMs;
    const broken = former?.stream.phase === 'broken';
    if (!broken && nowMs - heardMs < 500) return 'R6: the incumbent was there';
    const others = decision.state.members.filter(
      ({ masterId, witness, stream }) =>
        masterId !== was.availableId &&
        witness?.epoch === was.epoch &&
        (stream.phase === 'open' || stream.phase === 'awaited'),
    );
    if (broken && others.some(({ witness }) => witness?.unreachable)) return undefined;
    if (nowMs - before.startedMs < 500) return 'R8: acted on silence just after the start';
    const vouched = others.some(
      ({ witness, heardMs: at }) =>
        nowMs - at < 500 && !witness?.unreachable && nowMs - (witness?.heardMs ?? 0) < 500,
    );
    const refused = others.some(({ witness }) => witness?.unreachable);
    if (vouched && !refused && nowMs - heardMs < 3_000) return 'R8: a standby still heard it';
    return is.availableId === was.availableId ? 'R6: the same process got a new epoch' : undefined;
  }

  private judgePenalty(was: Configuration, is: Configuration, { state }: Decision): string | undefined {
    const nowMs = this.scene.nowMs;
    const recent = (id: string): boolean =>
      nowMs - (this.failedMs.get(id) ?? Number.NEGATIVE_INFINITY) < 30_000;
    if (!recent(is.availableId) || this.scene.state.startedMs === nowMs) return undefined;
    const asked = state.durable.events[0]?.kind === 'switchover';
    const better = state.members.some(
      ({ masterId, stream, heardMs }) =>
        was.inSyncIds.includes(masterId) &&
        !recent(masterId) &&
        (stream.phase === 'open' || stream.phase === 'awaited') &&
        nowMs - heardMs < 500,
    );
    return better && !asked ? 'R6: one that has just failed was chosen' : undefined;
  }
}

function judgeEffects({ decision }: Deed): string | undefined {
  return decision.effects[0]?.kind === 'persist' ? undefined : 'R1: told before it was durable';
}

function judgeConfiguration(was: Configuration | undefined, is: Configuration): string | undefined {
  if (is.version <= (was?.version ?? 0) || is.epoch < (was?.epoch ?? 0))
    return 'R1: version or epoch did not grow';
  if (was !== undefined && was.clusterId !== is.clusterId) return 'R9: another cluster';
  if (was !== undefined && was.epoch === is.epoch && was.availableId !== is.availableId)
    return 'R2: same epoch';
  return is.inSyncIds.includes(is.availableId) ? undefined : 'R3: the available one is not in sync';
}

function judgeSet(
  was: Configuration | undefined,
  is: Configuration,
  { before, event }: Deed,
): string | undefined {
  if (was === undefined || event.kind === 'forced' || same(was.inSyncIds, is.inSyncIds)) return undefined;
  if (event.kind !== 'in-sync-altered') return 'R2, R4: the router changed the set';
  if (is.inSyncIds.length < Math.min(was.minInSync, was.inSyncIds.length)) return 'R5: below the floor';
  const strangers = is.inSyncIds.filter((id) => {
    const member = before.members.find(({ masterId }) => masterId === id);
    return !was.inSyncIds.includes(id) && member?.stream.phase !== 'open';
  });
  return strangers.length > 0 ? 'R7: one entered that is not registered' : undefined;
}
