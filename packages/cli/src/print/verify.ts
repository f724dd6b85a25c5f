import { systemClock as clock } from '@everline/chassis/clock';
import type { Finding } from '@everline/history';
import type { Context } from '../context.js';
import type { Cast } from '../verify/cast.js';
import type { Figures } from '../verify/figures.js';
import type { VerifyWish } from '../verify/wish.js';
import { count, duration } from './duration.js';
import { visible } from './visible.js';

const clearLine = '\r\u001B[K';
const onScreenMs = 100;
const lineMs = 1_000;
/** More of the same kind tell nothing more. */
const mostShown = 20;

/** The one line that keeps counting: `12,044 written · 12,044 read · 0 lost · 0 doubled · longest pause 23 ms · epoch 7`. */
export function figuresLine({ written, read, lost, doubled, wrong, ...more }: Figures): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const also = (value: number, what: string): readonly string[] =>
    value === 0 ? [] : [`${number(value)} ${what}`];
  return [
    `${number(written)} written`,
    `${number(read)} read`,
    `${number(lost)} lost`,
    `${number(doubled)} doubled`,
    ...also(wrong, 'wrong'),
    ...also(more.refused, 'refused'),
    `longest pause ${duration(more.longestMs)}`,
    `epoch ${more.epoch}`,
    ...also(more.killed, 'killed'),
  ].join(' · ');
}

/** What, whose, where and when, a line for each piece; times count from the beginning of the run. */
export function findingLines({ rule, what, evidence }: Finding, startedMs: number): readonly string[] {
  const pieces = evidence.filter((piece) => piece !== undefined);
  return [
    `${rule}: ${visible(what)}`,
    ...pieces.map((piece) => `    ${visible(pieceText(piece, startedMs))}`),
  ];
}

function pieceText(piece: unknown, startedMs: number): string {
  return JSON.stringify(piece, (key, value: unknown) => {
    if (typeof value !== 'number') return value;
    if (value === Number.POSITIVE_INFINITY) return 'never';
    return key.endsWith('Ms') && !key.startsWith('after') ? Math.round((value - startedMs) * 10) / 10 : value;
  });
}

/** On a terminal the line is rewritten in place; with --json an object a second; elsewhere only the last one. */
export class VerifyReport {
  readonly everyMs: number;
  private readonly context: Context;
  private readonly onScreen: boolean;
  private readonly startedMs = clock.nowMs();

  constructor(context: Context) {
    this.context = context;
    this.onScreen = context.terminal.out.isTerminal && !context.settings.json;
    this.everyMs = this.onScreen ? onScreenMs : lineMs;
  }

  begin({ people, witness }: Cast, { forMs, rate, kill }: VerifyWish, routers: readonly string[]): void {
    const { note, noteStyle, settings, data } = this.context;
    const names = `${people[0]} … ${people.at(-1)}, ${witness}`;
    note(
      `${count(people.length, 'client')} write and read at ${routers.join(', ')} for ${duration(forMs)}, ${rate} posts a second; their names are ${names}.`,
    );
    note(noteStyle.dim('Nobody removes users: they and their posts stay.'));
    if (kill !== undefined)
      note(
        `kill -9: ${kill.kind}, every ${duration(kill.everyMs)}, of the cluster in ${visible(kill.dataDir)}.`,
      );
    if (settings.json) data('', { event: 'begin', people, witness, routers, forMs, rate, kill });
  }

  progress(figures: Figures): void {
    const { settings, terminal, data } = this.context;
    if (settings.json) data('', { event: 'progress', ...jsonFigures(figures) });
    else if (this.onScreen) terminal.out.write(`${clearLine}${this.fitted(figuresLine(figures))}`);
  }

  killed(name: string, pid: number): void {
    if (this.context.settings.json) this.context.data('', { event: 'killed', name, pid });
  }

  end(figures: Figures, findings: readonly Finding[]): void {
    const { data, style } = this.context;
    const ok = findings.length === 0;
    const paint = ok ? style.green : style.red;
    const again = this.onScreen ? clearLine : '';
    for (const finding of findings.slice(0, mostShown)) {
      const lines = findingLines(finding, this.startedMs);
      data(`${again}${style.red('✗')} ${lines.join('\n')}\n`, {
        event: 'broken',
        ...finding,
        evidence: jsonOf(finding),
      });
    }
    const more = findings.length - mostShown;
    if (more > 0) data(`… and ${more} more\n`, { event: 'more', more });
    data(`${again}${paint(figuresLine(figures))}\n`, { event: 'result', ...jsonFigures(figures), ok });
  }

  /** It ends for another reason, with what was counted so far. */
  abandon(figures: Figures): void {
    const again = this.onScreen ? clearLine : '';
    this.context.data(`${again}${figuresLine(figures)}\n`, { event: 'abandoned', ...jsonFigures(figures) });
  }

  /** A line that wraps could not be rewritten. */
  private fitted(line: string): string {
    return line.slice(0, Math.max(20, this.context.terminal.out.columns() - 1));
  }
}

function jsonFigures({ longestMs, ...figures }: Figures): object {
  return { ...figures, longestPauseMs: Math.round(longestMs * 10) / 10 };
}

function jsonOf({ evidence }: Finding): readonly unknown[] {
  return evidence.filter((piece) => piece !== undefined);
}
