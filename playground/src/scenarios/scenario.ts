import type { ComponentType, ReactNode } from 'react'

/** One page of the playground: one thing to try. A new one is a file in this folder and a line in `scenarios.tsx`. */
export interface Scenario {
  readonly path: string
  /** In the navigation. */
  readonly label: string
  readonly icon: ReactNode
  readonly Page: ComponentType
}

export interface ScenarioGroup {
  readonly title: string
  readonly scenarios: readonly Scenario[]
}
