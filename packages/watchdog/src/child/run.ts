import type { Identity } from '@everline/chassis/control';
import type { Ending } from '../policy/ending.js';

/** A child that runs, whoever started it. */
export interface Run {
  readonly adopted: boolean;
  /** W1: the process that was spawned, or the one that holds the lock. */
  readonly identity: Identity;
  /** W6: leads the process group that is ours to signal. Undefined when somebody else started the child within a group of theirs. */
  readonly leader: Identity | undefined;
  /** Called once, synchronously, as soon as the end is certain (W3). */
  onEnded(ended: (ending: Ending) => void): void;
  /** Its control connection is there: its closing will be the sign. */
  linked(): void;
  /** Its control connection closed: it may be dead. */
  unlinked(): void;
}

export interface EndSignal {
  end(ending: Ending): void;
  readonly onEnded: Run['onEnded'];
}

/** Remembers an end that came before anybody asked. */
export function createEndSignal(): EndSignal {
  let known: Ending | undefined;
  const listeners: ((ending: Ending) => void)[] = [];
  return {
    end: (ending) => {
      if (known !== undefined) return;
      known = ending;
      for (const ended of listeners) ended(ending);
    },
    onEnded: (ended) => {
      if (known === undefined) listeners.push(ended);
      else ended(known);
    },
  };
}
