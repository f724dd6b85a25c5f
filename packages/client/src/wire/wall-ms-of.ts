/** A protobuf timestamp as milliseconds since 1970. */
export function wallMsOf({ seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): number {
  return Number(seconds) * 1_000 + Math.floor(nanos / 1_000_000);
}
