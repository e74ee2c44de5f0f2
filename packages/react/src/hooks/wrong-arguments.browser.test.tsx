import { OAuthClientError } from '@latchkey/core'
import { Component, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { flushSync } from 'react-dom'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CALLS, probeOf } from '../fixtures/wrong-arguments.fixture.js'
import * as latchkey from '../index.js'
import { TestOAuthProvider } from '../testing.js'

type Untyped = (...given: readonly unknown[]) => unknown

const HOOKS = Object.entries(latchkey as unknown as Readonly<Record<string, Untyped>>).filter(([name]) => /^use[A-Z]/.test(name))

interface BoundaryProps {
  readonly children: ReactNode
  readonly onFailure: (cause: unknown) => void
}

class Boundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false }
  static getDerivedStateFromError() {
    return { hasFailed: true }
  }
  override componentDidCatch(cause: unknown): void {
    this.props.onFailure(cause)
  }
  override render(): ReactNode {
    return this.state.hasFailed ? undefined : this.props.children
  }
}

/** Renders a hook with its effects. @returns what failed */
async function failuresOf(hook: Untyped, given: readonly unknown[]): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  const root = createRoot(document.createElement('div'), { onRecoverableError: () => undefined })
  flushSync(() =>
    root.render(
      <Boundary onFailure={(cause) => failures.push(cause)}>
        <TestOAuthProvider session="signed-in">{probeOf(hook, given, () => undefined)}</TestOAuthProvider>
      </Boundary>,
    ),
  )
  await new Promise((resolve) => setTimeout(resolve))
  flushSync(() => root.unmount())
  return failures
}

describe('wrong arguments, rendered with all effects, fail with a typed error or not at all:', () => {
  it.each(HOOKS)('%s()', async (_name, hook) => {
    const consoleError = vi.spyOn(console, 'error').mockReturnValue(undefined)
    const uncaught: unknown[] = []
    const onError = (event: ErrorEvent): void => {
      event.preventDefault()
      uncaught.push(event.error)
    }
    const onRejection = (event: PromiseRejectionEvent): void => {
      event.preventDefault()
      uncaught.push(event.reason)
    }
    addEventListener('error', onError)
    addEventListener('unhandledrejection', onRejection)
    onTestFinished(() => {
      removeEventListener('error', onError)
      removeEventListener('unhandledrejection', onRejection)
      consoleError.mockRestore()
    })
    for (const given of CALLS.filter((_, at) => at % 3 === 0)) {
      for (const failure of [...(await failuresOf(hook, given)), ...uncaught])
        if (!(failure instanceof OAuthClientError)) expect([failure, given]).toBe('an OAuthClientError')
    }
  })
})
