// A master's life line. Its first ping opens the stream; every ping is answered at once, from what is durable.
// R7 Only the latest registration is heard: a stream is opened in its name, and each ping is checked against it.
import type { BidiCallbacks, BidiListener, CallContext, Intake, OpenOut } from '@everline/chassis';
import type { DualPingRequest, DualPingResponse } from '@everline/contracts';
import type { Refused } from '@everline/protocol/configuration';
import { refusalFrom } from '../errors.js';
import type { Line } from '../telling/lines.js';
import { pingedFrom } from '../telling/wire.js';
import { checkId, checkNumber, invalid, plainText } from './fields.js';
import type { Office } from './office.js';

type Phase =
  | { readonly kind: 'new' }
  /** Its opening is being decided; pings wait. */
  | { readonly kind: 'opening'; readonly pings: DualPingRequest[] }
  | { readonly kind: 'open'; readonly line: Line }
  | { readonly kind: 'over' };

/** Pings that arrive before the stream is open; more is not a master of ours. */
const mostEarlyPings = 64;

export function dualPing(office: Office): BidiCallbacks<DualPingRequest, DualPingResponse> {
  let streams = 0;
  return {
    open: (context, out, intake) => {
      streams += 1;
      return new LifeLine(office, streams, context, out, intake);
    },
  };
}

class LifeLine implements BidiListener<DualPingRequest> {
  private phase: Phase = { kind: 'new' };
  private masterId = '';
  private incarnation = '';
  private readonly office: Office;
  private readonly streamId: number;
  private readonly out: OpenOut<DualPingResponse>;
  private readonly intake: Intake;

  constructor(
    office: Office,
    streamId: number,
    context: CallContext,
    out: OpenOut<DualPingResponse>,
    intake: Intake,
  ) {
    this.office = office;
    this.streamId = streamId;
    this.out = out;
    this.intake = intake;
    const { signal } = context;
    signal.addEventListener('abort', () => out.fail(signal.reason), { once: true });
  }

  onMessage(request: DualPingRequest): void {
    check(request);
    switch (this.phase.kind) {
      case 'new':
        this.open(request);
        return;
      case 'opening':
        if (this.phase.pings.length >= mostEarlyPings) invalid('ping', 'answered before many more are sent');
        this.phase.pings.push(request);
        return;
      case 'open':
        this.ping(request, this.phase.line);
        return;
      case 'over':
        return;
    }
  }

  onReady(): void {
    this.intake.resume();
  }

  onEnd(): void {
    this.onClosed();
    this.out.end();
  }

  onClosed(): void {
    if (this.phase.kind === 'open') {
      this.office.lines.close(this.phase.line);
      this.office.decider.decide({ kind: 'stream-broken', masterId: this.masterId, streamId: this.streamId });
    }
    this.phase = { kind: 'over' };
  }

  private open(first: DualPingRequest): void {
    const { masterId, incarnation } = first;
    this.masterId = masterId;
    this.incarnation = incarnation;
    this.phase = { kind: 'opening', pings: [first] };
    const event = { kind: 'stream-opened', masterId, incarnation, streamId: this.streamId } as const;
    this.office.decider.decide(event, (refused) => this.opened(refused));
  }

  private opened(refused: Refused | undefined): void {
    const { phase } = this;
    if (refused !== undefined) {
      this.out.fail(refusalFrom(refused));
    } else if (phase.kind === 'opening') {
      const line = this.office.lines.open(this.masterId, this.out);
      this.phase = { kind: 'open', line };
      this.catchUp(phase.pings, line);
    } else {
      // It broke before it was open.
      this.office.decider.decide({ kind: 'stream-broken', masterId: this.masterId, streamId: this.streamId });
    }
  }

  private catchUp(pings: readonly DualPingRequest[], line: Line): void {
    try {
      for (const ping of pings) this.ping(ping, line);
    } catch (error) {
      this.out.fail(error);
    }
  }

  private ping(request: DualPingRequest, line: Line): void {
    if (request.masterId !== this.masterId || request.incarnation !== this.incarnation) {
      invalid('master_id', 'the same in every ping of a stream, and so must the incarnation');
    }
    const { decider, lines } = this.office;
    if (this.isHeard() && !lines.answer(line, decider.told, request.ping)) this.intake.pause();
    decider.decide(pingedFrom(request, this.streamId), (refused) => {
      if (refused !== undefined) this.out.fail(refusalFrom(refused));
    });
  }

  /** M9: an answer means that this master, as this process, stands in what is durable now. */
  private isHeard(): boolean {
    const { members, standing } = this.office.decider.told;
    const member = members.find(({ masterId }) => masterId === this.masterId);
    const { stream } = member ?? {};
    return standing.kind === 'deciding' && stream?.phase === 'open' && stream.id === this.streamId;
  }
}

function check(request: DualPingRequest): void {
  checkId('master_id', request.masterId);
  checkId('incarnation', request.incarnation);
  checkNumber('epoch', request.epoch);
  checkNumber('last_seq', request.lastSeq);
  checkNumber('committed_seq', request.committedSeq);
  checkNumber('resigned_epoch', request.resignedEpoch);
  checkNumber('state_hash_seq', request.stateHashSeq);
  if (plainText(request.stateHash) !== request.stateHash)
    invalid('state_hash', 'at most 100 printable characters');
}
