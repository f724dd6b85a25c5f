/** What `everline timeline` was asked for. */
export interface TimelineWish {
  /** Undefined: 20 of the newest, or with `after` all that comes. */
  readonly limit: number | undefined;
  readonly after: string | undefined;
  readonly live: boolean;
  readonly includeOwn: boolean;
}
