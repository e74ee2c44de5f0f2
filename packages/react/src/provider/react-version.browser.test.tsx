import { version } from 'react'
import { version as rendererVersion } from 'react-dom'
import { expect, inject, it } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The React version that the project's tests run on; undefined: the newest. */
    react?: string
  }
}

it('runs these tests on the React version of the Vitest project', () => {
  const expected = inject('react')
  expect([version, rendererVersion]).toEqual(expected ? [expected, expected] : [version, version])
  expect(version.startsWith(expected ? '18.2.' : '19.')).toBe(true)
})
