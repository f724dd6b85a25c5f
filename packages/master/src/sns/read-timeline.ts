import type { UnaryHandler } from '@everline/chassis';
import type { ReadTimelineRequest, ReadTimelineResponse } from '@everline/contracts';
import { seqOfCursor } from '../timeline/cursor.js';
import { type Page, pageOf } from '../timeline/page.js';
import { pageFrame } from '../timeline/page-frame.js';
import { sourcesOf } from '../timeline/sources.js';
import { nameIn, sizeIn } from './fields.js';
import { reignOf, type Services, unknownUser } from './services.js';

const standardPage = 20;
const largestPage = 1_000;

export function readTimeline(services: Services): UnaryHandler<ReadTimelineRequest, ReadTimelineResponse> {
  const { view, timelines, realm } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const size = sizeIn('page_size', request.pageSize, standardPage, largestPage);
    const reign = await reignOf(services, context);
    const look = (): Page => {
      if (!view.hasUser(username)) throw unknownUser(username);
      const { before, includeOwn } = request;
      const beforeSeq =
        before === '' ? Number.MAX_SAFE_INTEGER : seqOfCursor(before, realm(), reign.committedSeq());
      return pageOf(view, sourcesOf(view, username, includeOwn), beforeSeq, size);
    };
    // Many that come at once would be one long turn of the loop.
    const page = await timelines.past.run(() => reign.read(look));
    return pageFrame(page, (seq) => timelines.cursorOf(seq));
  };
}
