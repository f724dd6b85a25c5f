import {
  type ListRequest,
  type ListResponse,
  type Post,
  type PostRequest,
  type PostResponse,
  ReadTimelineResponse,
  SnsServiceService,
  type TimelineRequest,
  TimelineResponse,
} from '@everline/contracts';
import type {
  handleUnaryCall,
  ServerDuplexStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { textBytes } from '../load/text.js';
import { Push } from './push.js';

/** Answers are encoded once, or where it must be each time, by the same codecs as in Everline. */
const pass = (bytes: Buffer): Buffer => bytes;
const copies = 2;
const pageSize = 20;

const postedAt = { seconds: 1_700_000_000n, nanos: 0 };
const postOf = (postId: string, author: string, text: string): Post => ({
  postId,
  author,
  text,
  postedAt,
  seq: 1_000_000n,
});
const somePost = postOf('01234567-89ab-7def-8123-456789abcdef', 'author', 'x'.repeat(textBytes));
const entry = { post: somePost, cursor: 'x'.repeat(40), prevSeq: 999_999n };

export function bareService(): {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
} {
  const page = Buffer.from(
    ReadTimelineResponse.encode({ entries: Array(pageSize).fill(entry), nextBefore: entry.cursor }).finish(),
  );
  const frame = TimelineResponse.encode({ response: { $case: 'entries', value: { entries: [entry] } } });
  const push = new Push(Buffer.from(frame.finish()));
  const post: handleUnaryCall<PostRequest, PostResponse> = ({ request }, done) => {
    done(null, { post: postOf(request.postId, request.username, request.text), copies });
  };
  const list: handleUnaryCall<ListRequest, ListResponse> = ({ request }, done) => {
    push.begin(request.pageSize);
    done(null, { allUsers: [], followers: [], following: [], nextPageToken: '' });
  };
  const readTimeline: handleUnaryCall<unknown, Buffer> = (_call, done) => done(null, page);
  const timeline = (stream: ServerDuplexStream<TimelineRequest, Buffer>): void => answer(stream, push);
  const { timeline: live, post: once, list: start, readTimeline: read } = SnsServiceService;
  return {
    definition: {
      post: once,
      list: start,
      readTimeline: { ...read, responseSerialize: pass },
      timeline: { ...live, responseSerialize: pass },
    },
    handlers: { post, list, readTimeline, timeline },
  };
}

/** Echoes posts; a stream that asks for its own is a reader, to be pushed to. */
function answer(stream: ServerDuplexStream<TimelineRequest, Buffer>, push: Push): void {
  stream.on('error', () => {});
  stream.on('data', ({ request }: TimelineRequest) => {
    if (request?.$case === 'open' && request.value.includeOwn) push.add(stream);
    if (request?.$case !== 'post') return;
    const { postId, text } = request.value;
    const result = { $case: 'post', value: postOf(postId, 'author', text) } as const;
    const posted = { postId, result, copies };
    stream.write(
      Buffer.from(TimelineResponse.encode({ response: { $case: 'posted', value: posted } }).finish()),
    );
  });
  stream.on('end', () => stream.end());
}
