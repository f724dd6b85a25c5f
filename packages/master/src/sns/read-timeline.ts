import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { UnaryHandler } from '@everline/chassis';
import type { ReadTimelineRequest, ReadTimelineResponse } from '@everline/contracts';
import { cursorsOf, seqOfCursor } from '../timeline/cursor.js';
import { coreOf } from '../timeline/frames.js';
import { type Page, pageOf } from '../timeline/page.js';
import { sourcesOf } from '../timeline/sources.js';
import { nameIn, sizeIn } from './fields.js';
import { reignOf, type Services, unknownUser } from './services.js';

const standardPage = 20;
const largestPage = 1_000;

export function readTimeline(services: Services): UnaryHandler<ReadTimelineRequest, ReadTimelineResponse> {
  const { view, realm } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const size = sizeIn('page_size', request.pageSize, standardPage, largestPage);
    const reign = await reignOf(services, context);
    const page = await reign.read(() => {
      if (!view.hasUser(username)) throw unknownUser(username);
      const { before, includeOwn } = request;
      const beforeSeq =
        before === '' ? Number.MAX_SAFE_INTEGER : seqOfCursor(before, realm(), reign.committedSeq());
      return pageOf(view, sourcesOf(view, username, includeOwn), beforeSeq, size);
    }, context.signal);
    return response(page, cursorsOf(realm(), reign.epoch));
  };
}

/** A ReadTimelineResponse around the posts' bytes as they are stored. */
function response({ entries, more }: Page, cursorOf: (seq: number) => string): Uint8Array {
  const writer = new BinaryWriter();
  for (const entry of entries) {
    const core = coreOf(entry, cursorOf(entry.seq));
    writer.uint32(10).fork().raw(core.bytes);
    if (entry.prevSeq > 0) writer.uint32(24).uint64(BigInt(entry.prevSeq));
    writer.join();
  }
  const oldest = entries.at(-1);
  if (more && oldest !== undefined) writer.uint32(18).string(cursorOf(oldest.seq));
  return writer.finish();
}
