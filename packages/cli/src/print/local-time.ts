/** Wall time for people, in the machine's own time zone. `Intl` takes milliseconds since 1970 as they are. */
type Part = Intl.DateTimeFormatPart['type'];

let parts: Intl.DateTimeFormat | undefined;

function partsOf(atMs: number): (type: Part) => string {
  parts ??= new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const found = new Map(parts.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return (type) => found.get(type) ?? '';
}

/** As C's ctime() writes it, without its newline: `Thu Feb  1 23:47:25 2018`. */
export function ctime(atMs: number): string {
  const part = partsOf(atMs);
  const day = part('day').padStart(2);
  return `${part('weekday')} ${part('month')} ${day} ${clockTime(part)} ${part('year')}`;
}

/** `23:47:25` when it is of the same day as `nowMs`, else `Feb  1 23:47:25`, in another year `Feb  1 2018`. */
export function shortTime(atMs: number, nowMs: number): string {
  const part = partsOf(atMs);
  const now = partsOf(nowMs);
  const date = `${part('month')} ${part('day').padStart(2)}`;
  if (part('year') !== now('year')) return `${date} ${part('year')}`;
  if (part('day') !== now('day') || part('month') !== now('month')) return `${date} ${clockTime(part)}`;
  return clockTime(part);
}

function clockTime(part: (type: Part) => string): string {
  return `${part('hour')}:${part('minute')}:${part('second')}`;
}
