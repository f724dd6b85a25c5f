// The line to the router: register, ping, and again, for as long as the process lives (M11).
import type { Configuration } from '../configuration/configuration.js';
import type { Registration } from '../configuration/index.js';
import type { Ask } from '../replica/index.js';
import { Backoff } from './backoff.js';
import type { Line } from './line.js';
import type { Master } from './master.js';
import type { PingMessage, Told } from './messages.js';
import type { Registered } from './router.js';

interface Check {
  readonly afterPing: number;
  readonly done: (epoch: number | undefined) => void;
}

const registerMs = 2000;
const alterMs = 2000;

export class RouterLink {
  readonly #master: Master;
  readonly #backoff: Backoff;
  #line: Line | undefined;
  #ping = 0;
  #answeredMs = 0;
  /** M9: who waits for an answer to a ping that was sent after they came. */
  #checks: Check[] = [];
  #beating: { cancel(): void } | undefined;

  constructor(master: Master) {
    this.#master = master;
    this.#backoff = new Backoff(master.world.draws);
  }

  begin(): void {
    this.#master.later(this.#backoff.nextMs(), () => this.#register());
  }

  get live(): boolean {
    return this.#line !== undefined;
  }

  /** Tells the router at once, if it is there. */
  ping(): void {
    this.#line?.send(0, this.#compose());
  }

  /** The cluster's epoch, as the router knows it after this call; undefined when it cannot be asked. */
  check(done: (epoch: number | undefined) => void): void {
    if (this.#line === undefined) {
      done(undefined);
      return;
    }
    const first = this.#checks.length === 0;
    this.#checks.push({ afterPing: this.#ping + 1, done });
    if (first) this.ping();
  }

  /** AlterInSync: the new configuration first, then what it answers. */
  ask({ number, epoch, version, inSyncIds }: Ask): void {
    const { host, store, world } = this.#master;
    const answer = (kind: 'done' | 'refused' | 'unknown'): void =>
      host.dispatch({ kind: 'altered', number, answer: kind });
    if (this.#line === undefined) {
      this.#master.soon(() => answer('unknown'));
      return;
    }
    const { masterId } = store;
    const event = { kind: 'in-sync-altered', masterId, epoch, version, inSyncIds } as const;
    world.network.call<Configuration | 'refused'>(
      this.#master,
      world.router,
      alterMs,
      (reply) =>
        world.router.decide(event, (refused) => {
          const { configuration } = world.router.told.durable;
          reply(refused === undefined && configuration !== undefined ? configuration : 'refused');
        }),
      (answered) => {
        if (answered === undefined) return answer('unknown');
        if (answered === 'refused') return answer('refused');
        host.dispatch({ kind: 'learned', configuration: answered, endedEpochs: [] });
        answer('done');
      },
    );
  }

  #register(): void {
    const { world } = this.#master;
    const event = this.#registration();
    world.network.call<Registered>(
      this.#master,
      world.router,
      registerMs,
      (reply) => world.router.register(event, reply),
      (answer) => {
        if (answer?.kind === 'registered') return this.#registered(answer.configuration);
        if (answer?.reason === 'DATA_LOST') world.oracle.found(`${event.masterId} is told DATA_LOST`);
        this.begin();
      },
    );
  }

  #registered(configuration: Configuration): void {
    this.#master.learn(configuration, { endedEpochs: [], reapedEpochs: [] }, () => {
      this.#backoff.reset();
      this.#backoff.nextMs();
      this.#ping = 0;
      this.#answeredMs = this.#master.nowMs;
      const line: Line = this.#master.world.network.open(
        this.#master,
        this.#master.world.router,
        this.#compose(),
        {
          onMessage: (message) => this.#take(message as Told),
          onClosed: () => this.#over(line),
        },
      );
      this.#line = line;
      this.#beating = this.#master.every(this.#master.world.plan.replicaTimes.beatMs, () => this.#beat(line));
    });
  }

  #over(line: Line): void {
    if (this.#line !== line) return;
    this.#line = undefined;
    this.#beating?.cancel();
    for (const { done } of this.#checks.splice(0)) done(undefined);
    this.begin();
  }

  #beat(line: Line): void {
    if (this.#line !== line) return;
    if (this.#master.nowMs - this.#answeredMs > this.#master.world.plan.suspicionMs) {
      line.close(0, 'broken');
      this.#over(line);
    } else this.ping();
  }

  #take(told: Told): void {
    this.#answeredMs = this.#master.nowMs;
    this.#master.hearRouter(told);
    const answered = this.#checks.filter(({ afterPing }) => afterPing <= told.ping);
    if (answered.length === 0) return;
    this.#checks = this.#checks.filter(({ afterPing }) => afterPing > told.ping);
    for (const { done } of answered) done(told.epoch);
    if (this.#checks.length > 0) this.ping();
  }

  #registration(): Registration {
    const { store, host, incarnation, name, world } = this.#master;
    const { configuration, promisedEpoch } = host.replica.standing;
    return {
      kind: 'add-master',
      masterId: store.masterId,
      address: name,
      clusterId: store.facts.clusterId,
      incarnation,
      version: configuration?.version ?? 0,
      lastSeq: store.journal.lastSeq,
      lastEpoch: store.journal.lastEpoch,
      committedSeq: store.state.appliedSeq,
      configuration,
      epoch: promisedEpoch,
      software: '',
      newClusterId: `cluster-${world.plan.seed}`,
    };
  }

  #compose(): PingMessage {
    const { store, host, follow, incarnation } = this.#master;
    const { role, standing } = host.replica;
    const { masterId, state } = store;
    return {
      kind: 'ping',
      ping: ++this.#ping,
      pinged: {
        kind: 'pinged',
        masterId,
        incarnation,
        epoch: standing.promisedEpoch,
        lastSeq: store.journal.lastSeq,
        committedSeq: state.appliedSeq,
        heardAvailableMsAgo: follow.heardMsAgo(),
        availableUnreachable: follow.unreachable,
        resignedEpoch: role.kind === 'resigned' ? role.epoch : 0,
        stateHash: String(state.hash),
        stateHashSeq: state.appliedSeq,
      },
    };
  }
}
