import type { ComponentType, ReactNode } from 'react'

/** One page of the playground: one thing to try. A new one is a file in this folder and a line in `pages.tsx`. */
export interface PageDefinition {
  readonly path: string
  /** In the navigation. */
  readonly label: string
  readonly icon: ReactNode
  readonly Page: ComponentType
}

export interface PageGroup {
  readonly title: string
  readonly pages: readonly PageDefinition[]
}
