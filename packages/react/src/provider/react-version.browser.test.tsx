import { version } from 'react'
import { version as rendererVersion } from 'react-dom'
import { expect, inject, it } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The React that the project's tests are to run on; undefined: the newest. */
    react?: string
  }
}

it('runs these tests on the React that the project names', () => {
  const wanted = inject('react')
  expect([version, rendererVersion]).toEqual(wanted ? [wanted, wanted] : [version, version])
  expect(version.startsWith(wanted ? '18.2.' : '19.')).toBe(true)
})
