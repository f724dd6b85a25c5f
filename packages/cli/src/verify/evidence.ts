import type { ClusterEvent, ClusterStatus } from '@everline/client';
import type { History, ReignRecord, StateRecord } from '@everline/history';

type FromTheRouter = Pick<History, 'reigns' | 'eventEpochs' | 'states'>;

/** More than come between two checks; the oldest are given up. */
const mostStates = 1_000;
const moves: ReadonlySet<ClusterEvent['kind']> = new Set([
  'formed',
  'failover',
  'switchover',
  'forced',
  'recovered',
]);

/** What the router told between two checks: who reigned, which events there were, and the hashes of the masters' states. Pure. */
export class Evidence {
  epoch = 0;
  private reigns: ReignRecord[] = [];
  private states: StateRecord[] = [];
  private eventEpochs: readonly number[] = [];

  hear({ epoch, masters, events }: ClusterStatus): void {
    this.epoch = Math.max(this.epoch, epoch);
    const available = masters.find(({ role, alive }) => role === 'available' && alive);
    if (available !== undefined) this.reigns.push({ epoch, address: available.address });
    this.eventEpochs = events
      .filter(({ kind }) => moves.has(kind))
      .map((event) => event.epoch)
      .reverse();
    const told = masters.filter(({ alive, inSync, stateHash }) => alive && inSync && stateHash !== '');
    for (const { masterId, stateHash, stateHashSeq } of told)
      this.states.push({ masterId, seq: stateHashSeq, hash: stateHash });
    this.states = this.states.slice(-mostStates);
  }

  take(): FromTheRouter {
    const { reigns, states, eventEpochs } = this;
    // The last of each is kept, for the next part begins where this one ends.
    this.reigns = reigns.slice(-1);
    this.states = states.slice(-mostStates / 10);
    return { reigns, states, eventEpochs };
  }
}
