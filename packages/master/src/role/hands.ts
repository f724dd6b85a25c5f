// Who carries out which effect of the replica.
import type { Log } from '@everline/chassis';
import type { Ask } from '@everline/protocol/replica';
import type { Hands } from '../replication/replica-host.js';
import type { Replication } from '../replication/replication.js';
import { alter } from './alter.js';
import type { Role } from './role.js';
import type { RouterLink } from './router-link.js';

export interface HandsOptions {
  readonly replication: Replication;
  readonly role: Role;
  readonly link: RouterLink;
  readonly log: Log;
  readonly masterId: string;
  readonly stop: AbortSignal;
  /** What cannot be has been. */
  readonly onViolated: (what: string) => void;
}

export function handsOf(options: HandsOptions): Hands {
  const { replication, role, link, log, onViolated } = options;
  const { hand, shipper, batcher, follow, host } = replication;
  return {
    keep: (effect) => hand.keep(effect),
    promise: (effect) => hand.promise(effect),
    truncate: (effect) => {
      log.warn({ from_seq: effect.fromSeq }, 'entries that were never committed are cut off');
      hand.truncate(effect);
    },
    store: (effect) => hand.store(effect),
    apply: (effect) => hand.apply(effect),
    acknowledge: (effect) => follow.acknowledge(effect),
    begin: (effect) => {
      hand.begin(effect);
      role.named(effect.epoch);
      shipper.shipAll();
    },
    serve: ({ epoch }) => hand.whenApplied(() => serve(options, epoch)),
    resume: () => batcher.kick(),
    resigned: ({ epoch }) => {
      role.resigned(epoch);
      link.ping();
    },
    'step-down': (effect) => {
      role.stepDown(effect);
      shipper.endAll('moved');
    },
    ship: ({ masterId }) => shipper.ship(masterId),
    'snapshot-needed': ({ masterId }) => shipper.streamOf(masterId)?.needSnapshot(host.firstSeq),
    dismiss: ({ masterId, reason }) => shipper.streamOf(masterId)?.end(reason),
    ask: (effect) => void ask(options, effect),
    'refuse-reign': ({ epoch }) =>
      log.error({ epoch }, 'named available without being in the set under this id: refused (R7)'),
    violated: ({ what }) => onViolated(what),
  };
}

/** M7, M8: unless it has ended while the last of it was applied. */
function serve({ replication, role }: HandsOptions, epoch: number): void {
  const { role: now } = replication.host.replica;
  if ((now.kind === 'available' || now.kind === 'resigning') && now.epoch === epoch) role.serve(epoch);
}

/** The new configuration first, then what it answers. */
async function ask({ replication, link, log, masterId, stop }: HandsOptions, effect: Ask): Promise<void> {
  const { host } = replication;
  const in_sync = effect.inSyncIds;
  log.debug({ in_sync, version: effect.version }, 'asks for a change of the in-sync set');
  const answered = await alter(link.client, masterId, effect, stop);
  if (answered.answer === 'done') {
    log.info({ in_sync, version: answered.configuration?.version }, 'the in-sync set has changed');
    host.dispatch({ kind: 'learned', configuration: answered.configuration, endedEpochs: [] });
  } else {
    log.debug(
      { in_sync, answer: answered.answer, why: answered.why },
      'the in-sync set could not be changed',
    );
  }
  host.dispatch({ kind: 'altered', number: effect.number, answer: answered.answer });
}
