import { reconnectingText } from './texts.js';

/**
 * Says once for every reign that the client has moved to: while a command runs or in timeline mode at once, at the
 * prompt with the next command, where the original noticed it.
 */
export class Reconnections {
  private readonly write: (text: string) => void;
  private shownEpoch = 0;
  private waiting: { readonly address: string; readonly epoch: number } | undefined;
  private atPrompt = false;

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  /** The first master found is no reconnection. */
  begin(epoch: number): void {
    this.shownEpoch = Math.max(this.shownEpoch, epoch);
  }

  moved(address: string, epoch: number): void {
    if (epoch <= this.shownEpoch) return;
    this.shownEpoch = epoch;
    this.waiting = { address, epoch };
    if (!this.atPrompt) this.say();
  }

  prompted(): void {
    this.atPrompt = true;
  }

  entered(): void {
    this.atPrompt = false;
    this.say();
  }

  private say(): void {
    if (this.waiting !== undefined) this.write(reconnectingText(this.waiting.address));
    this.waiting = undefined;
  }
}
