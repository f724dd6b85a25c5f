import type { Unit } from '../subject.js';

/** As people read it: three digits that count, thousands apart. */
export function numberOf(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function withUnit(value: number, unit: Unit): string {
  return `${numberOf(value)} ${unit}`;
}
