// The heart, put together: the replica and its hands, the link to the router, and the role that comes of them.
import { type Cancel, type Clock, ExitWith, type Log, type Random } from '@everline/chassis';
import { isReign } from '@everline/protocol/replica';
import { broken, hopeless } from '../errors.js';
import type { JournalStore } from '../replication/journal-store.js';
import { Replication, type ReplicationOptions } from '../replication/replication.js';
import type { Applied } from '../state/applied.js';
import { DamagedStore } from '../store/errors.js';
import { Finish, type Finished } from './finish.js';
import { handsOf } from './hands.js';
import { Learning } from './learning.js';
import { Reign } from './reign.js';
import { Role } from './role.js';
import { RouterLink } from './router-link.js';
import { pingOf, registrationOf, type WordsOptions } from './words.js';

export interface OpenRoleOptions {
  readonly store: JournalStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** "host:port", for clients and masters; known when the server listens. */
  readonly address: () => string;
  readonly incarnation: string;
  readonly software: string;
  readonly routers: readonly string[];
  readonly times: ReplicationOptions['times'];
  /** Right after commands were applied (M1). */
  readonly publish: (applied: readonly Applied[]) => void;
}

/** After the role is elsewhere, its clients have it for so long before they are made to wait again: for the removal of this one from the set. */
const lingerMs = 100;
const leaveMs = 100;
/** An activation takes less, unless somebody is missing. */
const probeMs = 30;
/** On SIGTERM: for the last acknowledgements, the router's decision, and the first sign of the new one. */
const resignMs = 1000;

export class OpenedRole implements AsyncDisposable {
  readonly role: Role;
  readonly replication: Replication;
  readonly #options: OpenRoleOptions;
  readonly #stop = new AbortController();
  readonly #finish = new Finish();
  readonly #link: RouterLink;
  #cancelProbe: Cancel = () => undefined;

  constructor(options: OpenRoleOptions) {
    this.#options = options;
    const { store, clock, log } = options;
    this.replication = new Replication({
      ...options,
      onWitness: () => this.#link.ping(),
      onHopeless: (refused) => this.#finish.reject(hopeless(refused.message, refused)),
      mustReign: () => this.#mustReign(),
    });
    const { replication } = this;
    const { host, batcher, proposals } = replication;
    this.#link = this.#openLink();
    this.role = new Role({
      host,
      clock,
      log,
      openReign: (epoch) => this.#openReign(epoch),
      onEnded: (refused) => {
        batcher.clear();
        proposals.fail(refused); // M6
      },
    });
    const { role } = this;
    const onViolated = (what: string): void => this.#fail(broken(what));
    const { signal: stop } = this.#stop;
    const hands = handsOf({
      replication,
      role,
      link: this.#link,
      log,
      masterId: store.masterId,
      stop,
      onViolated,
    });
    host.begin(hands, (error) => this.#fail(fatal('a fault of this process', error)));
    this.#watch();
  }

  /** Rejects with ExitWith when this process must end. */
  get finished(): Promise<Finished> {
    return this.#finish.promise;
  }

  /** Goes to the router; until it has answered, what is known from before holds (M11). */
  begin(): void {
    const { host, follow } = this.replication;
    this.#link.begin();
    follow.aim(host.replica);
  }

  /** Gives the role back in good order; resolves when it is elsewhere, or nobody could take it. */
  async resign(): Promise<void> {
    const { host, follow } = this.replication;
    if (this.#link.client !== undefined) host.dispatch({ kind: 'resign' }); // without a router nobody could follow
    const { kind } = host.replica.role;
    if (kind === 'resigning' || kind === 'resigned') {
      await this.role.handedOver(resignMs);
      await this.#options.clock.sleep(lingerMs);
    }
    await follow.leave(leaveMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#cancelProbe();
    this.role.endAll();
    await this.#link[Symbol.asyncDispose]();
    this.replication[Symbol.dispose]();
  }

  #openLink(): RouterLink {
    const { store, log, clock, times } = this.#options;
    const { replication } = this;
    const learning = new Learning({
      store,
      host: replication.host,
      log,
      onHopeless: (error) => this.#finish.reject(error),
      onGivenUp: (history) => void this.#renew(history),
    });
    const words = (): WordsOptions => {
      const { address, ...rest } = this.#options;
      return { ...rest, replication, address: address(), nowMs: () => clock.nowMs() };
    };
    return new RouterLink({
      ...this.#options,
      pingMs: times.pingMs,
      silenceMs: times.suspicionMs,
      composeRegistration: () => registrationOf(words()),
      composePing: (ping) => pingOf(words(), ping),
      onRegistered: async ({ configuration }) => {
        if (configuration !== undefined) await learning.learn(configuration);
      },
      onAnswer: (answer) => learning.answer(answer),
    });
  }

  #openReign(epoch: number): Reign {
    const { store, clock } = this.#options;
    const { host, proposals, batcher } = this.replication;
    const check = (): Promise<number> => this.#link.check();
    return new Reign({ epoch, host, proposals, batcher, store, nowMs: () => clock.nowMs(), check });
  }

  #watch(): void {
    const { host, follow, channels } = this.replication;
    host.onChange(({ role, standing, settings }) => {
      const masters = standing.configuration?.masters ?? [];
      const others = masters.filter(({ masterId }) => masterId !== settings.masterId);
      channels.retain(others.map(({ address }) => address));
      this.#cancelProbe();
      // Still not serving: whoever is missing is looked for.
      if (role.kind === 'activating')
        this.#cancelProbe = this.#options.clock.after(probeMs, () => channels.probe());
    });
    host.onChange(follow.aim);
    this.#link.hopeless.catch((error: unknown) => this.#finish.reject(error));
    void this.#options.store.failed.then((error) => this.#fail(fatal('the store has failed', error))); // M13
  }

  /** A master that activates gives snapshots, too: it may wait for the very standby that asks (M5, R5). What is applied is committed. */
  #mustReign(): void {
    if (!isReign(this.replication.host.replica.role)) this.role.available();
  }

  /** No acknowledgement and no answer from here on. */
  #fail(error: Error): void {
    this.role.endAll();
    this.replication.hand[Symbol.dispose]();
    this.replication.host[Symbol.dispose]();
    this.#finish.reject(error);
  }

  async #renew(history: number): Promise<void> {
    const { store, log } = this.#options;
    this.#cancelProbe();
    this.role.endAll();
    this.replication[Symbol.dispose]();
    await this.#link[Symbol.asyncDispose]();
    const reason = `history ${history} has begun without this master`;
    try {
      const masterId = await store.discard(reason);
      log.warn({ new_master_id: masterId }, `${reason}: what it had is kept aside, and it begins anew`);
      this.#finish.resolve('renew');
    } catch (error) {
      this.#finish.reject(error);
    }
  }
}

/** How the process ends: of damage a restart finds the same (M13). */
function fatal(what: string, error: unknown): Error {
  if (error instanceof ExitWith) return error;
  const sentence = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  return error instanceof DamagedStore ? hopeless(sentence, error) : broken(sentence, error);
}
