import { ExitWith, Refusal } from '@everline/chassis';
import { REASONS, type Reason } from '@everline/contracts';

/** What a client or another process of the cluster is told, with its code from the one table of reasons. */
export function refusal(
  reason: Reason,
  sentence: string = REASONS[reason].text,
  metadata: Readonly<Record<string, string>> = {},
): Refusal {
  return new Refusal(REASONS[reason].code, reason, sentence, { metadata });
}

/** Not here: `address` is where to go, empty when it is not known yet. */
export function notAvailableHere(address: string, epoch: number): Refusal {
  const where = address === '' ? 'not known yet' : `at ${address}`;
  const sentence = `this master is not the available one; that one is ${where}`;
  return refusal('NOT_AVAILABLE_MASTER', sentence, { address, epoch: String(epoch) });
}

/** A port is used again: whoever comes for the cluster that was here before is not served by this one. */
export function otherCluster(clusterId: string, wanted: string): Refusal {
  const sentence = `this master belongs to cluster ${clusterId}, and the client comes for ${wanted}`;
  return refusal('OTHER_CLUSTER', sentence, { cluster_id: clusterId });
}

/** Why a reign ended: `address` is empty while nobody knows who follows. */
export class Moved extends Error {
  override readonly name = 'Moved';
  readonly address: string;
  readonly epoch: number;

  constructor(address: string, epoch: number) {
    super(address === '' ? 'the role has moved' : `the role has moved to ${address}`);
    this.address = address;
    this.epoch = epoch;
  }
}

/** The process must end: its disk failed (M13), or what cannot be has been. A restart begins from what is on disk. */
export function broken(sentence: string, cause?: unknown): ExitWith {
  return new ExitWith(exitBroken, sentence, { cause });
}

/** A restart cannot help: a person has to decide. */
export function hopeless(sentence: string, cause?: unknown): ExitWith {
  return new ExitWith(exitHopeless, sentence, { cause });
}

const exitBroken = 70;
const exitHopeless = 78;
