// The open DualPing streams. Every master is told over its line what is durable, as soon as it is (R1).

import type { OpenOut } from '@everline/chassis';
import { DualPingResponse } from '@everline/contracts';
import { ordersFor, type RouterState } from '@everline/protocol/configuration';
import { refusal } from '../errors.js';
import { toWire } from './wire.js';

/** A master that reads nothing gets no more than this; what it missed comes with the answer to its next ping. */
const mostPending = 64;

export interface Line {
  readonly masterId: string;
  readonly out: OpenOut<DualPingResponse>;
  /** What it was told last. */
  told: RouterState['durable'] | undefined;
}

export class Lines {
  private readonly byMaster = new Map<string, Line>();

  get size(): number {
    return this.byMaster.size;
  }

  open(masterId: string, out: OpenOut<DualPingResponse>): Line {
    this.byMaster.get(masterId)?.out.fail(refusal('NOT_REGISTERED', 'this master has opened a newer stream'));
    const line: Line = { masterId, out, told: undefined };
    this.byMaster.set(masterId, line);
    return line;
  }

  close(line: Line): void {
    if (this.byMaster.get(line.masterId) === line) this.byMaster.delete(line.masterId);
  }

  /**
   * The answer to a ping: made after the ping arrived, from what is durable now (M9's check with the router).
   * False: the master does not take its answers, so no more pings should be read from it.
   */
  answer(line: Line, told: RouterState, ping: bigint): boolean {
    return line.out.write(encodeFor(line, told, ping));
  }

  /** Pushes what has changed. */
  tell(told: RouterState): void {
    for (const line of this.byMaster.values()) {
      if (line.out.pending < mostPending) line.out.write(encodeFor(line, told, 0n));
    }
  }

  /** Ends all lines: this router may not decide. */
  failAll(error: unknown): void {
    for (const line of this.byMaster.values()) line.out.fail(error);
  }
}

function encodeFor(line: Line, told: RouterState, ping: bigint): Uint8Array {
  const { configuration, endedEpochs, reapedEpochs, resignToMasterId } = ordersFor(told, line.masterId);
  const isNews = line.told?.configuration !== configuration;
  line.told = told.durable;
  return DualPingResponse.encode({
    configuration: isNews && configuration !== undefined ? toWire(configuration) : undefined,
    ping,
    endedEpochs: endedEpochs.map(BigInt),
    reapedEpochs: reapedEpochs.map(BigInt),
    resignToMasterId,
    epoch: BigInt(configuration?.epoch ?? 0),
  }).finish();
}
