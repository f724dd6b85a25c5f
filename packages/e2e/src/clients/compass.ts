import type { Available } from '../wire/messages.js';
import { Peer, type Stream } from '../wire/peer.js';

export interface Place {
  readonly address: string;
  readonly epoch: number;
}

const retryMs = 20;

/** Follows the router's WatchAvailable: where the available master is, and every reign that was told of. */
export class Compass {
  readonly reigns: Place[] = [];
  current: Place | undefined;
  private readonly router: string;
  private readonly patienceMs: number;
  private readonly way: (address: string) => string;
  private readonly waiting = new Set<() => void>();
  private watch: Stream<object, Available> | undefined;
  private peer: Peer;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /**
   * With patience, a master that is available no more has that long to say so itself. `way`: where to go for an address that was told.
   */
  constructor(router: string, patienceMs = 0, way: (address: string) => string = (address) => address) {
    this.router = router;
    this.patienceMs = patienceMs;
    this.way = way;
    this.peer = new Peer(router);
    this.open();
  }

  /** A master knew better than we did; epochs only grow (C3). */
  hint({ address, epoch }: Place): void {
    if (address === '' || epoch <= (this.current?.epoch ?? 0)) return;
    this.current = { address: this.way(address), epoch };
    for (const wake of this.waiting) wake();
  }

  /** Resolves when `current` is another than `place`; never rejects. */
  moved(place: Place | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!signal.aborted && (this.current === undefined || this.current.epoch === place?.epoch)) return;
        this.waiting.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      this.waiting.add(look);
      signal.addEventListener('abort', look, { once: true });
      look();
    });
  }

  /** Resolves when waiting for the master at `place` makes no sense any more. */
  async left(place: Place, signal: AbortSignal): Promise<void> {
    await this.moved(place, signal);
    if (signal.aborted || this.patienceMs === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.patienceMs);
      const leave = (): void => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.watch?.cancel();
    this.peer.close();
  }

  private open(): void {
    if (this.closed) return;
    const watch = this.peer.stream('everline.router.v1.RouterService/WatchAvailable', {});
    this.watch = watch;
    watch.onMessage(({ address, epoch }) => {
      if (address === '') return;
      this.reigns.push({ address: this.way(address), epoch });
      this.hint({ address, epoch });
    });
    void watch.over.then(() => {
      if (this.closed) return;
      // A channel to a router that was killed would wait out its backoff.
      this.peer.close();
      this.peer = new Peer(this.router);
      this.timer = setTimeout(() => this.open(), retryMs);
    });
  }
}
