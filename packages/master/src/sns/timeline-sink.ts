import type { OpenOut } from '@everline/chassis';
import type { TimelineResponse } from '@everline/contracts';
import { caughtUpFrame, movedFrame } from '../timeline/frames.js';
import type { Sink } from '../timeline/reader.js';

/** everline.sns.v1: frames of encoded entries. */
export function sinkOf(out: OpenOut<TimelineResponse>): Sink {
  return {
    entries: (links, cache) => out.write(cache.entries(links)),
    caughtUp: (cursor) => out.write(caughtUpFrame(cursor)),
    heartbeat: (frame) => out.write(frame),
    moved: ({ address, epoch }) => void out.write(movedFrame({ address, epoch: BigInt(epoch) })),
    ready: () => out.ready(),
    get pending() {
      return out.pending;
    },
    fail: (error) => out.fail(error),
  };
}
