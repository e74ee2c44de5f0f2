import type { Party, StoryStep } from './story.js'

/** One arrow, or one of two that meet in the lane of the browser. */
export interface Segment {
  /** The column on the left, from 0. */
  readonly start: number
  /** The number of columns to the right end; 0 for a step inside one party. */
  readonly span: number
  readonly direction: 'left' | 'right' | 'none'
}

/** Where a step is drawn. */
export interface StepPath {
  readonly segments: readonly Segment[]
  /** The column where the message stops on its way. */
  readonly stop: number | undefined
  /** The columns between that take no part. */
  readonly passed: readonly number[]
}

/** Finds the columns of a step. @param columns the parties, from left to right */
export function stepPath({ from, to, via }: Pick<StoryStep, 'from' | 'to' | 'via'>, columns: readonly Party[]): StepPath {
  const stops = [from, ...(via ? [via] : []), to].map((party) => columns.indexOf(party))
  const segments = stops.slice(1).map((end, index) => segment(stops[index] ?? 0, end))
  const stop = via && columns.indexOf(via)
  const [first, last] = [Math.min(...stops), Math.max(...stops)]
  const between = columns.map((_, index) => index).filter((index) => index > first && index < last)
  return { segments, stop, passed: between.filter((index) => index !== stop) }
}

function segment(from: number, to: number): Segment {
  const direction = from === to ? 'none' : to > from ? 'right' : 'left'
  return { start: Math.min(from, to), span: Math.abs(to - from), direction }
}
