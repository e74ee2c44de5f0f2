import type { ComponentType, ReactNode } from 'react'

/** One page of the playground. To add a page, add a file in this folder and a line in `pages.tsx`. */
export interface PageDefinition {
  readonly path: string
  /** Shown in the navigation. */
  readonly label: string
  readonly icon: ReactNode
  readonly Page: ComponentType
}

/** A group of pages in the navigation. */
export interface PageGroup {
  readonly title: string
  readonly pages: readonly PageDefinition[]
}
