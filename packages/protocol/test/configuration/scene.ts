// A router and some masters, played by hand: the smallest world in which the decisions can be told as a story.
import {
  available,
  begin,
  type Configuration,
  type Decision,
  type Durable,
  decide,
  nothingDurable,
  ordersFor,
  type RouterEvent,
  type RouterState,
  type Rules,
} from '../../src/configuration/index.js';

export interface Player {
  readonly id: string;
  incarnation: string;
  streamId: number;
  copy: Configuration | undefined;
  lastSeq: number;
  lastEpoch: number;
  committedSeq: number;
  /** When it last heard the available master. */
  heardMs: number;
}

/** Kept apart from the module under test, so that a changed copy of it can take its place. */
export interface Router {
  readonly begin: typeof begin;
  readonly decide: typeof decide;
  readonly available: typeof available;
  readonly ordersFor: typeof ordersFor;
  readonly nothingDurable: Durable;
}

export const theRouter: Router = { begin, decide, available, ordersFor, nothingDurable };

export class Scene {
  state: RouterState;
  nowMs = 0;
  readonly players = new Map<string, Player>();
  private streams = 0;
  rules: Rules;
  readonly router: Router;

  constructor(rules: Partial<Rules> = {}, router: Router = theRouter) {
    this.rules = { suspicionMs: 500, minInSync: 1, recover: false, ...rules };
    this.router = router;
    this.state = router.begin(this.rules, router.nothingDurable, this.at());
  }

  at(): { nowMs: number; wallMs: number } {
    return { nowMs: this.nowMs, wallMs: this.nowMs };
  }

  get configuration(): Configuration | undefined {
    return this.state.durable.configuration;
  }

  player(id: string): Player {
    const known = this.players.get(id);
    if (known !== undefined) return known;
    const player: Player = {
      id,
      incarnation: `${id}1`,
      streamId: 0,
      copy: undefined,
      lastSeq: 0,
      lastEpoch: 0,
      committedSeq: 0,
      heardMs: this.nowMs,
    };
    this.players.set(id, player);
    return player;
  }

  send(event: RouterEvent): Decision {
    const decision = this.router.decide(this.rules, this.state, event, this.at());
    this.state = decision.state;
    return decision;
  }

  register(id: string, change: Partial<Extract<RouterEvent, { kind: 'add-master' }>> = {}): Decision {
    const { incarnation, copy, lastSeq, lastEpoch, committedSeq } = this.player(id);
    const decision = this.send({
      kind: 'add-master',
      masterId: id,
      address: `${id.toLowerCase()}:1`,
      clusterId: copy?.clusterId ?? '',
      incarnation,
      version: copy?.version ?? 0,
      epoch: copy?.epoch ?? 0,
      lastSeq,
      lastEpoch,
      committedSeq,
      configuration: copy,
      software: '1',
      newClusterId: 'cluster',
      ...change,
    });
    if (decision.refused === undefined) this.player(id).copy = this.configuration;
    return decision;
  }

  open(id: string): Decision {
    this.streams += 1;
    this.player(id).streamId = this.streams;
    const { incarnation } = this.player(id);
    return this.send({ kind: 'stream-opened', masterId: id, incarnation, streamId: this.streams });
  }

  ping(id: string, change: Partial<Extract<RouterEvent, { kind: 'pinged' }>> = {}): Decision {
    const { incarnation, streamId, lastSeq, committedSeq, heardMs, copy } = this.player(id);
    const decision = this.send({
      kind: 'pinged',
      masterId: id,
      incarnation,
      streamId,
      epoch: copy?.epoch ?? 0,
      lastSeq,
      committedSeq,
      heardAvailableMsAgo: this.nowMs - heardMs,
      availableUnreachable: false,
      resignedEpoch: 0,
      stateHash: '',
      stateHashSeq: 0,
      ...change,
    });
    if (decision.refused === undefined) this.player(id).copy = this.configuration;
    return decision;
  }

  break(id: string, streamId?: string): Decision {
    const broken = streamId === undefined ? this.player(id).streamId : Number(streamId);
    return this.send({ kind: 'stream-broken', masterId: id, streamId: broken });
  }

  reap(id: string, incarnation = this.player(id).incarnation): Decision {
    return this.send({ kind: 'death-reported', masterId: id, incarnation, how: 'SIGKILL' });
  }

  alter(
    id: string,
    inSyncIds: readonly string[],
    change: { epoch?: number; version?: number } = {},
  ): Decision {
    const { epoch, version } = this.configuration ?? { epoch: 0, version: 0 };
    return this.send({ kind: 'in-sync-altered', masterId: id, epoch, version, inSyncIds, ...change });
  }

  tick(): Decision {
    return this.send({ kind: 'ticked' });
  }

  restartRouter(rules: Partial<Rules> = {}, durable: Durable = this.state.durable): void {
    this.rules = { ...this.rules, ...rules };
    this.state = this.router.begin(this.rules, durable, this.at());
  }
}
