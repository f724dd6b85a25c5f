/** W6: 0 go on, 1 end in good order, 2 end now. It only rises. */
export type StopLevel = 0 | 1 | 2;

export interface StopWish {
  level(): StopLevel;
  raise(to: StopLevel): void;
  onRaise(raised: (level: StopLevel) => void): void;
}

export function createStopWish(): StopWish {
  const listeners: ((level: StopLevel) => void)[] = [];
  let level: StopLevel = 0;
  return {
    level: () => level,
    raise: (to) => {
      if (to <= level) return;
      level = to;
      for (const raised of listeners) raised(to);
    },
    onRaise: (raised) => void listeners.push(raised),
  };
}
